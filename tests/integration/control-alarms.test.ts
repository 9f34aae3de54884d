/** What a line tells its people, from a fault of the plant to journal and figures, over a power cut of the edge and a flood. */
import type { AlarmJournalRow, AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { FLOOD_BEGINS_ABOVE } from '@trame/protocol/alarms/alarm-names';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { siteControl, startControlledSite } from '../helpers/site-control.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import type { Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const SEEN_WITHIN_MS = 90_000;
/** Within this an alarm of the press would have been said. */
const SAID_MS = 2_000;
const OUTLETS = ['creme', 'reemploi', 'essuyage', 'effilochage', 'polymere', 'buchettes', 'csr', 'manuel'];

describe('the alarms of a line', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let keys = 0;
  const begunMs = Date.now();

  beforeAll(async () => {
    site = await startControlledSite();
    supervisor = await site.signInAs('supervisor');
    await siteControl(site).sees(supervisor, 'the line runs', ({ state }) => state === 'execute');
    await until('declared alarms', async () => (await rows('all')).length > 10, SEEN_WITHIN_MS);
  }, 180_000);

  afterAll(() => site[Symbol.asyncDispose]());

  const rows = async (state: 'all' | 'standing') => {
    const path = `/api/v1/alarms?line=${LINE}&state=${state}`;
    return ((await supervisor.get(path)) as { rows: readonly AlarmRow[] }).rows;
  };
  const sees = (alarm: string, isSo: (row: AlarmRow) => boolean) =>
    until(
      `the alarm ${alarm}`,
      async () => (await rows('all')).find((row) => row.alarm === alarm && isSo(row)),
      SEEN_WITHIN_MS,
    );
  const act = async (alarm: string, what: string, body: object = {}): Promise<number> => {
    const { id } = await sees(alarm, () => true);
    const answer = await supervisor.request(`/api/v1/alarms/${encodeURIComponent(id)}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `alarm-act-${(keys += 1)}` },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const changes = async () =>
    (await exportLedger(site))
      .filter(({ type }) => type === 'alarm.changed')
      .map(({ payload }) => payload ?? {});

  it('come, are seen and put aside, stay so over a power cut of the edge, and go', async () => {
    const jam = await site.simulation.addFault({ kind: 'jam', target: 'belt' });
    const come = await sees('infeed-jam', ({ state }) => state === 'unacknowledged');
    expect(come).toMatchObject({ priority: 1, condition: true, first: true, station: 'infeed-belt' });
    expect(await act('infeed-jam', 'acknowledge', { occurrence: come.occurrence + 1 })).toBe(409);
    expect(await act('infeed-jam', 'acknowledge', { occurrence: come.occurrence })).toBe(200);
    await sees('infeed-jam', ({ state }) => state === 'acknowledged');
    const reason = 'presse en réparation';
    expect(await act('press-blocked', 'shelve', { forMs: 600_000, reason })).toBe(200);
    await sees('press-blocked', ({ state, comment }) => state === 'shelved' && comment === reason);

    const before = (await changes()).filter(({ alarm }) => alarm === 'infeed-jam').length;
    await site.edge.kill();
    site.edge.start();
    await siteControl(site).sees(supervisor, 'the line is heard again', ({ interlocks }) =>
      interlocks.some(({ id, forbidding, unknown }) => id === 'infeed-jam' && forbidding && !unknown),
    );
    expect(await sees('infeed-jam', () => true)).toMatchObject({
      state: 'acknowledged',
      occurrence: come.occurrence,
    });
    const after = (await changes()).filter(({ alarm }) => alarm === 'infeed-jam').slice(before);
    expect(after.map(({ to }) => to)).not.toContain('unacknowledged');

    // It says nothing while it is put aside, and all the more when it is taken back.
    const blocked = await site.simulation.addFault({ kind: 'pressBlocked', target: 'press' });
    await siteControl(site).sees(supervisor, 'the press', ({ interlocks }) =>
      interlocks.some(({ id, forbidding }) => id === 'press-blocked' && forbidding),
    );
    await sleep(SAID_MS);
    expect((await rows('standing')).map(({ alarm }) => alarm)).not.toContain('press-blocked');
    expect(await act('press-blocked', 'unshelve')).toBe(200);
    const shown = await sees('press-blocked', ({ state }) => state === 'unacknowledged');
    await site.simulation.removeFault(blocked);
    await sees('press-blocked', ({ state }) => state === 'returned');
    expect(await act('press-blocked', 'acknowledge', { occurrence: shown.occurrence })).toBe(200);
    await sees('press-blocked', ({ state }) => state === 'normal');
    await site.simulation.removeFault(jam);
    await sees('infeed-jam', ({ state, condition }) => state === 'normal' && condition === false);
  }, 180_000);

  it('that are more than anybody can answer are told to be a flood', async () => {
    const faults = [
      ...OUTLETS.map((target) => ({ kind: 'binFull', target })),
      { kind: 'jam', target: 'belt' },
      { kind: 'jam', target: 'sorter' },
      { kind: 'pressBlocked', target: 'press' },
      { kind: 'estop', target: 'line' },
    ];
    expect(faults.length).toBeGreaterThan(FLOOD_BEGINS_ABOVE);
    const put = await Promise.all(faults.map((fault) => site.simulation.addFault(fault)));
    const flood = await until(
      'a flood',
      async () => (await exportLedger(site)).find(({ type }) => type === 'alarm.flood'),
      SEEN_WITHIN_MS,
    );
    expect(flood.payload).toMatchObject({ phase: 'began' });
    await Promise.all(put.map((id) => site.simulation.removeFault(id)));
    await sees('emergency-stop', ({ state }) => state === 'returned');
  }, 180_000);

  it('stand in journal and figures as the ledger tells them', async () => {
    // The last of what is recorded has come once twice the same is told.
    const recorded = await until(
      'a journal that has all of the ledger',
      async () => {
        const events = await changes();
        const { rows: journal } = (await supervisor.get(`/api/v1/alarms/journal?line=${LINE}&limit=500`)) as {
          rows: readonly AlarmJournalRow[];
        };
        return journal.length === events.length && { events, journal };
      },
      SEEN_WITHIN_MS,
    );
    const { events, journal } = recorded;
    expect(journal.map(({ alarm, from, to, because }) => ({ alarm, from, to, because }))).toEqual(
      expect.arrayContaining(events.map(({ alarm, from, to, because }) => ({ alarm, from, to, because }))),
    );
    // Each change of an alarm begins where the one before ended.
    const broken = Object.values(Object.groupBy(events, ({ alarm }) => String(alarm))).flatMap((ofOne = []) =>
      ofOne.filter(({ from }, n) => from !== (n === 0 ? 'normal' : ofOne[n - 1]?.['to'])),
    );
    expect(broken).toEqual([]);
    // What a person put aside and took back did not come up again.
    const raised = events.filter(
      ({ from, to, because }) => to === 'unacknowledged' && from !== 'unacknowledged' && because !== 'person',
    );
    const since = new Date(begunMs).toISOString();
    const kpi = (await supervisor.get(`/api/v1/alarms/kpi?line=${LINE}&from=${since}`)) as AlarmKpi;
    expect(kpi.raised).toBe(raised.length);
    expect(kpi.peakPerTenMinutes).toBeGreaterThan(FLOOD_BEGINS_ABOVE);
    expect(kpi.floodPercent).toBeGreaterThan(0);
    expect(kpi.byPriority.reduce((sum, of) => sum + of.raised, 0)).toBe(raised.length);
    const ofJam = raised.filter(({ alarm }) => alarm === 'infeed-jam').length;
    expect(ofJam).toBeGreaterThanOrEqual(1);
    expect(kpi.top.find(({ id }) => id.endsWith('infeed-jam'))?.raised).toBe(ofJam);
  }, 120_000);
});
