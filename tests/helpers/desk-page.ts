/** A desk of the site: a browser of its own, signed in, whose pages are looked at for faults that a person would meet. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { artefactPath, type OpenChromium } from './chromium.ts';
import { demoAccount } from './dashboard-client.ts';
import { accessibilityFaults, DESK, overflowPx } from './page-faults.ts';
import type { Site } from './site.ts';

export interface DeskPage {
  readonly page: Page;
  readonly open: (path: string, testId: string) => Promise<void>;
  /** @returns what is wrong with what is shown; leaves a picture of it for people. */
  readonly look: (name: string) => Promise<readonly string[]>;
  /** What the browser complained of. */
  readonly errors: readonly string[];
}

export interface DeskOptions {
  readonly role: 'supervisor' | 'administrator';
  readonly path: string;
  readonly device?: BrowserContextOptions;
}

export async function deskPage(
  { browser }: OpenChromium,
  { url, dataDir }: Pick<Site, 'url' | 'dataDir'>,
  { role, path, device = { viewport: DESK } }: DeskOptions,
): Promise<DeskPage> {
  const context = await browser.newContext({ ...device, locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security'))
      errors.push(message.text());
  });
  await page.goto(`${url}${path}`);
  const { login, secret } = demoAccount(dataDir, role);
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-secret').fill(secret);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('sign-in-submit').waitFor({ state: 'detached' });
  return {
    page,
    errors,
    open: async (to, testId) => {
      await page.goto(`${url}${to}`);
      await page.getByTestId(testId).waitFor();
    },
    look: async (name) => {
      const faults = await accessibilityFaults(page);
      const overflow = await overflowPx(page);
      if (overflow > 0) faults.push(`${overflow} px too wide`);
      await page.screenshot({ path: artefactPath(`poste-${name}.png`), fullPage: true });
      return faults;
    },
  };
}
