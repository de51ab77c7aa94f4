import { type Locator, type Page, expect } from '@playwright/test';

/** Uses controls one after the other, by keyboard alone. */
export async function press(page: Page, controls: Locator[]): Promise<void> {
  for (const control of controls) {
    await control.focus();
    await expect(control).toBeFocused();
    const isBox = await control.evaluate((element) => element.matches('input[type=checkbox]'));
    await page.keyboard.press(isBox ? 'Space' : 'Enter');
  }
}

/** The dialog with this id, once it is open and what is in it has arrived. */
export async function opened(page: Page, id: string): Promise<Locator> {
  const dialog = page.locator(`dialog#${id}`);
  await expect(dialog).toBeVisible();
  await expect(dialog.locator('button, input').nth(1)).toBeAttached();
  // Its content is downloaded when it is opened.
  await expect(dialog.locator('[aria-busy=true], .skeleton')).toHaveCount(0);
  return dialog;
}

/**
 * Opens a dialog by keyboard and goes through it: the focus enters it and stays in it, reaches every button, Enter in a field
 * sends the form, and Escape closes it and returns the focus to what opened it.
 */
export async function expectByKeyboard(page: Page, id: string, controls: Locator[]): Promise<void> {
  await press(page, controls);
  const dialog = await opened(page, id);
  await expect.poll(() => focusIn(dialog), 'the focus is in the dialog').toBe(true);

  const { outside, missed } = await goThrough(page, dialog);
  expect.soft(outside, 'Tab stays in the dialog').toEqual([]);
  expect.soft(missed, 'Tab reaches every button').toEqual([]);

  const field = dialog.locator('form :is(input[type=text], input[type=email], input[type=url], input:not([type]))').first();
  if ((await field.count()) > 0) {
    // Counts that it is sent, and sends nothing.
    await page.evaluate(() => {
      const counted = window as unknown as { sent: number };
      counted.sent = 0;
      const count = (event: Event): void => {
        event.preventDefault();
        event.stopImmediatePropagation();
        counted.sent += 1;
      };
      addEventListener('submit', count, { capture: true, once: true });
    });
    await field.focus();
    await page.keyboard.press('Enter');
    expect.soft(await page.evaluate(() => (window as unknown as { sent: number }).sent), 'Enter sends the form').toBe(1);
  }

  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // An item of a menu is gone with its menu; the button of the menu is there.
  const openers = controls.slice(-2).reduce((one, other) => one.or(other));
  await expect.poll(() => isFocused(openers), 'the focus is back on what opened the dialog').toBe(true);
}

/** Presses Tab until it has been everywhere. Returns what had the focus outside, and the buttons that never had it. */
async function goThrough(page: Page, dialog: Locator): Promise<{ outside: string[]; missed: string[] }> {
  const steps = await dialog.evaluate((dialog) => {
    const focused: Element[] = [];
    Object.assign(window, { focused });
    addEventListener('focusin', (event) => focused.push(event.target as Element));
    if (document.activeElement) focused.push(document.activeElement);
    // A date is a stop for each of its parts.
    const stops = [...dialog.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];
    return stops.reduce((count, stop) => count + (stop.matches('[type^=date]') ? 9 : 1), 2);
  });
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('Tab');
  return dialog.evaluate((dialog) => {
    const { focused } = window as unknown as { focused: Element[] };
    const name = (element: Element): string => element.outerHTML.slice(0, 120);
    const isTheirs = (element: Element): boolean => dialog.contains(element) || element === document.body;
    const buttons = [...dialog.querySelectorAll('button')].filter((button) => button.checkVisibility());
    return {
      outside: focused.filter((element) => !isTheirs(element)).map(name),
      missed: buttons.filter((button) => !focused.includes(button)).map(name),
    };
  });
}

function focusIn(dialog: Locator): Promise<boolean> {
  return dialog.evaluate((dialog) => dialog.contains(document.activeElement) && dialog !== document.activeElement);
}

async function isFocused(any: Locator): Promise<boolean> {
  return any.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
}
