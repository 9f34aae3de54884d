/**
 * A supervisor's shift in Chromium, on a site as it stands: the line is started, jams, is cleared and started again, the stop
 * is explained, and the line handed over. What the page says is held against the simulated PLC and against the interface.
 */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { CommandsAnswer } from '@trame/protocol/control/control-answers';
import type { Andon, ShiftLog, StopRow } from '@trame/protocol/stops/stop-answers';
import { randomUUID } from 'node:crypto';
import { devices } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium, type OpenChromium } from '../helpers/chromium.ts';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { deskPage, type DeskPage } from '../helpers/desk-page.ts';
import { atThePanel } from '../helpers/line-control.ts';
import { sendCommand } from '../helpers/line-command.ts';
import { readLineRegisters } from '../helpers/line-registers.ts';
import { materialActs } from '../helpers/material-acts.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const SEEN_MS = 30_000;
/** Port of the simulated PLC on Modbus, after that of the first device. */
const LINE_ON_MODBUS = 5;
/** PackML, by the standard's numbers. */
const STATE = { stopped: 2, idle: 4, execute: 6, held: 11 } as const;
const JAM = { id: `${LINE}:sorter-jam`, label: 'Bourrage au trieur', cause: 'bourrage' };
const PASSED_ON = 'Trieur dégagé deux fois, surveiller l’éjecteur 4.';

describe('a supervisor’s shift', () => {
  let site: Site;
  let chromium: OpenChromium;
  let supervisor: DashboardClient;
  let desk: DeskPage;
  let shift: string;
  /** By the clock of this machine, which the site shares, ms. */
  const jammed = { fromMs: 0, toMs: 0 };

  const read = async <Answer>(path: string) => (await supervisor.get(`/api/v1${path}`)) as Answer;
  const registers = () => readLineRegisters(site.ports.modbus + LINE_ON_MODBUS);
  const alarms = async () => (await read<{ rows: readonly AlarmRow[] }>(`/alarms?line=${LINE}`)).rows;
  const unseen = async () =>
    (await alarms()).filter(({ state }) => state === 'unacknowledged' || state === 'returned');
  const commands = async () => (await read<CommandsAnswer>(`/commands?line=${LINE}`)).rows;
  const stops = async () => (await read<{ rows: readonly StopRow[] }>(`/stops?line=${LINE}`)).rows;
  const log = () => read<ShiftLog>(`/shift-log?line=${LINE}`);
  const untilPlc = (state: keyof typeof STATE) =>
    until(`a PLC that says ${state}`, async () => (await registers()).state === STATE[state], SEEN_MS);
  const jamStop = async () => (await stops()).find(({ firstAlarm }) => firstAlarm?.alarm === 'sorter-jam');
  const untilPage = (what: string, testId: string, attribute: string, value: string) =>
    until(
      what,
      async () => (await desk.page.getByTestId(testId).first().getAttribute(attribute)) === value,
      SEEN_MS,
    );

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'automatic',
      speed: 5,
      simulatorArgs: ['--no-incidents', '--crew-within', '1'],
      serverSettings: ['stops: { microStop: 10s }'],
    });
    supervisor = await site.signInAs('supervisor');
    await untilPlc('execute');
    // From here on the crew waits for the supervisor; the shift before left the line stopped.
    await atThePanel(site.ports.sim, { restarts: false });
    await until(
      'the stop of the shift before',
      async () => {
        // Asked anew until it is taken: an edge that does not see its PLC yet refuses, and a refusal under a key stands.
        const answer = await sendCommand(supervisor, `shift-before-${randomUUID()}`, 'line.stop');
        if (answer.status < 300) return true;
        throw new Error(JSON.stringify(answer));
      },
      SEEN_MS,
    );
    await untilPlc('stopped');
    const posts = [{ post: 'tables', heads: 6 }];
    shift = (await materialActs(supervisor).act('/shifts', { team: 'Matin', posts })).id;
    chromium = await openChromium();
    desk = await deskPage(chromium, site, { role: 'supervisor', path: `/lignes/${LINE}` });
  }, 180_000);

  afterEach(() => {
    if (desk.errors.length > 0) throw new Error(desk.errors.join(' | '));
  });

  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('shows a line that stands, which nobody has in hand, and says so before anything is touched', async () => {
    await desk.page.getByTestId('control-panel').waitFor();
    await untilPage('a line that stands', 'line-state', 'data-state', 'stopped');
    expect(await desk.page.getByTestId('order-start').isDisabled()).toBe(true);
    expect(await desk.page.getByTestId('why-start').textContent()).not.toBe('');
    expect(await desk.look('1-arretee')).toEqual([]);
  });

  it('is taken, reset and started: a double click is one start, and the PLC runs as the page says', async () => {
    const { page } = desk;
    await page.getByTestId('hand-take').click();
    await untilPage('the line in hand', 'hand', 'data-hand', 'mine');
    await page.getByTestId('order-reset').click();
    await untilPlc('idle');
    await untilPage('a line that is ready', 'line-state', 'data-state', 'idle');
    await page.locator('[data-testid="order-start"]:enabled').waitFor();
    expect(await desk.look('2-prete')).toEqual([]);
    await page.getByTestId('order-start').dblclick();
    await until('the horn', async () => (await registers()).horn, SEEN_MS);
    await page.getByTestId('order-busy').waitFor();
    expect(await desk.look('3-demarre')).toEqual([]);
    await untilPlc('execute');
    await untilPage('a line that runs', 'line-state', 'data-state', 'execute');
    const started = page.locator('[data-testid="order-outcome"][data-command="line.start"]');
    await until('done', async () => (await started.getAttribute('data-outcome')) === 'done', SEEN_MS);
    const starts = (await commands()).filter(({ command }) => command === 'line.start');
    expect(starts.map(({ outcome, by }) => [outcome, by])).toEqual([['done', 'person']]);
    expect(await desk.look('4-marche')).toEqual([]);
  });

  it('jams: the banner says what and what to do, and a start is refused in the same words', async () => {
    const { page } = desk;
    const fault = await site.simulation.addFault({ kind: 'jam', target: 'sorter' });
    jammed.fromMs = Date.now();
    await untilPlc('held');
    await untilPage('the banner', 'alarm-banner', 'data-alarm', JAM.id);
    const banner = await page.getByTestId('alarm-banner').textContent();
    expect(banner).toContain(JAM.label);
    const row = (await alarms()).find(({ id }) => id === JAM.id);
    expect(row).toMatchObject({ state: 'unacknowledged', priority: 1, first: true });
    expect(banner).toContain(row?.response);
    await until(
      'the reason',
      async () => (await page.getByTestId('why-unhold').textContent())?.includes(JAM.label),
      SEEN_MS,
    );
    expect(await page.getByTestId('order-unhold').isDisabled()).toBe(true);
    expect(await desk.look('5-bourrage')).toEqual([]);

    await page.getByTestId('alarm-acknowledge').click();
    await untilPage('seen', 'alarm-banner', 'data-state', 'acknowledged');
    expect((await alarms()).find(({ id }) => id === JAM.id)?.state).toBe('acknowledged');
    expect(await desk.look('6-bourrage-acquitte')).toEqual([]);

    // Long enough to be no micro-stop.
    await until('ten seconds', () => Date.now() - jammed.fromMs > 12_000, SEEN_MS);
    await site.simulation.removeFault(fault);
    await page.locator('[data-testid="order-unhold"]:enabled').waitFor();
    await page.getByTestId('order-unhold').click();
    await untilPlc('execute');
    jammed.toMs = Date.now();
    await untilPage('a line that runs again', 'line-state', 'data-state', 'execute');
    await until(
      'an alarm that is over',
      async () => !(await alarms()).some(({ id }) => id === JAM.id),
      SEEN_MS,
    );
  });

  it('has its stop in the list, with what came first; a pictogram says why', async () => {
    const { page } = desk;
    const stop = await until(
      'the stop',
      async () => {
        const found = await jamStop();
        return found !== undefined && found.to !== null && found;
      },
      SEEN_MS,
    );
    expect(stop).toMatchObject({ proposed: JAM.cause, cause: null, micro: false });
    expect(Math.abs(stop.from - jammed.fromMs)).toBeLessThan(3_000);
    expect(Math.abs((stop.to ?? 0) - jammed.toMs)).toBeLessThan(3_000);
    await desk.open('/arrets', `stop-${stop.id}`);
    expect(await page.getByTestId(`stop-${stop.id}`).textContent()).toContain(JAM.label);
    expect(await desk.look('7-arrets')).toEqual([]);
    await page.getByTestId(`explain-${stop.id}`).click();
    await page.getByTestId(`cause-${JAM.cause}`).waitFor();
    expect(await desk.look('8-cause')).toEqual([]);
    await page.getByTestId(`cause-${JAM.cause}`).click();
    await untilPage('a stop that is explained', `stop-${stop.id}`, 'data-cause', JAM.cause);
    expect((await jamStop())?.cause).toBe(JAM.cause);
    await desk.open('/arrets?vue=pareto', 'pareto-drawing');
    expect(await desk.look('9-pareto')).toEqual([]);
  });

  it('leaves no alarm that nobody saw', async () => {
    await desk.open('/alarmes', 'alarms-standing');
    expect(await desk.look('10-alarmes')).toEqual([]);
    for (const { id } of await unseen()) {
      await desk.page.getByTestId(`acknowledge-${id}`).click();
      await until(`${id} seen`, async () => !(await unseen()).some((one) => one.id === id), SEEN_MS);
    }
    expect(await unseen()).toEqual([]);
  });

  it('has a log that is filled in, and that two people sign', async () => {
    const { page } = desk;
    await desk.open('/journal', 'shift-log');
    expect(await page.getByTestId('shift-log').getAttribute('data-shift')).toBe(shift);
    const said = await log();
    const stop = await jamStop();
    expect(said.stops.find(({ id }) => id === stop?.id)).toMatchObject({ cause: JAM.cause });
    expect(said.commands.map(({ command, outcome }) => [command, outcome])).toEqual(
      expect.arrayContaining([
        ['line.start', 'done'],
        ['line.unhold', 'done'],
      ]),
    );
    expect(said.alarms.byPriority).toContainEqual({ priority: 1, raised: 1 });
    const words = await page.getByTestId('shift-log').textContent();
    expect(words).toContain('Matin');
    expect(words).toContain('Bourrage');
    expect(await desk.look('11-journal')).toEqual([]);

    await page.getByTestId('sign-leaving').click();
    await page.getByTestId('field-text').fill(PASSED_ON);
    await page.getByTestId('act-submit').click();
    await untilPage('signed by who leaves', 'signature-leaving', 'data-signed', 'true');
    const other = await deskPage(chromium, site, { role: 'administrator', path: '/journal' });
    await other.page.getByTestId('signature-leaving').getByText(PASSED_ON).waitFor();
    await other.page.getByTestId('sign-arriving').click();
    await other.page.getByTestId('act-submit').click();
    await other.page.locator('[data-testid="signature-arriving"][data-signed="true"]').waitFor();
    expect(await other.look('12-journal-signe')).toEqual([]);
    expect(other.errors).toEqual([]);
    await other.page.context().close();
    expect((await log()).signatures.map(({ side, text, mine }) => [side, text, mine])).toEqual([
      ['leaving', PASSED_ON, true],
      ['arriving', '', false],
    ]);
  });

  it('shows the line on the andon, and what was sorted as the simulator weighed it', async () => {
    await desk.open(`/andon/${LINE}`, 'andon-state');
    await untilPage('the state at five metres', 'andon-state', 'data-state', 'execute');
    expect(await desk.look('13-andon')).toEqual([]);
    expect((await sendCommand(supervisor, 'shift-end', 'line.stop')).status).toBeLessThan(300);
    await untilPlc('stopped');
    await untilPage('a line that stands', 'andon-state', 'data-state', 'stopped');
    await until(
      'what fell, to the kilogram',
      async () => {
        const { outputKg } = await site.simulation.truth();
        const trueKg = Object.values(outputKg).reduce((sum, kg) => sum + kg, 0);
        const { sortedKg } = await read<Andon>(`/andon?line=${LINE}`);
        return sortedKg !== null && trueKg > 10 && Math.abs(sortedKg - trueKg) < 1;
      },
      SEEN_MS,
    );
  });

  it('tells a phone why it cannot start, on the page and when it asks all the same', async () => {
    const device = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } };
    const phone = await deskPage(chromium, site, { role: 'supervisor', path: `/lignes/${LINE}`, device });
    await phone.page.getByText('Sur un téléphone').waitFor();
    expect(await phone.page.getByTestId('order-start').count()).toBe(0);
    const answer = await phone.page.evaluate<{
      status: number;
      code: string;
    }>(`fetch('/api/v1/lines/${LINE}/commands', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'from-a-phone' },
      body: JSON.stringify({ command: 'line.start', args: {} }),
    }).then(async (response) => ({ status: response.status, code: (await response.json()).code }))`);
    expect(answer).toEqual({ status: 403, code: 'not-from-a-phone' });
    expect(await phone.look('14-telephone')).toEqual([]);
    await phone.page.context().close();
  });

  it('greys a picture that has grown old, and takes no start on it', async () => {
    await desk.open(`/lignes/${LINE}`, 'control-panel');
    site.edge.process().signal('SIGSTOP');
    try {
      await untilPage('an old picture', 'control-panel', 'data-stale', 'true');
      expect(await desk.page.getByTestId('control-stale').textContent()).not.toBe('');
      for (const order of ['start', 'reset', 'unhold']) {
        expect(await desk.page.getByTestId(`order-${order}`).isDisabled()).toBe(true);
      }
      expect(await desk.page.getByTestId('order-stop').isEnabled()).toBe(true);
      expect(await desk.look('15-ancienne')).toEqual([]);
    } finally {
      site.edge.process().signal('SIGCONT');
    }
    await untilPage('a fresh picture', 'control-panel', 'data-stale', 'false');
  });
});
