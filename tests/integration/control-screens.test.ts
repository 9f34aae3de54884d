/** Commands and alarms as people see and touch them, in moments that a line shows seldom: on a desk, a wall and a phone. */
import type { LiveState } from '@trame/protocol/live-state';
import { devices, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath } from '../helpers/chromium.ts';
import {
  ENABLE,
  JAM,
  OTHER,
  REQUEST,
  THREE,
  alarm,
  alarmAnswer,
  answered,
  changed,
  deviceAway,
  full,
  refusing,
  row,
  stateOf,
} from '../helpers/control-moments.ts';
import { DESK, faultsOfSizes } from '../helpers/page-faults.ts';
import type { ScriptedDashboard } from '../helpers/scripted-dashboard.ts';
import { openScriptedPage, type ScriptedAnswer, type ScriptedPage } from '../helpers/scripted-page.ts';
import { until } from '../helpers/until.ts';

const SIZES = [{ width: 1920, height: 1080 }, DESK, { width: 390, height: 844 }];
const SEEN_MS = 15_000;
const SOUND_MS = 120_000;

interface Script {
  answer: ScriptedAnswer;
  shown: () => LiveState;
}

/** As a line says that it is held already. */
const STANDS_HELD = { code: 'wrong-state', ref: 'held', words: '' } as const;

const silent: Script['answer'] = () => undefined;
const ready: Script['shown'] = () => stateOf({});
const ofLongSite: Script['shown'] = () => changed(stateOf({}, THREE), { site: 'caux-vallee-de-seine' });
const jammed: Script['shown'] = () => stateOf(refusing('held', { 'line.unhold': [ENABLE, JAM] }), THREE);

describe('the screens of control and alarms', () => {
  let screen: ScriptedPage;
  let server: ScriptedDashboard;
  let page: Page;
  /** `shown` is said again and again, as an edge does. */
  const script: Script = { answer: silent, shown: ready };
  let repeat: NodeJS.Timeout;
  let errors: string[];

  beforeAll(async () => {
    screen = await openScriptedPage({ state: script.shown(), answer: (asked) => script.answer(asked) });
    ({ server, page, errors } = screen);
    repeat = setInterval(() => server.show(script.shown()), 500);
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security'))
        errors.push(message.text());
    });
  }, 60_000);

  afterEach(() => {
    script.answer = silent;
    script.shown = ready;
    if (errors.length > 0) throw new Error(errors.join(' | '));
  });

  afterAll(async () => {
    clearInterval(repeat);
    await screen[Symbol.asyncDispose]();
  });

  async function open(path: string, state: () => LiveState, testid: string): Promise<void> {
    script.shown = state;
    server.show(state());
    await page.goto(`${server.url}${path}`);
    await page.getByTestId(testid).waitFor();
  }

  /** @returns what is wrong on any size; leaves a picture of each for people to look at. */
  function look(name: string): Promise<readonly string[]> {
    return faultsOfSizes(page, SIZES, (size) => ({
      path: artefactPath(`commande-${name}-${size.width}x${size.height}.png`),
      fullPage: size.width === 390,
    }));
  }

  const WAITS = refusing('idle', { 'line.start': [ENABLE] });
  const MOMENTS: readonly (readonly [string, () => LiveState])[] = [
    ['attend-validation', () => stateOf(WAITS)],
    ['prete', () => stateOf({ ...refusing('idle'), enableLeftMs: 8_000 })],
    [
      'interdite',
      () =>
        stateOf(
          {
            ...refusing('held', { 'line.unhold': [ENABLE, JAM] }),
            interlocks:
              full({}).interlocks?.map((one) => ({ ...one, forbidding: one.id === 'sorter-jam' })) ?? [],
          },
          THREE,
        ),
    ],
    [
      'demarre',
      () =>
        stateOf({
          ...refusing('starting'),
          busy: {
            request: REQUEST,
            command: 'line.start',
            phase: 'sequence',
            station: 'tapis',
            since: Date.now(),
          },
        }),
    ],
    ['ancienne', () => stateOf(refusing('execute'), [], 20_000)],
    [
      'demandee',
      () => stateOf({ ...refusing('execute'), asking: { actor: OTHER, passesAt: Date.now() + 24_000 } }),
    ],
    ['autre', () => stateOf({ ...refusing('stopped'), holder: OTHER })],
  ];

  it.each(MOMENTS)('%s: fits every size and has no accessibility fault', async (name, state) => {
    await open('/lignes/tri-1', state, 'control-panel');
    await page.getByTestId('control-settings').locator('summary').click();
    await page.getByTestId('setpoint-infeed-belt').waitFor();
    expect(await look(name)).toEqual([]);
  });

  it('can be read in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open('/lignes/tri-1', jammed, 'alarm-banner');
    await page.getByTestId('control-settings').locator('summary').click();
    expect(await look('sombre')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  });

  it.each([
    ['actives', '/alarmes', 'alarms-standing'],
    ['toutes', '/alarmes?vue=toutes', 'declared-tri-1:debit'],
    ['journal', '/alarmes?vue=journal', 'alarm-journal-rows'],
    ['indicateurs', '/alarmes?vue=indicateurs&du=2026-11-16&au=2026-11-22', 'kpi-per-hour'],
  ])('alarms, %s: fits every size and has no accessibility fault', async (name, path, testid) => {
    script.answer = ({ path: asked }) => alarmAnswer(asked);
    await open(path, () => stateOf({}, THREE), testid);
    expect(await look(`alarmes-${name}`)).toEqual([]);
  });

  it('says why a command is refused before it is touched, and leaves stop and hold to the line', async () => {
    await open(
      '/lignes/tri-1',
      () => stateOf(refusing('idle', { 'line.start': [ENABLE, JAM] })),
      'control-panel',
    );
    expect(await page.getByTestId('order-start').isDisabled()).toBe(true);
    expect(await page.getByTestId('why-start').textContent()).toContain('Bourrage au trieur');
    for (const id of ['order-stop', 'order-hold']) expect(await page.getByTestId(id).isEnabled()).toBe(true);
    expect(await page.getByTestId('near-stops').count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 420 });
    await page.getByTestId('devices').scrollIntoViewIfNeeded();
    await page.getByTestId('near-stop').waitFor();
    await page.setViewportSize(DESK);
  });

  it('says of a line that stands what to do first, once for each thing', async () => {
    await open('/lignes/tri-1', () => stateOf({ ...refusing('stopped'), holder: null }), 'control-panel');
    const start = await page.getByTestId('why-start').textContent();
    expect(start).toContain("Prenez d'abord la main.");
    expect(start).toContain("Réarmez d'abord.");
    const refusals = { 'line.start': [STANDS_HELD, ENABLE, JAM], 'line.unhold': [ENABLE, JAM] };
    await open('/lignes/tri-1', () => stateOf(refusing('held', refusals)), 'control-panel');
    expect(await page.getByTestId('why-start').textContent()).not.toContain('Bourrage');
    expect(await page.getByTestId('order-unhold').getAttribute('data-bars')).toBe(
      'interlock no-local-enable',
    );
  });

  it('makes one request of a double click, and follows it from «vérification» to what came of it', async () => {
    const before = server.asked.length;
    script.answer = ({ method, path }) => {
      if (method === 'POST') return { status: 202, body: answered('checking') };
      return path.startsWith('/api/v1/commands/') ? { status: 200, body: row('checking') } : undefined;
    };
    await open('/lignes/tri-1', () => stateOf({ enableLeftMs: 9_000 }), 'control-panel');
    await page.getByTestId('order-start').dblclick();
    const outcome = page.getByTestId('order-outcome');
    await until(
      'it is looked into',
      async () => (await outcome.getAttribute('data-outcome')) === 'checking',
      SEEN_MS,
    );
    expect(await outcome.textContent()).toContain('vérification');
    const asked = server.asked.slice(before);
    expect(asked.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/api/v1/lines/tri-1/commands', body: { command: 'line.start', args: {}, site: 'site' } },
    ]);
    script.shown = () =>
      stateOf({
        state: 'execute',
        last: {
          request: REQUEST,
          command: 'line.start',
          outcome: 'failed',
          reasons: [],
          late: 'tapis',
          detail: null,
          at: Date.now(),
        },
      });
    await until('the truth', async () => (await outcome.getAttribute('data-outcome')) === 'failed', SEEN_MS);
    expect(await outcome.textContent()).toContain('Tapis d’alimentation');
  });

  it('sends a stop that nobody answers again under the same key, and never a start', async () => {
    // As a proxy says whose server is gone: a cut connection would be tried again by the browser itself.
    script.answer = ({ method }) =>
      method === 'POST' ? { status: 502, body: {} } : { status: 200, body: { rows: [], next: null } };
    await open('/lignes/tri-1', () => stateOf({ enableLeftMs: 9_000 }), 'control-panel');
    const before = server.asked.length;
    await page.getByTestId('order-start').click();
    const outcome = page.getByTestId('order-outcome');
    await until(
      'it did not leave',
      async () => (await outcome.getAttribute('data-outcome')) === 'not-sent',
      SEEN_MS,
    );
    expect(server.asked.length - before).toBe(1);
    await page.getByTestId('order-stop').click();
    const sent = () => server.asked.slice(before + 1).filter(({ path }) => path.endsWith('/commands'));
    await until('again and again', () => Promise.resolve(sent().length >= 2), SEEN_MS);
    // Whatever screen is shown meanwhile.
    await page.locator('a[href="/alarmes"]').first().click();
    await page.getByTestId('control-panel').waitFor({ state: 'detached' });
    const atLeaving = sent().length;
    await until('from another screen', () => Promise.resolve(sent().length >= atLeaving + 2), SEEN_MS);
    const stops = sent();
    await page.goBack();
    await page.getByTestId('control-panel').waitFor();
    expect(new Set(stops.map(({ key }) => key)).size).toBe(1);
    script.answer = ({ method }) => (method === 'POST' ? { status: 200, body: answered('done') } : undefined);
    const stopped = page.locator('[data-testid="order-outcome"][data-command="line.stop"]');
    await until('done', async () => (await stopped.getAttribute('data-outcome')) === 'done', SEEN_MS);
    const held = { ...refusing('held'), stateSince: Date.now() + 5_000 };
    script.shown = () => stateOf(held);
    await until('the line has gone on', async () => (await stopped.count()) === 0, SEEN_MS);
  });

  it('asks for the line, grants it and gives it back', async () => {
    script.answer = () => ({ status: 200, body: answered('done') });
    await open('/lignes/tri-1', () => stateOf({ holder: null }), 'control-panel');
    expect(await page.getByTestId('order-start').isDisabled()).toBe(true);
    const before = server.asked.length;
    await page.getByTestId('hand-take').click();
    script.shown = () => stateOf({ asking: { actor: OTHER, passesAt: Date.now() + 24_000 } });
    await page.getByTestId('hand-refuse').waitFor();
    await page.getByTestId('hand-grant').click();
    await until('both', () => Promise.resolve(server.asked.length - before === 2), SEEN_MS);
    expect(server.asked.slice(before).map(({ body }) => body)).toEqual([
      { command: 'control.take', args: {}, site: 'site' },
      { command: 'control.answer', args: { grant: true, to: OTHER }, site: 'site' },
    ]);
  });

  it('writes a set-point within its range only, and asks twice for another mode', async () => {
    script.answer = () => ({ status: 200, body: answered('done') });
    await open('/lignes/tri-1', () => stateOf({}), 'control-panel');
    await page.getByTestId('control-settings').locator('summary').click();
    const typed = page.getByTestId('typed-infeed-belt');
    for (const wrong of ['4', '0,77']) {
      await typed.fill(wrong);
      expect(await page.getByTestId('write-infeed-belt').isDisabled()).toBe(true);
      expect(await page.getByTestId('setpoint-infeed-belt').textContent()).toContain(
        'Se règle de 0,10 à 1,20 m/s, par pas de 0,05.',
      );
    }
    await typed.fill('0,9');
    await page.getByTestId('more-infeed-belt').click();
    expect(await typed.inputValue()).toBe('0,95');
    const before = server.asked.length;
    await page.getByTestId('write-infeed-belt').click();
    await page.getByTestId('mode-maintenance').click();
    await page.getByTestId('mode-confirm').click();
    await until('both', () => Promise.resolve(server.asked.length - before === 2), SEEN_MS);
    expect(server.asked.slice(before).map(({ body }) => body)).toEqual([
      { command: 'setpoint.write', args: { setpoint: 'infeed-belt', value: 0.95 }, site: 'site' },
      { command: 'line.mode', args: { mode: 'maintenance' }, site: 'site' },
    ]);
  });

  it('keeps the focus in its place while a request is under way, and when what was touched is gone', async () => {
    const placeOfFocus = () =>
      page.evaluate<string>(
        `document.activeElement?.dataset.testid ?? document.activeElement?.className ?? ''`,
      );
    script.answer = ({ method }) =>
      method === 'POST' ? { status: 202, body: answered('checking') } : undefined;
    await open('/lignes/tri-1', () => stateOf({ enableLeftMs: 9_000 }), 'control-panel');
    const start = page.getByTestId('order-start');
    await start.focus();
    await page.keyboard.press('Enter');
    await until('under way', () => start.isDisabled(), SEEN_MS);
    expect(await placeOfFocus()).toBe('control-panel');
    const last = { request: REQUEST, command: 'line.start', outcome: 'failed' } as const;
    script.shown = () =>
      stateOf({
        enableLeftMs: 9_000,
        last: { ...last, reasons: [], late: null, detail: null, at: Date.now() },
      });
    await until('ended', async () => !(await start.isDisabled()), SEEN_MS);
    expect(await placeOfFocus()).toBe('order-start');

    script.answer = ({ method }) => (method === 'POST' ? { status: 200, body: answered('done') } : undefined);
    await open('/alarmes', () => stateOf({}, THREE), 'alarms-standing');
    for (const left of [THREE.filter(({ alarm }) => alarm !== 'debit'), []]) {
      const acknowledge = page
        .locator('[data-testid="alarms-standing"] [data-testid^="acknowledge-"]')
        .last();
      await acknowledge.focus();
      await page.keyboard.press('Enter');
      const before = await page.getByTestId('alarms-place').locator('article').count();
      script.shown = () => stateOf({}, left);
      await until(
        'it has left',
        async () => (await page.getByTestId('alarms-place').locator('article').count()) < before,
        SEEN_MS,
      );
      expect(await placeOfFocus()).toBe('alarms-place');
    }
  });

  it('acknowledges in one touch, and puts aside with a reason', async () => {
    script.answer = ({ method }) => (method === 'POST' ? { status: 200, body: answered('done') } : undefined);
    await open('/lignes/tri-1', () => stateOf({}, THREE), 'alarm-banner');
    expect(await page.getByTestId('alarm-banner').getAttribute('data-alarm')).toBe('tri-1:bourrage-trieur');
    const before = server.asked.length;
    await page.getByTestId('alarm-acknowledge').click();
    await until('seen', () => Promise.resolve(server.asked.length - before === 1), SEEN_MS);
    await page.getByTestId('alarm-shelve').click();
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('act-words').fill('Pièce commandée');
    await page.getByTestId('act-confirm').click();
    await until('aside', () => Promise.resolve(server.asked.length - before === 2), SEEN_MS);
    expect(server.asked.slice(before).map(({ path, body }) => [path, body])).toEqual([
      ['/api/v1/alarms/tri-1%3Abourrage-trieur/acknowledge', { occurrence: 3 }],
      ['/api/v1/alarms/tri-1%3Abourrage-trieur/shelve', { forMs: 3_600_000, reason: 'Pièce commandée' }],
    ]);
    await page.getByTestId('alarm-mute').click();
    await page.getByTestId('alarm-speak').waitFor();
  });

  it.each([
    ['on its card', '/alarmes', 'alarms-standing'],
    ['in the list', '/alarmes?vue=toutes', 'declared-tri-1:debit'],
  ])('acknowledges in one touch %s too', async (_where, path, testid) => {
    script.answer = ({ method, path: asked }) =>
      method === 'POST' ? { status: 200, body: answered('done') } : alarmAnswer(asked);
    await open(path, () => stateOf({}, THREE), testid);
    const before = server.asked.length;
    await page.getByTestId('acknowledge-tri-1:debit').click();
    await until('seen', () => Promise.resolve(server.asked.length - before === 1), SEEN_MS);
    expect(server.asked.at(-1)).toMatchObject({
      path: '/api/v1/alarms/tri-1%3Adebit/acknowledge',
      body: { occurrence: 3 },
    });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('calls a device by its label wherever it is named', async () => {
    const gone = alarm({ station: null, device: 'plc' });
    const named = (): LiveState => deviceAway('plc', 'Automate', [gone]);
    await open('/alarmes', named, `alarm-${gone.id}`);
    expect(await page.getByTestId(`alarm-${gone.id}`).textContent()).toContain('Automate');
    await open('/lignes/tri-1', named, 'device-plc');
    expect(await page.getByTestId('device-plc').locator('h3').textContent()).toContain('Automate');
    await page.getByTestId('device-plc').getByRole('button').click();
    expect(await page.locator('#device-tags caption').textContent()).toMatch(/^Mesures\s: Automate$/u);
    expect(await page.getByTestId('why-start').textContent()).toContain('Automate');
    expect(await look('appareil-nomme')).toEqual([]);
  });

  it('says of an alarm that is over that it is, and not what to do', async () => {
    const over = alarm({ state: 'returned' });
    await open('/lignes/tri-1', () => stateOf({}, [over]), 'alarm-banner');
    const banner = await page.getByTestId('alarm-banner').textContent();
    expect(banner).toContain('terminée, pas encore acquittée');
    expect(banner).not.toContain(over.response);
    await open('/alarmes', () => stateOf({}, [over]), `alarm-${over.id}`);
    const card = await page.getByTestId(`alarm-${over.id}`).textContent();
    expect(card).toContain('terminée, pas encore acquittée');
    expect(card).not.toContain(over.response);
    expect(card).not.toContain('Valeur mesurée');
    expect(card).toContain('Trieur');
    expect(await look('alarme-terminee')).toEqual([]);
  });

  it.each([1280, 1366])('has its header in one row at %d px, on every screen', async (width) => {
    script.answer = ({ path }) => alarmAnswer(path);
    await open('/lignes/tri-1', ofLongSite, 'control-panel');
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/lignes/tri-1', '/alarmes', '/arrets', '/trs', '/journal', '/sante', '/stock']) {
      await page.goto(`${server.url}${path}`);
      const boxes = await Promise.all(
        ['to-alarms', 'to-paper', 'sign-out'].map(async (id) => {
          const box = await page.getByTestId(id).boundingBox();
          return box === null ? Number.NaN : box.y + box.height / 2;
        }),
      );
      expect([path, Math.max(...boxes) - Math.min(...boxes) < 2]).toEqual([path, true]);
    }
    await page.screenshot({ path: artefactPath(`entete-${width}.png`) });
    await page.setViewportSize(DESK);
  });

  it('keeps its buttons where they are when the first touch brings the sound', async () => {
    const context = await screen.browser.newContext({ viewport: DESK, locale: 'fr-FR' });
    // Whether a browser lets a page sound before a touch hangs on what it has seen before: here it never does.
    await context.addInitScript(`
      let isTouched = false;
      addEventListener('pointerdown', () => { isTouched = true; }, true);
      HTMLMediaElement.prototype.play = () =>
        isTouched ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError'));
      window.seen = new Set();
      function look() {
        const box = document.querySelector('[data-testid="alarm-acknowledge"]')?.getBoundingClientRect();
        if (box !== undefined) window.seen.add([box.x, box.y, box.width, box.height].join());
        requestAnimationFrame(look);
      }
      requestAnimationFrame(look);
    `);
    const fresh = await context.newPage();
    script.shown = jammed;
    server.show(jammed());
    await fresh.goto(`${server.url}/lignes/tri-1`);
    await fresh.getByTestId('sound-refused').waitFor();
    await fresh.reload();
    await fresh.getByTestId('sound-refused').waitFor();
    expect(await fresh.evaluate<string[]>('[...window.seen]')).toHaveLength(1);
    await fresh.screenshot({ path: artefactPath('commande-son-refuse-1280x800.png') });
    const places = () =>
      Promise.all(
        ['alarm-banner', 'alarm-acknowledge', 'alarm-shelve', 'order-stop'].map((id) =>
          fresh.getByTestId(id).boundingBox(),
        ),
      );
    const before = await places();
    await until(
      'the sound after a touch',
      async () => {
        await fresh.mouse.click(2, 2);
        return (await fresh.getByTestId('alarm-mute').count()) === 1;
      },
      SOUND_MS,
    );
    expect(await places()).toEqual(before);
    await context.close();
  }, 180_000);

  it('offers a phone nothing but hold and stop, and says why', async () => {
    const context = await screen.browser.newContext({ ...devices['Pixel 7'], locale: 'fr-FR' });
    const phone = await context.newPage();
    script.shown = () => stateOf(WAITS, THREE);
    server.show(script.shown());
    await phone.goto(`${server.url}/lignes/tri-1`);
    await phone.getByTestId('control-panel').waitFor();
    const buttons = await phone.locator('button[data-testid^="order-"]').all();
    const ids = await Promise.all(buttons.map((button) => button.getAttribute('data-testid')));
    expect(ids).toEqual(['order-hold', 'order-stop']);
    await phone.getByText('Sur un téléphone').waitFor();
    await phone.screenshot({ path: artefactPath('commande-telephone.png'), fullPage: true });
    await context.close();
  });
});
