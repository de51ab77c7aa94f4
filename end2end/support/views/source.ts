import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const APP = join(dirname(fileURLToPath(import.meta.url)), '../../../app/src');

/** Every page and dialog that the source of the application has, as [`View::shows`] names them. */
export function shownBySource(): string[] {
  const sources = readdirSync(APP, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs'))
    .map((name) => ({ name, text: readFileSync(join(APP, name), 'utf8') }));
  return [...new Set(sources.flatMap((source) => [...routes(source), ...publicPages(source), ...dialogs(source)]))].sort();
}

type Source = { name: string; text: string };

/** The routes of the dashboard. */
function routes({ name, text }: Source): string[] {
  if (name !== 'dashboard/mod.rs') return [];
  const all = [...text.matchAll(/path!\("(\/[^"]*)"\) view=(?:Part::)?(\w+)/g)].map(([, path, view]) => ({ path: path!, view }));
  // An earlier address of a page shows the same.
  return all.filter(({ view }, place) => view === 'MissingPage' || all.findIndex((one) => one.view === view) === place).map(({ path }) => path);
}

/** The functions that draw a public page, by their module. */
function publicPages({ name, text }: Source): string[] {
  if (!name.startsWith('public/')) return [];
  const module = basename(name) === 'mod.rs' ? basename(dirname(name)) : basename(name, '.rs');
  return [...text.matchAll(/^pub fn (\w+)\(look: &Look/gm)].map(([, page]) => `${module}::${page}`);
}

/** The ids of dialogs: of `Dialog` itself, and of the components that draw several with an id that they are given. */
function dialogs({ text }: Source): string[] {
  const constants = new Map([...text.matchAll(/const (\w+): &str = "([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
  const of = /<(?:Dialog|Of[A-Z]\w*)\s+id=(?:"([\w-]+)"|([A-Z_]+))/g;
  return [...text.matchAll(of)].map(([, id, constant]) => `#${id ?? constants.get(constant!)}`);
}
