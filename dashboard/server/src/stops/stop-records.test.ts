/** From what a line says and people explain to the stops that pages show, on both engines. */
import { describe, expect, it } from 'vitest';
import { alarmChanged, alarmDeclared } from '../alarms/test-alarms.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openShift } from '../shifts/open-shift.ts';
import { signShift } from '../shifts/sign-shift.ts';
import { andonOf } from '../shift-log/andon-query.ts';
import { shiftLogOf } from '../shift-log/shift-log-query.ts';
import { targetsOf } from '../trs/target-config.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { MaterialSite, noEvent } from '../testing/test-material-site.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { explainStop } from './explain-stop.ts';
import type { TimeRules } from './line-time.ts';
import { stopRules } from './stop-config.ts';
import { stopParetoOf, stopRowsOf } from './stop-query.ts';

const MINUTE_MS = 60_000;
const BEGAN = TEST_NOW_MS;
const minute = (n: number) => BEGAN + n * MINUTE_MS;

function rulesAt(nowMs: number, more: Partial<TimeRules> = {}): TimeRules {
  return {
    stops: stopRules({}),
    calendar: null,
    timeZone: 'Europe/Paris',
    alive: [{ line: 'tri-1', at: nowMs }],
    nowMs,
    ...more,
  };
}

async function tellState(
  site: MaterialSite,
  minutes: number,
  state: 'execute' | 'aborted' | 'stopped' | 'unknown' | 'suspended',
) {
  return site.tell('line.state', { state, emergencyStop: false }, minute(minutes));
}

const asked = (from: number, to: number, nowMs: number, more: Partial<TimeRules> = {}) => ({
  line: 'tri-1',
  period: { from: minute(from), to: minute(to) },
  rules: rulesAt(nowMs, more),
});

describe.each(RECORDS_ENGINES)('stops of a line, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function freshSite(): Promise<MaterialSite> {
    const fresh = await freshRecords();
    return new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
      await fresh[Symbol.asyncDispose]();
    });
  }

  it('are found with their first alarm, and explained by a person', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    await site.tell('alarm.declared', alarmDeclared('bourrage'));
    await site.tell(
      'alarm.changed',
      alarmChanged('bourrage', 'normal', 'unacknowledged'),
      minute(10) - 5_000,
    );
    const jam = await tellState(site, 10, 'aborted');
    await tellState(site, 15, 'execute');
    const starved = await tellState(site, 20, 'suspended');
    await tellState(site, 21, 'execute');
    const last = await tellState(site, 30, 'stopped');
    const query = asked(0, 60, minute(40));
    const rows = await stopRowsOf(site.records, query);
    expect(rows).toMatchObject([
      { id: last, to: null, durationMs: 10 * MINUTE_MS, micro: false, proposed: null, kind: 'unexplained' },
      { id: starved, durationMs: MINUTE_MS, micro: true, proposed: 'matiere', kind: 'starved' },
      {
        id: jam,
        from: minute(10),
        to: minute(15),
        site: 'caux',
        firstAlarm: { alarm: 'bourrage' },
        proposed: 'bourrage',
        cause: null,
        kind: 'operating',
      },
    ]);
    site.nowMs = minute(40);
    await site.act(explainStop, { cause: 'formation' }, jam);
    await site.act(explainStop, { cause: 'panne', note: ' courroie ' }, jam);
    const [, , explained] = await stopRowsOf(site.records, query);
    expect(explained).toMatchObject({
      cause: 'panne',
      kind: 'breakdown',
      note: 'courroie',
      proposed: 'bourrage',
    });
    expect((await stopParetoOf(site.records, query)).rows.map(({ cause }) => cause)).toEqual([
      'a-expliquer',
      'panne',
      'matiere',
    ]);
    await rebuildProjections(site.records, localDayIn('Europe/Paris'));
    expect((await stopRowsOf(site.records, query))[2]).toEqual(explained);
    expect(await site.refusal(explainStop, { cause: 'none' }, jam)).toMatchObject({ code: 'unknown-cause' });
    for (const stop of ['a'.repeat(32), await tellState(site, 41, 'execute')]) {
      expect((await site.refusal(explainStop, { cause: 'panne' }, stop)).code).toBe('unknown-stop');
    }
    expect((await site.refusal(explainStop, { cause: 'panne' }, last, minute(29))).code).toBe(
      'not-yet-there',
    );
  });

  it('give an alarm to the stop that it made, not to one asked for right after, whatever period is asked', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    await site.tell('alarm.declared', alarmDeclared('bourrage'));
    await site.tell('alarm.changed', alarmChanged('bourrage', 'normal', 'unacknowledged'), minute(9.9));
    const jam = await tellState(site, 10, 'aborted');
    await tellState(site, 10.2, 'execute');
    const wanted = await tellState(site, 10.3, 'stopped');
    await tellState(site, 15, 'execute');
    const alarmsOf = async (from: number) =>
      (await stopRowsOf(site.records, asked(from, 20, minute(20)))).map(({ id, firstAlarm, proposed }) => [
        id,
        firstAlarm?.alarm ?? null,
        proposed,
      ]);
    expect(await alarmsOf(0)).toEqual([
      [wanted, null, null],
      [jam, 'bourrage', 'bourrage'],
    ]);
    expect(await alarmsOf(12)).toEqual([[wanted, null, null]]);
  });

  it('are whole where a period begins or ends within one', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    const stop = await tellState(site, 10, 'stopped');
    await tellState(site, 20, 'aborted');
    await tellState(site, 30, 'execute');
    await tellState(site, 40, 'stopped');
    for (const [from, to] of [
      [15, 25],
      [0, 11],
      [29, 35],
      [12, 13],
    ] as const) {
      const rows = await stopRowsOf(site.records, asked(from, to, minute(50)));
      expect(rows).toMatchObject([
        { id: stop, from: minute(10), to: minute(30), durationMs: 20 * MINUTE_MS },
      ]);
    }
    expect(await stopRowsOf(site.records, asked(31, 39, minute(50)))).toEqual([]);
    expect(await stopRowsOf(site.records, { ...asked(0, 60, minute(50)), line: 'tri-2' })).toEqual([]);
  });

  it('count in a Pareto with the part that lies in its period, whenever they began', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    await tellState(site, 10, 'stopped');
    await tellState(site, 30, 'execute');
    await tellState(site, 40, 'stopped');
    for (const [from, to, stops, minutes] of [
      [0, 50, 2, 30],
      [15, 25, 1, 10],
      [29, 45, 2, 6],
      [31, 39, 0, 0],
    ] as const) {
      const pareto = await stopParetoOf(site.records, asked(from, to, minute(60)));
      const counted = pareto.rows.reduce((sum, row) => sum + row.stops, 0);
      expect([from, to, counted, pareto.totalMs / MINUTE_MS]).toEqual([from, to, stops, minutes]);
    }
  });

  it('do not count what nobody knows: an edge that was away, a line that says nothing, an edge that is silent', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    await tellState(site, 10, 'stopped');
    await site.tell(
      'edge.started',
      { version: '1', boot: '00000000000000aa', unclean: true, lastAliveAt: minute(12) },
      minute(18),
    );
    await tellState(site, 20, 'unknown');
    await tellState(site, 25, 'stopped');
    const query = asked(0, 60, minute(40), { alive: [{ line: 'tri-1', at: minute(30) }] });
    const rows = await stopRowsOf(site.records, query);
    expect(rows.map(({ from, to, durationMs }) => [from, to, durationMs / MINUTE_MS])).toEqual([
      [minute(25), null, 5],
      [minute(10), minute(20), 4],
    ]);
  });

  it('count opening hours, by calendar or by shift', async () => {
    await using site = await freshSite();
    // 11:00 in Paris on a Friday.
    await tellState(site, 0, 'execute');
    await tellState(site, 50, 'stopped');
    await tellState(site, 130, 'execute');
    const calendar = { open: { friday: ['08:00-12:00', '13:00-17:00'] }, breaks: ['13:00-13:05'] };
    const [closed] = await stopRowsOf(site.records, asked(0, 200, minute(200), { calendar }));
    // 11:50 to 12:00, and from 13:05 to 13:10.
    expect(closed).toMatchObject({ durationMs: 15 * MINUTE_MS });
    const [all] = await stopRowsOf(site.records, asked(0, 200, minute(200)));
    expect(all).toMatchObject({ durationMs: 80 * MINUTE_MS });
    const { id } = await site.act(openShift, { team: 'matin', posts: [] }, '', minute(40));
    await site.act(closeShift, {}, id, minute(60));
    const [ofShift] = await stopRowsOf(site.records, asked(0, 200, minute(200)));
    expect(ofShift).toMatchObject({ durationMs: 10 * MINUTE_MS });
  });

  it('are none in a night between two shifts, whichever period is asked', async () => {
    await using site = await freshSite();
    site.nowMs = minute(1_500);
    for (const [from, to] of [
      [0, 60],
      [1_440, 1_500],
    ] as const) {
      const { id } = await site.act(openShift, { team: 'matin', posts: [] }, '', minute(from));
      await site.act(closeShift, {}, id, minute(to));
    }
    await tellState(site, 0, 'execute');
    await tellState(site, 60, 'stopped');
    // A restart in the night.
    await tellState(site, 700, 'unknown');
    await tellState(site, 701, 'stopped');
    await tellState(site, 1_440, 'execute');
    const totalOf = async (from: number, to: number) =>
      (await stopParetoOf(site.records, asked(from, to, minute(1_500)))).totalMs;
    for (const [from, to] of [
      [0, 1_500],
      [60, 700],
      [710, 1_400],
      [300, 1_200],
    ] as const) {
      expect([from, to, await totalOf(from, to)]).toEqual([from, to, 0]);
      const rows = await stopRowsOf(site.records, asked(from, to, minute(1_500)));
      expect(rows).toEqual([]);
    }
  });

  it('count no hour beyond the length of a shift, though it was closed days later', async () => {
    await using site = await freshSite();
    site.nowMs = minute(60 * 60);
    const { id } = await site.act(openShift, { team: 'matin', posts: [] }, '', minute(0));
    await tellState(site, 0, 'execute');
    await tellState(site, 8 * 60, 'stopped');
    const openedFor = async () =>
      (await stopParetoOf(site.records, asked(0, 60 * 60, minute(60 * 60)))).totalMs;
    const forgotten = await openedFor();
    expect(forgotten).toBe(4 * 60 * MINUTE_MS);
    await site.act(closeShift, {}, id, minute(50 * 60));
    expect(await openedFor()).toBe(forgotten);
  });

  it('are the same wherever the period that is asked ends', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    const began = await tellState(site, 10, 'stopped');
    const changed = await site.tell('mode.changed', { mode: 'maintenance' }, minute(11));
    await tellState(site, 60, 'execute');
    const rowsTo = async (to: number) =>
      (await stopRowsOf(site.records, asked(0, to, minute(70)))).map(({ id, kind, micro, to: end }) => [
        id,
        kind,
        micro,
        end,
      ]);
    const first = [began, 'micro-stop', true, minute(11)];
    expect(await rowsTo(10.5)).toEqual([first]);
    expect(await rowsTo(30)).toEqual([[changed, 'maintenance', false, minute(60)], first]);
  });

  it('end though a clock was set back while the line stood, and the line stands as it said last', async () => {
    await using site = await freshSite();
    await tellState(site, 0, 'execute');
    await tellState(site, 60, 'stopped');
    await tellState(site, 48, 'execute');
    site.nowMs = minute(600);
    expect(await stopRowsOf(site.records, asked(0, 600, minute(600)))).toEqual([]);
    const andon = { targets: targetsOf({}, 'tri-1'), disposal: [], rules: rulesAt(minute(600)) };
    const shown = await andonOf(site.records, { site: 'caux', line: 'tri-1', ...andon });
    expect(shown).toMatchObject({ state: 'execute', stateSince: minute(48) });
    // Said at the same moment: what came later counts.
    await tellState(site, 590, 'stopped');
    await tellState(site, 590, 'execute');
    await tellState(site, 590, 'stopped');
    const [last] = await stopRowsOf(site.records, asked(0, 600, minute(600)));
    expect(last).toMatchObject({ from: minute(590), to: null });
  });

  it('keep who hands over and who takes over, each side once, the last one said', async () => {
    await using site = await freshSite();
    const { id } = await site.act(openShift, { team: 'matin', posts: [] });
    await site.act(signShift, { side: 'leaving', text: 'Tapis 2 à surveiller' }, id);
    const leaves = site.actorRef;
    const arrives = noEvent();
    site.actorRef = arrives;
    await site.act(signShift, { side: 'arriving' }, id);
    await site.act(closeShift, {}, id);
    site.actorRef = leaves;
    await site.act(signShift, { side: 'leaving', text: ' Rien à signaler ' }, id);
    const rows = await site.records.selectFrom('shift_signatures').selectAll().orderBy('side').execute();
    expect(rows).toMatchObject([
      { shift: id, side: 'arriving', text: '', line: 'tri-1', actorRef: arrives },
      { shift: id, side: 'leaving', text: 'Rien à signaler', actorRef: leaves },
    ]);
    expect((await site.refusal(signShift, { side: 'leaving' }, 'S1')).code).toBe('unknown-shift');
    expect((await site.refusal(signShift, { side: 'leaving' }, id, BEGAN - 1)).code).toBe('wrong-state');
  });

  it('refuse one account on both sides unless it is alone, and another one in its place', async () => {
    await using site = await freshSite();
    const { id } = await site.act(openShift, { team: 'matin', posts: [] });
    await site.act(signShift, { side: 'leaving' }, id);
    expect(await site.refusal(signShift, { side: 'arriving' }, id)).toEqual({
      code: 'signed-by-you',
      params: { shift: id, side: 'leaving' },
    });
    const supervisor = site.actorRef;
    site.actorRef = noEvent();
    for (const alone of [false, true]) {
      expect(await site.refusal(signShift, { side: 'leaving', alone }, id)).toEqual({
        code: 'signed-by-another',
        params: { shift: id, side: 'leaving' },
      });
    }
    site.actorRef = supervisor;
    await site.act(signShift, { side: 'arriving', alone: true }, id);
    const log = await shiftLogOf(site.records, {
      site: 'caux',
      line: 'tri-1',
      shift: id,
      asker: supervisor,
      rules: rulesAt(site.nowMs),
      targets: targetsOf({}, 'tri-1'),
      disposal: [],
    });
    expect(log?.signatures).toMatchObject([
      { side: 'leaving', mine: true, alone: true },
      { side: 'arriving', mine: true, alone: true },
    ]);
  });
});
