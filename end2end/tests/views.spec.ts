import { type Page } from '@playwright/test';

import { expectAccessible } from '../support/axe.ts';
import { expectByKeyboard, opened, press } from '../support/dialogs.ts';
import { type Visitor, expect, open, test } from '../support/fixtures.ts';
import { WIDTHS, expectLaidOut, heightAt } from '../support/layout.ts';
import { shownBySource } from '../support/views/source.ts';
import { VIEWS, type View, isDialog, isPublic, readsWithoutScripts } from '../support/views/table.ts';

// Every page and every dialog (`support/views/table.ts`), looked at: by axe in light and dark, at four widths, dialogs by keyboard
// alone, pages also without scripts. LATCHKEY_PICTURES=1 takes pictures of them all, for the eyes of people.

// None of the sites of other tests.
test.use({ baseURL: async ({}, use) => use(undefined) });

// Each view is a test of its own, so that both workers share them.
test.describe.configure({ mode: 'parallel' });

const SCHEMES = ['light', 'dark'] as const;

const DESKTOP = { width: 1280, height: 900 };

/** Goes to the page of a view. */
async function go({ page, watch }: Visitor, view: View, path: string): Promise<void> {
  const load = () => (isPublic(view) ? page.goto(path) : open(page, path));
  const arrive = async () => {
    await load();
    await view.act?.(page);
  };
  if (view.status) await watch.during(view.status, arrive);
  else await arrive();
}

/** Takes pictures for review, at every width, light and dark. */
async function shoot(page: Page, { name }: View): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: heightAt(width) });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = `output/screenshots/${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' });
    }
  }
}

for (const view of VIEWS) {
  test(view.name, async ({ stage }) => {
    const visitor = await stage.visitor(view);
    const { page, watch } = visitor;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(DESKTOP);
    await go(visitor, view, await stage.address(view));
    if (view.opens) {
      const [id, controls] = [view.shows.slice(1), view.opens(page)];
      await expectByKeyboard(page, id, controls);
      await go(visitor, view, await stage.address(view));
      await press(page, controls);
      const fill = async () => view.fill?.(await opened(page, id));
      if (view.refused) await watch.during(view.refused, fill);
      else await fill();
    } else if (!isPublic(view)) {
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('.skeleton').filter({ visible: true })).toHaveCount(0);
    }
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `${view.name}, ${colorScheme}`);
    }
    await expectLaidOut(page, view.name);
    if (process.env.LATCHKEY_PICTURES) await shoot(page, view);
    watch.check();
  });
}

for (const having of ['no scripts', 'no assets'] as const) {
  test(`every page can be read with ${having}`, async ({ stage }) => {
    test.setTimeout(360_000);
    // Public pages need nothing but their style.
    const views = VIEWS.filter((view) => readsWithoutScripts(view) && (having === 'no scripts' || !isPublic(view)));
    for (const view of views) {
      await test.step(view.name, async () => {
        const { page, watch } = await stage.visitor(view, having);
        const address = await stage.address(view);
        const load = async () => {
          await page.goto(address, { waitUntil: 'domcontentloaded' });
          await view.act?.(page);
        };
        if (view.status) await watch.during(view.status, load);
        else await load();
        await expect.soft(page.getByRole('heading', { level: 1 }), view.name).toBeVisible();
        // Nothing is still to come.
        await expect.soft(page.locator('[aria-busy=true], .skeleton').filter({ visible: true }), view.name).toHaveCount(0);
        // The help on the sign-up page (help.spec.ts) is the only script of a public page.
        const scripts = page.locator('script[src]:not(#help), link[rel=modulepreload]');
        if (isPublic(view)) await expect.soft(scripts, view.name).toHaveCount(0);
        if (isPublic(view)) await expect.soft(page.locator('#help'), view.name).toHaveCount(view.shows === 'form::sign_up' && !view.unhelped ? 1 : 0);
        watch.check();
      });
    }
  });
}

test('the table has every page and every dialog', () => {
  const shown = new Set<string>(VIEWS.map(({ shows }) => shows));
  const source = shownBySource();
  expect(source.filter((one) => !shown.has(one)), 'add a row to support/views/table.ts for each').toEqual([]);
  expect([...shown].filter((one) => !source.includes(one)), 'rows for what is no longer there').toEqual([]);
  expect(new Set(VIEWS.map(({ name }) => name)).size, 'names are unique').toBe(VIEWS.length);
  // The check would be empty if it no longer found anything.
  for (const one of ['/admin/invites/:id', 'login::login', '#new-invite', '#edit-member', '#confirm']) expect(source).toContain(one);
  for (const view of VIEWS) expect(isDialog(view), view.name).toBe(view.opens !== undefined);
});
