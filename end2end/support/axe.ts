import axe from 'axe-core';
import { type Page, expect } from '@playwright/test';

/** Fails with every violation of WCAG 2.2 AA and of best practices that axe-core finds on the page. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Ends animations, because their intermediate colours have a different contrast. Those that go on for ever have no end. One may
  // begin with the next frame.
  await page.evaluate(async () => {
    const ends = (animation: Animation) => animation.playState === 'running' && animation.effect?.getComputedTiming().endTime !== Infinity;
    for (let still = 0; still < 2; ) {
      const running = document.getAnimations().filter(ends);
      for (const animation of running) animation.finish();
      still = running.length > 0 ? 0 : still + 1;
      await new Promise(requestAnimationFrame);
    }
  });
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary}`).join('\n')}`,
    );
  });
  // Soft, so that one run reports the violations of every page.
  expect.soft(violations, where).toEqual([]);
}
