/** The pieces of a line and why each went where it went, as people see and touch it: on a desk, in the dark, on a phone, on paper. */
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath } from '../helpers/chromium.ts';
import { DESK, faultsOfSizes } from '../helpers/page-faults.ts';
import { LINE, stateWithPieces, TABLES, usual } from '../helpers/piece-moments.ts';
import type { ScriptedDashboard } from '../helpers/scripted-dashboard.ts';
import { openScriptedPage, type ScriptedAnswer, type ScriptedPage } from '../helpers/scripted-page.ts';

const PHONE = { width: 390, height: 844 };
const PIECE = `/pieces/${LINE}/nir:0000002a:`;
const ROWS_OF_A_PAGE = 25;

describe('the screens of pieces', () => {
  let screen: ScriptedPage;
  let server: ScriptedDashboard;
  let page: Page;
  let answer: ScriptedAnswer = usual;

  beforeAll(async () => {
    screen = await openScriptedPage({
      state: stateWithPieces(),
      answer: (asked) => answer(asked),
      device: { timezoneId: 'Europe/Paris', reducedMotion: 'reduce' },
    });
    ({ server, page } = screen);
  }, 60_000);

  afterEach(() => {
    answer = usual;
  });

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
  });

  const open = (path: string, testid: string) => screen.open(path, testid);

  /** @returns accessibility faults, in light and dark, and scrolling sideways; leaves pictures for people to look at. */
  async function look(name: string): Promise<readonly string[]> {
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await faultsOfSizes(page, [DESK, PHONE], ({ width }) => ({
        path: artefactPath(`pieces-${name}-${width}-${colorScheme}.png`),
        fullPage: true,
      }));
      faults.push(...found);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    return faults;
  }

  /** As a person reads it: no-break spaces are spaces. */
  async function text(testid: string): Promise<string> {
    const said = await page.getByTestId(testid).first().innerText();
    return said.replaceAll(/[\u00A0\u202F]/gu, ' ');
  }

  it.each([
    ['liste', '/pieces', 'piece-rows'],
    ['explication', `${PIECE}117`, 'piece-why'],
    ['tardive', `${PIECE}118`, 'piece-write'],
    ['saturee', `${PIECE}119`, 'piece-refusal'],
    ['melange', `${PIECE}120`, 'piece-refusal'],
    ['sans-nir', `/pieces?ligne=${TABLES}`, 'to-aid'],
    ['inconnue', `${PIECE}999`, 'to-pieces'],
  ])(
    '%s: fits a desk and a phone, in light and dark, without accessibility faults',
    async (name, path, testid) => {
      await open(path, testid);
      await page.locator('.notice.loading').waitFor({ state: 'detached' });
      expect(await look(name)).toEqual([]);
    },
  );

  it('narrows the list by outlet and reading in the address, and reads further back undisturbed', async () => {
    await open('/pieces', 'piece-rows');
    const rows = page.getByTestId('piece');
    expect(await rows.count()).toBe(ROWS_OF_A_PAGE);
    await page.getByTestId('older-pieces').click();
    await page.getByTestId('pieces-follow').waitFor();
    await expect.poll(() => rows.count()).toBe(2 * ROWS_OF_A_PAGE);
    expect(await text('pieces-state')).toContain('arrêtée');
    await page.getByTestId('pieces-follow').click();
    await expect.poll(() => rows.count()).toBe(ROWS_OF_A_PAGE);
    await page.getByTestId('filter-reading').selectOption('unreadable');
    await expect.poll(() => rows.count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?lecture=unreadable');
    expect(await rows.first().innerText()).toContain('saturé');
    await page.getByTestId('filter-outlet').selectOption('creme');
    await page.getByText('Aucune pièce de cette sorte').waitFor();
    await page.reload();
    await page.getByText('Aucune pièce de cette sorte').waitFor();
  });

  it('opens from its row, and says the rule, the gates, and which rules were not tried', async () => {
    await open('/pieces', 'piece-rows');
    await page.getByTestId('open-piece').first().click();
    await page.getByTestId('piece-why').waitFor();
    expect(await text('piece-outlet')).toContain('Effilochage');
    expect(await text('piece-why')).toContain("« Effilochage, coton » l'envoie à Effilochage");
    expect(await page.locator('[data-gate][data-passed=true]').count()).toBe(12);
    expect(await page.locator('[data-part=matched]').count()).toBe(1);
    expect(await page.locator('[data-part=failed]').count()).toBeGreaterThan(5);
    await page.getByTestId('rules-after').click();
    expect(await page.locator('[data-part=would-hold]').first().innerText()).toContain('pas été essayée');
  });

  it('has a table of every curve', async () => {
    await open(`${PIECE}117`, 'spectrum-measured');
    await page.getByTestId('spectrum-measured-table').click();
    await page.getByTestId('spectrum-measured-rows').waitFor();
    expect(await page.getByTestId('spectrum-measured-rows').locator('tbody tr').count()).toBe(186);
    await page.getByTestId('spectrum-measured-table').click();
    await page.getByTestId('spectrum-shape-table').click();
    await page.getByTestId('spectrum-shape-rows').waitFor();
    expect(await page.getByTestId('spectrum-shape-rows').locator('thead th').count()).toBe(4);
    const { violations } = await new AxeBuilder({ page })
      .include('[data-testid=spectrum-shape-rows]')
      .analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('lets a person say otherwise: with a reason, once, and says what came of it', async () => {
    await open(`${PIECE}117`, 'change-outlet');
    await page.getByTestId('change-outlet').click();
    await page.getByTestId('override-form').waitFor();
    expect(await page.getByTestId('to-effilochage').count()).toBe(0);
    await page.getByTestId('override-submit').click();
    await page.getByText('Choisissez un débouché.').waitFor();
    await page.getByTestId('to-essuyage').click();
    await page.getByTestId('override-submit').click();
    await page.getByText('Choisissez une raison.').waitFor();
    await page.getByTestId('reason-other').check();
    await page.getByTestId('override-submit').click();
    await page.getByText('dites laquelle').waitFor();
    await page.getByTestId('override-note').fill('Éponge');
    expect(await look('changement')).toEqual([]);

    const before = server.asked.length;
    answer = (asked) =>
      asked.method === 'POST' ? { status: 504, body: { code: 'no-reply' } } : usual(asked);
    await page.getByTestId('override-submit').click();
    await page.getByText("On ne sait pas si c'est noté").waitFor();
    answer = usual;
    await page.getByTestId('override-submit').click();
    await page.getByTestId('override-form').waitFor({ state: 'detached' });
    expect(await text('override-said')).toContain('Noté');
    const [first, second, ...more] = server.asked.slice(before);
    expect(first).toMatchObject({
      path: `/api/v1/lines/${LINE}/items/${encodeURIComponent('nir:0000002a:117')}/override`,
      body: { to: 'essuyage', reason: 'other', note: 'Éponge' },
    });
    expect(first?.key).toMatch(/^[0-9a-f]{32}$/u);
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  it('says why a change was refused, and keeps what was chosen', async () => {
    answer = (asked) =>
      asked.method === 'POST' ? { status: 409, body: { code: 'too-many-overrides' } } : usual(asked);
    await open(`${PIECE}120`, 'change-outlet');
    await page.getByTestId('change-outlet').click();
    await page.getByTestId('to-creme').click();
    await page.getByTestId('reason-training').check();
    await page.getByTestId('override-submit').click();
    await page.getByText('changée trop de fois').waitFor();
    expect(await page.getByTestId('to-creme').getAttribute('aria-pressed')).toBe('true');
  });

  it('keeps what was read when the line does not answer any more, and says since when', async () => {
    await open('/pieces', 'piece-rows');
    answer = (asked) =>
      asked.path.includes('/items') ? { status: 504, body: { code: 'no-reply' } } : usual(asked);
    await page.getByText("n'a pas répondu à temps").waitFor({ timeout: 20_000 });
    expect(await page.getByTestId('piece').count()).toBe(ROWS_OF_A_PAGE);
    answer = usual;
    await page.getByText("n'a pas répondu à temps").waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('prints an explanation on three sheets of A4 at most', async () => {
    await open(`${PIECE}117`, 'spectrum-shape');
    const file = artefactPath('pieces-explication-a4.pdf');
    await page.pdf({ path: file, format: 'A4', preferCSSPageSize: true });
    const pages = readFileSync(file, 'latin1').match(/\/Type\s*\/Page\b/gu) ?? [];
    expect(pages.length).toBeLessThanOrEqual(3);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 718, height: 1_045 });
    await page.screenshot({ path: artefactPath('pieces-explication-a4.png'), fullPage: true });
    await page.emulateMedia({ media: null });
    await page.setViewportSize(DESK);
  });

  it('threw nothing on the page in all that time', () => expect(screen.errors).toEqual([]));
});
