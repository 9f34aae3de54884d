/** Stops, TRS, the log of a shift and the andon as people see, touch and print them: on a desk, a wall, a phone and A4. */
import type { Andon } from '@trame/protocol/stops/stop-answers';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath } from '../helpers/chromium.ts';
import { stateOf } from '../helpers/control-moments.ts';
import { DESK, faultsOfSizes } from '../helpers/page-faults.ts';
import type { ScriptedDashboard } from '../helpers/scripted-dashboard.ts';
import { openScriptedPage, type ScriptedAnswer, type ScriptedPage } from '../helpers/scripted-page.ts';
import { andon, BINS, RECORDED, shiftLog, SMALL, stops, trs, usual, worst } from '../helpers/stop-moments.ts';
import { until } from '../helpers/until.ts';

const WALL = { width: 1920, height: 1080 };
const PHONE = { width: 390, height: 844 };
const SIZES = [WALL, DESK, PHONE];
const SEEN_MS = 15_000;
/** Smallest text of the andon at 1920 × 1080, px: what is read at five metres. */
const ANDON_TEXT_PX = 72;

describe('the screens of stops, TRS, shift log and andon', () => {
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
  });

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
  });

  const open = (path: string, testid: string) => screen.open(path, testid);

  /** @returns accessibility faults and scrolling sideways; leaves a picture of each size for people to look at. */
  function look(name: string, { whole = true } = {}): Promise<readonly string[]> {
    return faultsOfSizes(page, SIZES, (size) => ({
      path: artefactPath(`temps-${name}-${size.width}x${size.height}.png`),
      fullPage: whole && size !== WALL,
    }));
  }

  it.each([
    ['arrets', '/arrets', 'stops-to-explain'],
    ['pareto', '/arrets?vue=pareto&equipe=S7', 'pareto-rows'],
    ['trs', '/trs', 'trs-table'],
    ['trs-petite-equipe', '/trs?cle=S6', 'trs-why'],
    ['trs-manuelle', '/trs?cle=S4', 'team-rate'],
    ['journal', '/journal', 'log-signatures'],
    ['ligne', '/lignes/tri-1', 'shift-trs'],
  ])('%s: fits every size and has no accessibility fault', async (name, path, testid) => {
    await open(path, testid);
    expect(await look(name)).toEqual([]);
  });

  it('fixes a cause by two touches, with what was noted before', async () => {
    answer = (asked) => (asked.method === 'POST' ? { status: 200, body: RECORDED } : usual(asked));
    await open('/arrets', 'stops-to-explain');
    expect(
      await page.evaluate<readonly string[]>(
        "[...document.querySelectorAll('[data-testid=stops-to-explain] li')].map((li) => li.dataset.proposed)",
      ),
    ).toEqual(['bourrage', 'securite', '']);
    const before = server.asked.length;
    const id = stops()[0]?.id ?? '';
    await page.getByTestId(`explain-${id}`).click();
    expect(await page.getByTestId('cause-bourrage').textContent()).toContain('proposé');
    expect(await page.locator('[data-testid^="cause-"]:is(button)').count()).toBe(9);
    expect(await look('cause', { whole: false })).toEqual([]);
    await page.getByTestId('cause-note').fill('Sangle prise');
    await page.getByTestId('cause-matiere').click();
    await until('asked', () => Promise.resolve(server.asked.length > before), SEEN_MS);
    expect(server.asked.slice(before)).toMatchObject([
      { path: `/api/v1/stops/${id}/explain`, body: { cause: 'matiere', note: 'Sangle prise' } },
    ]);
    await page.getByTestId('cause-note').waitFor({ state: 'detached' });
  });

  it('tells of a shift of few people no figure, and why', async () => {
    answer = (asked) =>
      asked.path.includes('/shift-log')
        ? {
            status: 200,
            body: shiftLog({
              trs: trs(SMALL),
              material: { inputGrams: null, outlets: null, outputs: null, unclaimed: 0 },
            }),
          }
        : usual(asked);
    await open('/journal', 'log-no-material');
    expect(await page.getByTestId('log-trs').textContent()).toContain('moins de 4 personnes');
    expect(await page.getByTestId('log-trs').textContent()).not.toMatch(/\d\s%/u);
  });

  it('takes notes about the line and two signatures with a sentence', async () => {
    answer = (asked) =>
      asked.method === 'POST'
        ? { status: asked.path.endsWith('/notes') ? 201 : 200, body: RECORDED }
        : usual(asked);
    await open('/journal', 'log-signatures');
    expect(await page.getByTestId('signature-leaving').textContent()).toContain('Signé par vous');
    const before = server.asked.length;
    await page.getByTestId('add-note').click();
    await page.getByTestId('field-text').fill('Convoyeur nettoyé');
    await page.getByTestId('act-submit').click();
    await page.getByTestId('act-form').waitFor({ state: 'detached' });
    await page.getByTestId('sign-arriving').click();
    await page.getByTestId('field-text').fill('Bien reçu');
    // The other side is theirs already: they say that nobody else is there.
    await page.getByTestId('field-alone').check();
    await page.getByTestId('act-submit').click();
    await page.getByTestId('act-form').waitFor({ state: 'detached' });
    expect(server.asked.slice(before)).toMatchObject([
      { path: '/api/v1/notes', body: { about: 'line:tri-1', text: 'Convoyeur nettoyé' } },
      { path: '/api/v1/shifts/S7/sign', body: { side: 'arriving', text: 'Bien reçu', alone: true } },
    ]);
  });

  it.each([
    ['journal', '/journal', 'log-signatures'],
    ['pareto', '/arrets?vue=pareto', 'pareto-rows'],
    ['trs', '/trs', 'trs-table'],
  ])('prints %s on one sheet of A4', async (name, path, testid) => {
    await open(path, testid);
    const file = artefactPath(`temps-${name}-a4.pdf`);
    await page.pdf({ path: file, format: 'A4', preferCSSPageSize: true });
    const pages = readFileSync(file, 'latin1').match(/\/Type\s*\/Page\b/gu) ?? [];
    expect(pages.length).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 718, height: 1_045 });
    await page.screenshot({ path: artefactPath(`temps-${name}-a4.png`) });
    await page.emulateMedia({ media: null });
    await page.setViewportSize(DESK);
  });

  it.each<readonly [string, Partial<Andon>]>([
    ['chiffres', {}],
    ['sans-chiffre', { outputs: null, sortedKg: null, trs: null, target: null, mode: 'school' }],
    ['p2', { worst: worst(2) }],
    ['p1', { worst: worst(1), state: 'aborted', bins: BINS }],
  ])('andon, %s: is read at five metres, and nothing scrolls', async (name, changes) => {
    answer = (asked) =>
      asked.path.includes('/andon') ? { status: 200, body: andon(changes) } : usual(asked);
    await page.setViewportSize(WALL);
    await open('/andon/tri-1', 'andon-state');
    expect(await unreadable(page)).toEqual([]);
    expect(await look(`andon-${name}`, { whole: false })).toEqual([]);
    await page.setViewportSize(WALL);
    expect(await page.getByTestId('andon-trs').count()).toBe(name === 'chiffres' || name === 'p2' ? 1 : 0);
  });

  it('andon: shows bins in turn, and says when nothing more is heard', async () => {
    await page.setViewportSize(WALL);
    await open('/andon/tri-1', 'andon-bins');
    expect(await unreadable(page)).toEqual([]);
    expect(await look('andon-bacs', { whole: false })).toEqual([]);
    answer = (asked) => (asked.path.includes('/andon') ? { status: 502, body: {} } : usual(asked));
    await page.getByTestId('andon-old').waitFor({ timeout: 60_000 });
    answer = usual;
    await page.getByTestId('andon-old').waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('threw nothing on the page in all that time', () => expect(screen.errors).toEqual([]));
});

/** @returns what is smaller than five metres need, or does not lie on the screen whole. */
async function unreadable(page: Page): Promise<readonly unknown[]> {
  const found = await page.evaluate<readonly [string, number, boolean][]>(`(() => {
    const main = document.querySelector('[data-testid=andon]');
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent.trim();
      const box = node.parentElement.getBoundingClientRect();
      if (text === '' || box.width < 2) continue;
      const inside = box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1 && box.left >= -1 && box.top >= -1;
      texts.push([text, parseFloat(getComputedStyle(node.parentElement).fontSize), inside]);
    }
    return texts;
  })()`);
  const faults = found.filter(([, size, inside]) => size < ANDON_TEXT_PX - 0.01 || !inside);
  return found.length > 2 ? faults : ['nothing is shown'];
}
