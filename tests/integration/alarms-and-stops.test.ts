/**
 * A jam of the simulated line, from the belt to the pages: the edge's alarm, the live list, an acknowledgement that the
 * edge records, the stop with its first alarm and its cause, and the figures that follow.
 */
import type { AlarmJournalRow, AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { ShiftLog, StopRow, TrsAnswer } from '@trame/protocol/stops/stop-answers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const SEEN_WITHIN_MS = 60_000;
/** How long the simulated belt stays jammed. */
const JAM_MS = 20_000;

describe('a jam', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let keys = 0;

  const post = async (path: string, body: object): Promise<readonly [number, unknown]> => {
    const response = await supervisor.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `jam-test-${(keys += 1)}` },
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };
  const alarms = async (query = '') => {
    const { rows } = (await supervisor.get(`/api/v1/alarms?line=${LINE}${query}`)) as { rows: AlarmRow[] };
    return rows;
  };
  const stops = async () => {
    const { rows } = (await supervisor.get(`/api/v1/stops?line=${LINE}`)) as { rows: StopRow[] };
    return rows;
  };

  beforeAll(async () => {
    site = await startSite({ history: 'embedded', profile: 'automatic' });
    supervisor = await site.signInAs('supervisor');
    await until('declared alarms', async () => (await alarms('&state=all')).length > 10, SEEN_WITHIN_MS);
    await until(
      'an open shift',
      async () =>
        (await post('/shifts', { team: 'essai', posts: [{ post: 'tables', heads: 6 }] }))[0] === 201,
      SEEN_WITHIN_MS,
    );
  }, 180_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  it('is an alarm within seconds, is acknowledged on the edge, and makes a stop that people explain', async () => {
    await site.simulation.addFault({ kind: 'jam', target: 'belt', durationMs: JAM_MS });
    const jam = await until(
      'the alarm of the jam',
      async () => (await alarms()).find(({ alarm }) => alarm === 'infeed-jam'),
      SEEN_WITHIN_MS,
    );
    expect(jam).toMatchObject({ state: 'unacknowledged', priority: 1, condition: true });
    expect(jam.response).not.toBe('');

    const seen = { occurrence: jam.occurrence, comment: 'on y va' };
    expect(await post(`/alarms/${jam.id}/acknowledge`, seen)).toMatchObject([200, { code: 'done' }]);
    const acknowledged = await until(
      'the acknowledgement',
      async () =>
        (await alarms('&state=all')).find(({ id, comment }) => id === jam.id && comment === 'on y va'),
      SEEN_WITHIN_MS,
    );
    expect(['acknowledged', 'normal']).toContain(acknowledged.state);
    const recorded = (await exportLedger(site)).filter(({ type }) => type === 'alarm.changed');
    expect(
      recorded.some(({ actorRef, payload }) => actorRef !== null && payload?.['comment'] === 'on y va'),
    ).toBe(true);

    const stop = await until(
      'the end of the stop',
      async () => (await stops()).find((row) => row.to !== null && row.firstAlarm?.alarm === jam.alarm),
      SEEN_WITHIN_MS + JAM_MS,
    );
    expect(stop).toMatchObject({ proposed: 'bourrage', cause: null, micro: true, kind: 'micro-stop' });
    expect(stop.durationMs).toBeGreaterThan(JAM_MS / 2);
    expect(await post(`/stops/${stop.id}/explain`, { cause: 'bourrage', note: 'ceinture' })).toMatchObject([
      200,
      { id: stop.id },
    ]);
    const explained = (await stops()).find(({ id }) => id === stop.id);
    expect(explained).toMatchObject({ cause: 'bourrage', kind: 'operating', note: 'ceinture' });
  }, 180_000);

  it('is in the journal, the figures, the rates and the log of the shift', async () => {
    const journal = (await supervisor.get(`/api/v1/alarms/journal?line=${LINE}`)) as {
      rows: AlarmJournalRow[];
    };
    const ofJam = journal.rows.filter(({ alarm }) => alarm === 'infeed-jam').toReversed();
    // Every change begins where the one before ended.
    expect(ofJam.slice(1).map(({ from }) => from)).toEqual(ofJam.slice(0, -1).map(({ to }) => to));
    expect(ofJam.map(({ because }) => because)).toContain('person');
    const kpi = (await supervisor.get(`/api/v1/alarms/kpi?line=${LINE}`)) as AlarmKpi;
    expect(kpi.raised).toBeGreaterThan(0);
    expect(kpi.medianToAcknowledgeMs).toBeGreaterThan(0);
    const trs = (await supervisor.get(`/api/v1/trs?line=${LINE}`)) as TrsAnswer;
    const figures = trs.rows[0]?.figures;
    expect(figures?.stops.map(({ kind }) => kind)).toContain('operating');
    expect(figures?.trs).toBeGreaterThanOrEqual(0);
    expect(figures?.trs).toBeLessThan(1);
    const shift = trs.rows[0]?.key ?? '';
    expect(await post(`/shifts/${shift}/sign`, { side: 'leaving', text: 'Bourrage dégagé' })).toMatchObject([
      200,
      {},
    ]);
    const log = (await supervisor.get(`/api/v1/shift-log?line=${LINE}&shift=${shift}`)) as ShiftLog;
    expect(log.signatures).toMatchObject([{ side: 'leaving', text: 'Bourrage dégagé', mine: true }]);
    expect(log.stops.some(({ cause }) => cause === 'bourrage')).toBe(true);
    expect(log.alarms.raised).toBeGreaterThan(0);
  });
});
