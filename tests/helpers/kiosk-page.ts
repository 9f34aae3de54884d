/** A kiosk of the hall: a browser of its own with a touch screen, whose touches are counted. */
import type { BrowserContext, Page } from 'playwright-core';
import type { OpenChromium } from './chromium.ts';
import { demoAccount } from './dashboard-client.ts';
import type { Site } from './site.ts';

export interface KioskPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Touches the one thing of this test id. */
  readonly touch: (testId: string) => Promise<void>;
  /** Touches the keys of the keypad on the screen. */
  readonly type: (digits: string) => Promise<void>;
  /** How often it was touched. */
  readonly touches: () => number;
  /** Another tab of the same browser: it has the same outbox. */
  readonly tab: (path: string) => Promise<KioskPage>;
}

export interface KioskOptions {
  readonly path: string;
  readonly role?: 'operator' | 'supervisor';
  readonly viewport?: { readonly width: number; readonly height: number };
}

const USUAL = { width: 1280, height: 800 };

export async function kioskPage(
  { browser }: OpenChromium,
  site: Pick<Site, 'url' | 'dataDir'>,
  { path, role = 'operator', viewport = USUAL }: KioskOptions,
): Promise<KioskPage> {
  const context = await browser.newContext({ viewport, hasTouch: true, locale: 'fr-FR' });
  const page = await context.newPage();
  await page.goto(`${site.url}${path}`);
  const { login, secret } = demoAccount(site.dataDir, role);
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-secret').fill(secret);
  await page.getByTestId('sign-in-submit').tap();
  await page.getByTestId('sign-in-submit').waitFor({ state: 'detached' });
  return kioskOf(context, page, site);
}

function kioskOf(context: BrowserContext, page: Page, site: Pick<Site, 'url'>): KioskPage {
  let touches = 0;
  const touch = async (testId: string) => {
    await page.getByTestId(testId).tap();
    touches += 1;
  };
  return {
    context,
    page,
    touch,
    type: async (digits) => {
      for (const digit of digits) await touch(`key-${digit}`);
    },
    touches: () => touches,
    tab: async (path) => {
      const other = await context.newPage();
      await other.goto(`${site.url}${path}`);
      return kioskOf(context, other, site);
    },
  };
}
