import { AxeBuilder } from '@axe-core/playwright';
import type { HistoryAnswer } from '@trame/protocol/dashboard-api';
import type { HealthOverview, LineHealth } from '@trame/protocol/health-api';
import { HEARTBEAT_STALE_MS } from '@trame/protocol/heartbeat-age';
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { demoAccount, type DashboardClient } from '../helpers/dashboard-client.ts';
import { startSite, type Program, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const LINE = 'tri-1';
/** The page asks every five seconds; a heartbeat is old after ten. */
const SEEN_WITHIN_MS = 30_000;

/** Starts a program with these variables beside its own; they are gone from this process when it runs. */
function startWith(variables: Readonly<Record<string, string>>, program: Program): void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    program.start();
  } finally {
    process.env = before;
  }
}

/** Waits until one of these stands on top of the page. */
const verdict = (on: Page, kinds: readonly string[]) =>
  on
    .locator(kinds.map((kind) => `[data-testid="health-verdict"][data-kind="${kind}"]`).join(','))
    .waitFor({ timeout: SEEN_WITHIN_MS });
const arrived = (on: Page) => verdict(on, ['arrived', 'under-way']);

describe('the page Santé says whether everything that happened has arrived', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let chromium: OpenChromium;
  let page: Page;

  beforeAll(async () => {
    site = await startSite({ history: 'embedded', speed: 10 });
    supervisor = await site.signInAs('supervisor');
    chromium = await openChromium();
    page = await signedIn('supervisor', { width: 1280, height: 720 });
  }, 180_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const health = async (): Promise<LineHealth> => {
    const overview = (await supervisor.get('/api/v1/health')) as HealthOverview;
    const line = overview.lines.find((candidate) => candidate.line === LINE);
    if (line === undefined) throw new Error(`no health of ${LINE}`);
    return line;
  };

  /** What the line says of its clock. */
  const clock = async () => (await health()).heartbeat?.said.clock;

  /** A browser of its own, signed in as a person does it. */
  async function signedIn(
    role: string,
    viewport: { readonly width: number; readonly height: number },
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<Page> {
    const context = await chromium.browser.newContext({ viewport, colorScheme, locale: 'fr-FR' });
    const opened = await context.newPage();
    await opened.goto(`${site.url}/sante`);
    const { login, secret } = demoAccount(site.dataDir, role);
    await opened.getByTestId('sign-in-login').fill(login);
    await opened.getByTestId('sign-in-secret').fill(secret);
    await opened.getByTestId('sign-in-submit').click();
    await opened.getByTestId('sign-out').waitFor();
    return opened;
  }

  const fact = (id: string) => page.getByTestId(`fact-${id}`);

  it('in one sentence, and with the numbers of the interface', async () => {
    await until('events in the server', async () => (await health()).stored.upTo > 2, SEEN_WITHIN_MS);
    await arrived(page);
    const { stored, chain } = await health();
    expect(chain).toBe('intact');
    await until('a page that has come as far', async () => {
      const words = (await fact('arrived').textContent()) ?? '';
      const shown = Number(/n°\s(?<seq>[\d\s]+)/u.exec(words)?.groups?.['seq']?.replaceAll(/\s/gu, ''));
      return shown >= stored.upTo;
    });
    expect(await fact('chain').getAttribute('data-mark')).toBe('fine');
    expect(await fact('ledger').getAttribute('data-old')).toBe('false');
    await page.screenshot({ path: artefactPath('sante-1280x720.png') });
  });

  it.each([
    { name: '1280x720-dark', width: 1280, height: 720, colorScheme: 'dark' as const },
    { name: '820x1180', width: 820, height: 1180, colorScheme: 'light' as const },
    { name: '390x844-dark', width: 390, height: 844, colorScheme: 'dark' as const },
  ])('without accessibility fault or sideways scroll at $name', async ({ name, colorScheme, ...size }) => {
    const view = await signedIn('supervisor', size, colorScheme);
    await arrived(view);
    const { violations } = await new AxeBuilder({ page: view }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ).toStrictEqual([]);
    const overflow = await view.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await view.screenshot({ path: artefactPath(`sante-${name}.png`), fullPage: true });
    await view.context().close();
  });

  it('is reached from the line by keyboard, and the line from it', async () => {
    const view = await signedIn('supervisor', { width: 1280, height: 720 });
    await view.getByRole('link', { name: LINE }).click();
    await view.getByTestId('station-hopper').waitFor();
    await view.getByTestId('to-health').focus();
    await view.keyboard.press('Enter');
    await view.getByTestId('health-verdict').waitFor();
    expect(new URL(view.url()).pathname).toBe('/sante');
    await view.context().close();
  });

  it('is refused in plain words to operators, who see no link to it', async () => {
    const view = await signedIn('operator', { width: 1280, height: 720 });
    await view.getByTestId('health-forbidden').waitFor();
    expect(await view.getByTestId('to-health').count()).toBe(0);
    const operator = await site.signInAs('operator');
    expect((await operator.request('/api/v1/health')).status).toBe(403);
    await view.context().close();
  });

  it('a line that is cut off is silent, its last word hatched; back, all arrives', async () => {
    site.edge.process().signal('SIGSTOP');
    await verdict(page, ['silent']);
    expect(await fact('ledger').getAttribute('data-old')).toBe('true');
    expect(await fact('arrived').getAttribute('data-mark')).toBe('unknown');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toStrictEqual([]);
    await page.screenshot({ path: artefactPath('sante-silent.png'), fullPage: true });
    site.edge.process().signal('SIGCONT');
    await arrived(page);
  });

  it('a server that is away makes everything last known, and no line silent', async () => {
    await site.server.kill();
    await page.getByTestId('health-away').waitFor({ timeout: SEEN_WITHIN_MS });
    // By now the last heartbeat is older than it may be, but it is the server that is silent, not the line.
    await page.waitForTimeout(HEARTBEAT_STALE_MS);
    expect(await page.getByTestId('health-verdict').getAttribute('data-kind')).toMatch(
      /^(arrived|under-way)$/u,
    );
    expect(await page.getByTestId('heard').getAttribute('data-kind')).toBe('old');
    expect(await fact('server-disk').getAttribute('data-old')).toBe('true');
    expect(await fact('ledger').getAttribute('data-old')).toBe('true');
    await page.screenshot({ path: artefactPath('sante-server-away.png') });
    site.server.start();
    await page.getByTestId('health-away').waitFor({ state: 'detached', timeout: SEEN_WITHIN_MS });
    await arrived(page);
  });

  it('a new ledger under the old name waits for a person, whose word lets it go on', async () => {
    const before = (await health()).stored;
    await site.edge.kill();
    for (const file of globSync('edge/ledger.sqlite*', { cwd: site.dataDir })) {
      rmSync(join(site.dataDir, file));
    }
    site.edge.start();
    await verdict(page, ['refused']);
    const offered = (await health()).refusals.find(({ code }) => code === 'unknown-epoch')?.epoch ?? '';
    expect(offered).toMatch(/^[0-9a-f]{32}$/u);
    expect((await health()).stored).toStrictEqual(before);
    await page.screenshot({ path: artefactPath('sante-new-epoch.png'), fullPage: true });

    await page.getByTestId('accept-epoch').click();
    expect(await page.evaluate('document.activeElement?.dataset.testid')).toBe('epoch-cancel');
    await page.keyboard.press('Escape');
    expect((await health()).chain).toBe('refused');

    await page.getByTestId('accept-epoch').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(offered.slice(0, 8)).waitFor();
    await dialog.getByText((before.epoch ?? '').slice(0, 8)).waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toStrictEqual([]);
    await page.getByTestId('epoch-confirm').click();
    await arrived(page);
    const after = await health();
    expect(after).toMatchObject({ chain: 'intact', stored: { epoch: offered } });
    expect(after.refusals.filter(({ blocking }) => blocking)).toStrictEqual([]);
  });

  it('a clock that reads earlier than its own ledger is believed when a person says that it is right', async () => {
    await site.edge.kill();
    const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
    startWith({ LD_PRELOAD: library, FAKETIME: '+3600s', FAKETIME_DONT_FAKE_MONOTONIC: '1' }, site.edge);
    await until(
      'a line an hour ahead',
      async () => ((await clock())?.offsetMs ?? 0) < -3_500_000,
      SEEN_WITHIN_MS,
    );
    await verdict(page, ['clock-off']);
    await site.edge.kill();
    site.edge.start();
    await until('a clock behind', async () => (await clock())?.state === 'behind', SEEN_WITHIN_MS);
    await verdict(page, ['clock-behind']);
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toStrictEqual([]);
    await page.screenshot({ path: artefactPath('sante-clock-behind.png'), fullPage: true });
    await page.getByTestId('confirm-clock').click();
    await until('a believed clock', async () => (await clock())?.state !== 'behind', SEEN_WITHIN_MS);
    await arrived(page);
    expect(await page.getByTestId('confirm-clock').count()).toBe(0);
  });

  it('what a power cut of the edge took is told here, and shaded and named on the trend', async () => {
    await site.edge.kill();
    site.edge.start();
    const lost = await until(
      'a declared loss',
      async () => (await health()).gaps.find(({ reason }) => reason === 'edge-cut-off') ?? false,
      SEEN_WITHIN_MS,
    );
    await page.locator('[data-testid="gaps"] tr[data-reason="edge-cut-off"]').first().waitFor();

    await page.goto(`${site.url}/lignes/${LINE}?periode=1h`);
    await page.getByTestId('trend-losses').getByText('PC de la ligne coupé').first().waitFor();
    expect(await page.getByTestId('trend-chart').getAttribute('aria-label')).toMatch(/pertes? de mesures/u);
    await page.screenshot({ path: artefactPath('trend-losses.png') });
    await page.getByTestId('trend-view').click();
    const rows = page.locator('[data-testid="gaps"] tr[data-reason="edge-cut-off"]');
    await rows.first().waitFor();
    const answer = (await supervisor.get(
      `/api/v1/history?tag=${LINE}/line/output.rate&from=${lost.from - 1000}&to=${lost.to + 1000}&every=10s`,
    )) as HistoryAnswer;
    expect(answer.gaps).toContainEqual(lost);
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toStrictEqual([]);
  });
});
