/** The built page in a browser, over a server that says what a test wants it to say. */
import type { LiveState } from '@trame/protocol/live-state';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openChromium } from './chromium.ts';
import { SESSION } from './control-moments.ts';
import { DESK } from './page-faults.ts';
import { ROOT } from './process.ts';
import {
  scriptedDashboard,
  type Asked,
  type Scripted,
  type ScriptedDashboard,
} from './scripted-dashboard.ts';

export type ScriptedAnswer = (asked: Asked) => Scripted | undefined;

export interface ScriptedPage extends AsyncDisposable {
  readonly server: ScriptedDashboard;
  readonly browser: Browser;
  readonly page: Page;
  /** What the page threw, in order. */
  readonly errors: string[];
  /** Waits until the first thing of this test id is there. */
  readonly open: (path: string, testId: string) => Promise<void>;
}

/** @param options.device what differs from a French desk. */
export async function openScriptedPage({
  state,
  answer,
  device = {},
}: {
  readonly state: LiveState;
  readonly answer: ScriptedAnswer;
  readonly device?: BrowserContextOptions;
}): Promise<ScriptedPage> {
  await using resources = new AsyncDisposableStack();
  const folder = join(ROOT, 'dashboard/web/dist');
  const server = resources.use(await scriptedDashboard({ folder, session: SESSION, state, answer }));
  const { browser } = resources.use(await openChromium());
  const context = await browser.newContext({ viewport: DESK, locale: 'fr-FR', ...device });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const owned = resources.move();
  return {
    server,
    browser,
    page,
    errors,
    open: async (path, testId) => {
      await page.goto(`${server.url}${path}`);
      await page.getByTestId(testId).first().waitFor();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
