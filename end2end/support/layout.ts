import { type Page, expect } from '@playwright/test';

/** The widths at which every page has to look right: a phone, a tablet, a laptop and a large screen. */
export const WIDTHS = [360, 768, 1280, 1920] as const;

/** The height of the screen at a width. */
export function heightAt(width: number): number {
  return width < 600 ? 740 : 900;
}

/** Fails if something on the page is cut off, runs over, or lies on something else, at any width. */
export async function expectLaidOut(page: Page, where: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: heightAt(width) });
    const faults = await page.evaluate(findFaults);
    // Soft, so that one run reports every width.
    expect.soft(faults, `${where} at ${width} px`).toEqual([]);
  }
}

/** Runs in the page. Where a dialog is open, only what is in it is looked at: the rest is behind it. */
function findFaults(): string[] {
  const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  const faults: string[] = [];
  const name = (element: Element): string => {
    const classes = [...element.classList].map((one) => `.${one}`).join('');
    const text = element.textContent?.replace(/\s+/g, ' ').trim().slice(0, 40) ?? '';
    return `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}${classes} “${text}”`;
  };
  // What only screen readers read is clipped to nothing.
  const clipped = [...root.querySelectorAll('*')].filter((element) => getComputedStyle(element).clipPath === 'inset(50%)');
  const isSeen = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    const isShown = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    return width > 1 && height > 1 && isShown && !clipped.some((one) => one.contains(element));
  };
  const scrollsSideways = (element: Element): boolean => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const parents = function* (element: Element): Generator<Element> {
    for (let one = element.parentElement; one && root.contains(one); one = one.parentElement) yield one;
  };
  const hasOwnText = (element: Element): boolean =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());

  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth - page.clientWidth} px too wide`);

  const seen = [...root.querySelectorAll('*')].filter((element) => !element.closest('svg') && isSeen(element));
  for (const element of seen) {
    const { overflowX, overflowY, textOverflow, webkitLineClamp, display } = getComputedStyle(element);
    const field = element.matches('input, select, textarea');
    const over = element.scrollWidth - element.clientWidth;
    if (!field && element.clientWidth > 0 && over > 1 && display !== 'inline') {
      const hides = /hidden|clip/.test(overflowX) && webkitLineClamp === 'none';
      // What scrolls has to be reached by keyboard, and may be: code, and rows of filters.
      const reached = element.matches('[tabindex]') || element.querySelector('a, button, input, [tabindex]');
      if (hides && textOverflow !== 'ellipsis') faults.push(`cut off by ${over} px: ${name(element)}`);
      if (scrollsSideways(element) && !reached) faults.push(`scrolls sideways, but not by keyboard: ${name(element)}`);
      if (overflowX === 'visible' && hasOwnText(element)) faults.push(`runs over its box by ${over} px: ${name(element)}`);
    }
    const below = element.scrollHeight - element.clientHeight;
    if (!field && /hidden|clip/.test(overflowY) && webkitLineClamp === 'none' && element.clientHeight > 0 && below > 4) {
      faults.push(`cut off below by ${below} px: ${name(element)}`);
    }
    if (overflowY === 'visible' && below > 10 && element.matches('label, button, li, p, dd, summary, h1, h2, h3')) {
      faults.push(`runs over its box below by ${below} px: ${name(element)}`);
    }
    if (hasOwnText(element) && ![...parents(element)].some(scrollsSideways)) {
      const { left, right } = element.getBoundingClientRect();
      if (left < -0.5 || right > innerWidth + 0.5) faults.push(`beside the screen: ${name(element)}`);
    }
  }

  // Bars that stay where they are lie on what scrolls below them.
  const layer = (element: Element): Element | undefined =>
    [element, ...parents(element)].find((one) => /fixed|sticky/.test(getComputedStyle(one).position));
  // Of what scrolls, only a part can be seen.
  const visibleBoxes = (element: Element): { left: number; right: number; top: number; bottom: number }[] => {
    const frames = [...parents(element)].filter((one) => getComputedStyle(one).overflow !== 'visible');
    return [...element.getClientRects()].map((box) => {
      const all = [box, ...frames.map((frame) => frame.getBoundingClientRect())];
      return {
        left: Math.max(...all.map(({ left }) => left)),
        right: Math.min(...all.map(({ right }) => right)),
        top: Math.max(...all.map(({ top }) => top)),
        bottom: Math.min(...all.map(({ bottom }) => bottom)),
      };
    });
  };
  const controls = seen
    .filter((element) => element.matches('a[href], button, input, select, textarea, summary'))
    .map((element) => ({ element, layer: layer(element), boxes: visibleBoxes(element) }));
  for (const [place, one] of controls.entries()) {
    for (const other of controls.slice(place + 1)) {
      if (one.layer !== other.layer || one.element.contains(other.element)) continue;
      const overlap = one.boxes.some((a) =>
        other.boxes.some(
          (b) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2,
        ),
      );
      if (overlap) faults.push(`lies on another: ${name(one.element)} and ${name(other.element)}`);
    }
  }
  return faults;
}
