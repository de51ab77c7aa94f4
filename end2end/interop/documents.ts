import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../docs/connect');

/** The code block of a page of docs/connect/ that begins with `first`, with every text of `replace` replaced. */
export function documented(page: string, first: string, replace: Record<string, string>): string {
  const blocks = readFileSync(join(FOLDER, `${page}.md`), 'utf8').split(/^ *```.*\n/m).filter((_, n) => n % 2 === 1);
  const found = blocks.filter((block) => block.trimStart().startsWith(first));
  if (found.length !== 1) throw new Error(`${page}.md has ${found.length} blocks that begin with "${first}"`);
  let text = found[0]!;
  for (const [from, to] of Object.entries(replace)) {
    if (!text.includes(from)) throw new Error(`The block of ${page}.md that begins with "${first}" has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}
