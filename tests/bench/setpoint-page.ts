/** The page of a line in Chromium: writes set-points as a person does, and notes in which frame it showed what came of it. */
import type { OpenChromium } from '../helpers/chromium.ts';
import { demoAccount } from '../helpers/dashboard-client.ts';
import type { Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';
import { machineMs } from './quantiles.ts';

/** By the machine's clock, ms. */
export interface Shown {
  readonly clickedMs: number;
  /** The request was answered. */
  readonly answeredMs: number;
  /** What came of it was painted, in these words of the page (`done`…). */
  readonly outcome: string;
  readonly outcomeMs: number;
  /** The device's new value was painted beside the field; null: not with what came of it otherwise. */
  readonly valueMs: number | null;
}

export interface SetpointPage {
  /** Types a value, clicks on «Écrire» and waits for both. */
  readonly write: (setpoint: string, value: number, withinMs: number) => Promise<Shown>;
}

/** Notes each change at the start of the frame after the one that shows it: by then it was painted. */
const WATCH = `(() => {
  const wall = () => performance.timeOrigin + performance.now();
  const noted = (window.noted = { clicked: null, answered: null, outcome: null, value: null });
  let wanted = null;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name.endsWith('/commands')) noted.answered = performance.timeOrigin + entry.responseEnd;
  }).observe({ type: 'resource' });
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const { testid, value, outcome } = target.dataset;
      if (testid === 'order-outcome' && !['sending', 'checking'].includes(outcome))
        requestAnimationFrame(() => (noted.outcome ??= { outcome, at: wall() }));
      if (testid === wanted?.testid && Math.abs(Number(value) - wanted.value) < 1e-6)
        requestAnimationFrame(() => (noted.value ??= wall()));
    }
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-value', 'data-outcome'] });
  window.writeSetpoint = async (id, value, typed) => {
    const input = document.querySelector('[data-testid="typed-' + id + '"]');
    input.value = typed;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const button = document.querySelector('[data-testid="write-' + id + '"]');
    if (button.disabled) return false;
    Object.assign(noted, { clicked: wall(), answered: null, outcome: null, value: null });
    wanted = { testid: 'setpoint-' + id, value };
    button.click();
    return true;
  };
})()`;

interface Noted {
  readonly clicked: number;
  readonly answered: number | null;
  readonly outcome: { readonly outcome: string; readonly at: number } | null;
  readonly value: number | null;
}

export async function openSetpointPage(
  { browser }: OpenChromium,
  { url, dataDir }: Pick<Site, 'url' | 'dataDir'>,
  line: string,
): Promise<SetpointPage> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'fr-FR' });
  await page.goto(`${url}/lignes/${line}`);
  const { login, secret } = demoAccount(dataDir, 'supervisor');
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-secret').fill(secret);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('control-settings').locator('summary').click();
  await page.locator('[data-testid^="setpoint-"]').first().waitFor();
  await page.evaluate(WATCH);
  // The page knows only the wall clock.
  const offsetMs = machineMs() - Date.now();
  return {
    write: async (setpoint, value, withinMs) => {
      const typed = value.toFixed(3).replace('.', ',');
      const words = JSON.stringify([setpoint, value, typed]);
      await until('a button', () => page.evaluate<boolean>(`writeSetpoint(...${words})`), withinMs);
      const { clicked, answered, outcome, valueAt } = await until(
        `${setpoint} ${value} on the page`,
        async () => {
          const noted = await page.evaluate<Noted>('window.noted');
          const { clicked, answered, outcome, value: valueAt } = noted;
          if (answered === null || outcome === null) return null;
          if (outcome.outcome === 'done' && valueAt === null) return null;
          return { clicked, answered, outcome, valueAt };
        },
        withinMs,
      );
      return {
        clickedMs: clicked + offsetMs,
        answeredMs: answered + offsetMs,
        outcome: outcome.outcome,
        outcomeMs: outcome.at + offsetMs,
        valueMs: valueAt === null ? null : valueAt + offsetMs,
      };
    },
  };
}
