/** What outlets, outputs and lots are made of, and audits, as people see, touch and print them: on a desk, a wall and a phone. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath } from '../helpers/chromium.ts';
import { stateOf } from '../helpers/control-moments.ts';
import { usual } from '../helpers/fraction-moments.ts';
import { DESK, faultsOfSizes } from '../helpers/page-faults.ts';
import type { ScriptedDashboard } from '../helpers/scripted-dashboard.ts';
import { openScriptedPage, type ScriptedAnswer, type ScriptedPage } from '../helpers/scripted-page.ts';
import { RECORDED } from '../helpers/stop-moments.ts';
import { until } from '../helpers/until.ts';

const WALL = { width: 1920, height: 1080 };
const PHONE = { width: 390, height: 844 };
const SIZES = [WALL, DESK, PHONE];
const SEEN_MS = 15_000;

describe('the screens of compositions and audits', () => {
  let screen: ScriptedPage;
  let server: ScriptedDashboard;
  let page: Page;
  let answer: ScriptedAnswer = usual;

  beforeAll(async () => {
    screen = await openScriptedPage({ state: stateOf({}), answer: (asked) => answer(asked) });
    ({ server, page } = screen);
  }, 60_000);

  afterEach(() => {
    answer = usual;
    if (screen.errors.length > 0) throw new Error(screen.errors.splice(0).join(' | '));
  });

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
  });

  const open = (path: string, testid: string) => screen.open(path, testid);

  /** @returns accessibility faults and scrolling sideways; leaves a picture of each size for people to look at. */
  function look(name: string): Promise<readonly string[]> {
    return faultsOfSizes(page, SIZES, (size) => ({
      path: artefactPath(`tri-${name}-${size.width}x${size.height}.png`),
      fullPage: size !== WALL,
    }));
  }

  const text = async (testid: string): Promise<string> =>
    ((await page.getByTestId(testid).textContent()) ?? '').replaceAll(/[\s\u00a0\u202f]+/gu, ' ');

  it.each([
    ['compositions', '/fractions', 'fraction-csr'],
    ['compositions-tableau', '/fractions?vue=tableau', 'fractions'],
    ['compositions-vide', '/fractions?mois=2025-01', 'month'],
    ['audits', '/audits', 'plan-csr'],
    ['balle-composition', '/balles/B1042', 'composition-facts'],
    ['lot-classe', '/lots/L118', 'lot-class-table'],
  ])('%s: fits every size and has no accessibility fault', async (name, path, testid) => {
    await open(path, testid);
    expect(await look(name)).toEqual([]);
  });

  it('has no accessibility fault in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [name, path, testid] of [
      ['compositions-sombre', '/fractions', 'fraction-csr'],
      ['audits-sombre', '/audits', 'plan-csr'],
    ] as const) {
      await open(path, testid);
      expect(await look(name)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('says of each outlet what it is made of, how that is known and which error is assumed', async () => {
    await open('/fractions', 'fraction-csr');
    const effilochage = await text('fraction-effilochage');
    expect(effilochage).toContain('5 512 kg');
    expect(effilochage).toContain('coton 71 % (± 2 points)');
    expect(effilochage).toContain('PVC 0,4 % (± moins de 0,1 point)');
    expect(effilochage).toContain('lu pièce par pièce');
    expect(effilochage).toContain('12 verdicts arrivés trop tard');
    expect(effilochage).toContain('4,2 %, entre 1,9 % et 8,6 % (2 audits, 64 kg regardés)');
    const csr = await text('fraction-csr');
    expect(csr).toContain("pas d'audit ce mois-ci : 5 % supposés");
    expect(csr).toContain('Plafonds à tenir, non mesurés');
    expect(csr).toContain('Chlore : 15 000 mg par kg sec au plus');
    expect(await text('fraction-elimination')).toContain('Composition pas connue');
  });

  it('draws each share as long as it is', async () => {
    await open('/fractions', 'fraction-creme');
    const lengths = await page.evaluate<readonly (readonly [number, number])[]>(
      "[...document.querySelectorAll('[data-testid=fraction-creme] [data-testid=shares] > *')].map((part) => [part.clientWidth, part.clientHeight])",
    );
    expect(lengths.every(([, height]) => height > 20)).toBe(true);
    const whole = lengths.reduce((sum, [length]) => sum + length, 0);
    const parts = lengths.map(([length]) => Math.round((100 * length) / whole));
    expect(parts).toEqual([55, 45]);
  });

  it('is printed with its title and its DÉMO, without buttons', async () => {
    await open('/fractions', 'fraction-csr');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByTestId('print').isVisible()).toBe(false);
    expect(await page.getByText('Compositions · DÉMO').isVisible()).toBe(true);
    expect(await page.getByTestId('fraction-csr').isVisible()).toBe(true);
    const sheet = await page.pdf({ format: 'A4', path: artefactPath('tri-compositions-a4.pdf') });
    expect(sheet.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'screen' });
  });

  it('keeps line, month, view and margin in the address', async () => {
    await open('/audits', 'plan-csr');
    await page.getByTestId('margin-1').click();
    await until('the margin', () => new URL(page.url()).search === '?marge=1', SEEN_MS);
    await open('/fractions', 'fraction-csr');
    await page.getByTestId('fractions-tableau').click();
    await page.getByTestId('fractions').waitFor();
    await page.getByTestId('month-before').click();
    await until('the month', () => /mois=\d{4}-\d{2}&vue=tableau/u.test(page.url()), SEEN_MS);
    await page.getByTestId('month-after').click();
    await page.getByTestId('fractions').waitFor();
    expect(new URL(page.url()).search).toBe('?vue=tableau');
    expect(await page.getByTestId('month-after').isDisabled()).toBe(true);
  });

  it('notes an audit by outlet, with what was misplaced', async () => {
    answer = (asked) => (asked.method === 'POST' ? { status: 201, body: RECORDED } : usual(asked));
    await open('/audits', 'plan-csr');
    await page.getByTestId('audit-note-csr').click();
    await page.getByTestId('field-sampled').fill('25');
    await page.getByTestId('field-misplaced effilochage').fill('1,2');
    expect(await look('audit-noter')).toEqual([]);
    // A comma that was forgotten: it is asked for first, and sent only when it is said again.
    const before = server.asked.filter(({ method }) => method === 'POST').length;
    const sentSince = () => server.asked.filter(({ method }) => method === 'POST').length - before;
    await page.getByTestId('field-sampled').fill('25000');
    await page.getByTestId('act-submit').click();
    await until('the question', async () => (await text('act-doubt')).includes('25 000 kg'), SEEN_MS);
    expect(await text('act-submit')).toContain("C'est juste");
    expect(await look('audit-douteux')).toEqual([]);
    expect(sentSince()).toBe(0);
    await page.getByTestId('field-sampled').fill('25');
    expect(await text('act-doubt')).toBe('');
    await page.getByTestId('act-submit').click();
    await until('the audit', () => sentSince() > 0, SEEN_MS);
    const sent = server.asked.findLast(({ method }) => method === 'POST');
    expect(sent?.path).toBe('/api/v1/lines/tri-1/audits');
    expect(sent?.body).toMatchObject({
      outlet: 'csr',
      sampledGrams: 25_000,
      misplaced: [{ outlet: 'effilochage', grams: 1_200 }],
    });
  });

  it('takes an audit back with a reason, never without', async () => {
    answer = (asked) => (asked.method === 'POST' ? { status: 200, body: RECORDED } : usual(asked));
    await open('/audits', 'audits-noted-rows');
    await page.getByTestId(`audit-void-${'1'.repeat(32)}`).click();
    const before = server.asked.length;
    await page.getByTestId('act-submit').click();
    expect(server.asked.length).toBe(before);
    await page.getByTestId('field-reason').fill('Bac confondu');
    await page.getByTestId('act-submit').click();
    await until('the act', () => server.asked.length > before, SEEN_MS);
    expect(server.asked.at(-1)?.path).toBe(`/api/v1/audits/${'1'.repeat(32)}/void`);
    expect(server.asked.at(-1)?.body).toMatchObject({ reason: 'Bac confondu' });
  });

  it('says in words that the error belongs to no person', async () => {
    await open('/audits', 'audits-whose');
    expect(await text('audits-whose')).toContain('jamais à une personne');
  });

  it('changes moisture from conventional to measured once it is noted', async () => {
    let moisturePercent: number | null = null;
    answer = (asked) => {
      if (asked.method !== 'POST') return usual(asked, { moisturePercent });
      moisturePercent = (asked.body as { moisturePercent: number }).moisturePercent;
      return { status: 200, body: RECORDED };
    };
    await open('/balles/B1042', 'composition-facts');
    expect(await text('composition-facts')).toContain('3,8 % (conventionnelle');
    await page.getByTestId('bale-examine').click();
    await page.getByTestId('field-moisture').fill('soixante');
    await page.getByTestId('act-submit').click();
    expect(await page.getByTestId('field-moisture').getAttribute('aria-invalid')).toBe('true');
    await page.getByTestId('field-moisture').fill('12,5');
    await page.getByTestId('field-grade').selectOption('material');
    expect(await look('balle-examiner')).toEqual([]);
    await page.getByTestId('act-submit').click();
    await until(
      'what was measured',
      async () => (await text('composition-facts')).includes('mesurée'),
      SEEN_MS,
    );
    expect(await text('composition-facts')).toContain('12,5 % (mesurée)');
    expect(await text('composition-facts')).toContain('217 kg');
    expect(server.asked.at(-1)?.body).toMatchObject({ moisturePercent: 12.5, grade: 'material' });
  });

  it('says what to expect of a lot, on what that rests and what the rest will give', async () => {
    await open('/lots/L118', 'lot-class-table');
    expect(await text('lot-class-outlets')).toContain('Effilochage');
    expect(await text('lot-class-basis')).toContain('14 lots semblables');
    expect(await text('lot-class-table')).toContain('entre 38 % et 53 %');
    expect(await text('lot-class')).toContain('1 144 kg');
  });
});
