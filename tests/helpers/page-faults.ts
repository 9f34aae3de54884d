/** What is wrong with a page that is shown, as a person would meet it; with pictures for people to look at. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page, ViewportSize } from 'playwright-core';

export const DESK: ViewportSize = { width: 1280, height: 800 };

/** @returns accessibility faults, each with where it is. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** @returns by how much it scrolls sideways, px. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

interface Picture {
  readonly path: string;
  readonly fullPage: boolean;
}

/** @returns accessibility faults and scrolling sideways on any size; the page is then a desk's again. */
export async function faultsOfSizes(
  page: Page,
  sizes: readonly ViewportSize[],
  picture: (size: ViewportSize) => Picture,
): Promise<string[]> {
  const faults = await accessibilityFaults(page);
  for (const size of sizes) {
    await page.setViewportSize(size);
    const overflow = await overflowPx(page);
    if (overflow > 0) faults.push(`${size.width}: ${overflow} px too wide`);
    await page.screenshot(picture(size));
  }
  await page.setViewportSize(DESK);
  return faults;
}
