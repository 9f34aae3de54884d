/** What the records tell of a shift and of the day, on both engines; nothing of a few people. */
import type { LiveTag } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { alarmChanged, alarmDeclared } from '../alarms/test-alarms.ts';
import { logBale } from '../bales/log-bale.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import { writeNote } from '../notes/write-note.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openShift } from '../shifts/open-shift.ts';
import { signShift } from '../shifts/sign-shift.ts';
import { explainStop } from '../stops/explain-stop.ts';
import { stopRules } from '../stops/stop-config.ts';
import { stopParetoOf } from '../stops/stop-query.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { targetsOf, type TargetSettings } from '../trs/target-config.ts';
import { andonOf } from './andon-query.ts';
import { binsOf } from './bins-of-line.ts';
import { shiftLogOf } from './shift-log-query.ts';

const HOUR_MS = 3_600_000;
const hour = (n: number) => TEST_NOW_MS + n * HOUR_MS;
const asker = 'a'.repeat(32);

function asking(nowMs: number, targets: TargetSettings = { nominalKgPerHour: 500 }) {
  const alive = [{ line: 'tri-1', at: nowMs }];
  return {
    site: 'caux',
    line: 'tri-1',
    rules: { stops: stopRules({}), calendar: null, timeZone: 'Europe/Paris', alive, nowMs },
    targets: targetsOf(targets, 'tri-1'),
    disposal: [],
  };
}

/** A shift of so many: a jam that is explained, a stop that is not, an alarm that stays, a count, an output, a note. */
async function playShift(site: MaterialSite, heads: number | null): Promise<string> {
  const { id } = await site.act(openShift, { team: 'matin', posts: [{ post: 'p', heads }] }, '', hour(0));
  const say = (state: 'execute' | 'aborted' | 'stopped', at: number) =>
    site.tell('line.state', { state, emergencyStop: false }, hour(at));
  await site.tell('alarm.declared', alarmDeclared('bourrage'));
  await say('execute', 0);
  await site.tell('alarm.changed', alarmChanged('bourrage', 'normal', 'unacknowledged'), hour(1));
  const jam = await say('aborted', 1);
  await say('execute', 1.5);
  await say('stopped', 2);
  await say('execute', 2.5);
  await site.tell('mode.changed', { mode: 'production' }, hour(0));
  const source = { device: 'scale', tag: 'total', generation: 0 };
  const count = {
    counter: 'outlet.creme',
    grams: 600_000,
    totalGrams: 600_000,
    source,
    sourceGrams: 600_000,
  };
  await site.tell('throughput.counted', { from: hour(2.5), to: hour(3), counts: [count] }, hour(3));
  site.nowMs = hour(3);
  await site.act(explainStop, { cause: 'bourrage' }, jam);
  await site.act(writeNote, { text: 'Tapis 2 : bruit', about: 'line:tri-1' });
  const weighing = await site.weighing({});
  await site.weighing({});
  await site.act(logBale, { outlet: 'effilochage', weight: { how: 'scale', weighing } });
  return id;
}

describe.each(RECORDS_ENGINES)('the log of a shift, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function freshSite(): Promise<MaterialSite> {
    const fresh = await freshRecords();
    return new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
      await fresh[Symbol.asyncDispose]();
    });
  }

  it('is filled in from what was recorded, and signed by two sides', async () => {
    await using site = await freshSite();
    const id = await playShift(site, 5);
    await site.act(signShift, { side: 'leaving', text: 'Bourrage au tapis 2' }, id);
    const first = site.actorRef;
    site.actorRef = asker;
    await site.act(signShift, { side: 'arriving', text: 'Vu' }, id);
    await site.act(closeShift, {}, id, hour(4));
    const log = await shiftLogOf(site.records, { ...asking(hour(5)), shift: id, asker });
    expect(log).toMatchObject({
      shift: { id, line: 'tri-1', team: 'matin', closedAt: hour(4) },
      from: hour(0),
      to: hour(4),
      trs: { key: id, why: null, figures: { requiredMs: 4 * HOUR_MS, runningMs: 3 * HOUR_MS, trs: 0.3 } },
      stops: [{ cause: null }, { cause: 'bourrage', firstAlarm: { alarm: 'bourrage' } }],
      unexplained: 1,
      alarms: {
        raised: 1,
        byPriority: [
          { priority: 1, raised: 1 },
          { priority: 2, raised: 0 },
          { priority: 3, raised: 0 },
        ],
        standing: [{ id: 'tri-1:bourrage', since: hour(1) }],
      },
      commands: [],
      material: { outlets: [{ outlet: 'creme', grams: 600_000 }], outputs: 1, unclaimed: 1 },
      notes: [{ text: 'Tapis 2 : bruit' }],
      signatures: [
        { side: 'leaving', text: 'Bourrage au tapis 2', mine: false, alone: false },
        { side: 'arriving', text: 'Vu', mine: true, alone: false },
      ],
    });
    expect(await shiftLogOf(site.records, { ...asking(hour(5)), shift: 'S1', asker })).toBeNull();
    const seen = await shiftLogOf(site.records, { ...asking(hour(5)), shift: id, asker: first });
    expect(seen?.signatures.map(({ mine }) => mine)).toEqual([true, false]);
    // The one that is open is meant where nobody says which.
    const next = await site.act(openShift, { team: 'soir', posts: [] }, '', hour(5));
    const present = await shiftLogOf(site.records, { ...asking(hour(6)), shift: null, asker });
    expect(present).toMatchObject({ shift: { id: next.id, closedAt: null }, to: hour(6), signatures: [] });
    // What stood when it ended is told of it later too.
    const over = alarmChanged('bourrage', 'unacknowledged', 'normal', { because: 'person' });
    await site.tell('alarm.changed', over, hour(6));
    const later = await shiftLogOf(site.records, { ...asking(hour(7)), shift: id, asker });
    expect(later?.alarms.standing).toHaveLength(1);
  });

  it('counts of a stop what lies in the shift, and of alarms those whose condition stands', async () => {
    await using site = await freshSite();
    await site.tell('line.state', { state: 'stopped', emergencyStop: false }, hour(-1));
    const id = await playShift(site, 5);
    await site.tell('line.state', { state: 'stopped', emergencyStop: false }, hour(3.5));
    await site.tell('line.state', { state: 'execute', emergencyStop: false }, hour(5));
    await site.act(closeShift, {}, id, hour(4));
    const over = alarmChanged('bourrage', 'unacknowledged', 'returned');
    await site.tell('alarm.changed', over, hour(3.5));
    const log = await shiftLogOf(site.records, { ...asking(hour(6)), shift: id, asker });
    expect(log?.stops.map(({ durationMs }) => durationMs / HOUR_MS)).toEqual([0.5, 0.5, 0.5]);
    expect(log?.stops[0]).toMatchObject({ from: hour(3.5), to: hour(5) });
    const pareto = await stopParetoOf(site.records, {
      line: 'tri-1',
      period: { from: hour(0), to: hour(4) },
      rules: asking(hour(6)).rules,
    });
    expect(pareto.totalMs).toBe(1.5 * HOUR_MS);
    expect(log?.alarms).toMatchObject({ raised: 1, standing: [] });
    expect((await andonOf(site.records, asking(hour(6)))).worst).toBeNull();
  });

  it.each([3, null])('tells no figure where %s people were counted', async (heads) => {
    await using site = await freshSite();
    const id = await playShift(site, heads);
    const log = await shiftLogOf(site.records, { ...asking(hour(3.5)), shift: id, asker });
    expect(log).toMatchObject({
      trs: { figures: null, teamKgPerHour: null, why: 'group-too-small' },
      material: { inputGrams: null, outlets: null, outputs: null, unclaimed: 1 },
    });
  });

  it('is that of the day where nobody opened one', async () => {
    await using site = await freshSite();
    await site.tell('line.state', { state: 'execute', emergencyStop: null }, hour(0));
    const log = await shiftLogOf(site.records, { ...asking(hour(1)), shift: null, asker });
    expect(log).toMatchObject({
      shift: null,
      to: hour(1),
      trs: { figures: null },
      stops: [],
      signatures: [],
    });
    expect(log?.from).toBe(Date.parse('2026-11-19T23:00:00Z'));
  });

  it('has an andon beside it: state, figures of the day, the gravest alarm, and targets only when wanted', async () => {
    await using site = await freshSite();
    await playShift(site, 5);
    const bare = await andonOf(site.records, asking(hour(3.5), { nominalKgPerHour: 500, outputsPerDay: 12 }));
    expect(bare).toMatchObject({
      state: 'execute',
      stateSince: hour(2.5),
      mode: 'production',
      shift: { team: 'matin', openedAt: hour(0) },
      outputs: 1,
      target: null,
      sortedKg: 600,
      teamKgPerHour: null,
      worst: { id: 'tri-1:bourrage', priority: 1, since: hour(1), response: 'Dégager' },
    });
    expect(bare.trs).toBeCloseTo(1.2 / 3.5, 10);
    const wanted = { nominalKgPerHour: 500, outputsPerDay: 12, andon: true };
    const targeted = await andonOf(site.records, asking(hour(3.5), wanted));
    expect(targeted.target).toEqual({ outputs: 12, soFar: 1 });
    const tomorrow = await andonOf(site.records, asking(hour(20), wanted));
    expect(tomorrow).toMatchObject({ outputs: 0, sortedKg: 0 });
  });

  it('has an andon without figures where three people were counted', async () => {
    await using site = await freshSite();
    await playShift(site, 3);
    const andon = await andonOf(site.records, asking(hour(3.5), { outputsPerDay: 12, andon: true }));
    expect(andon).toMatchObject({
      outputs: null,
      sortedKg: null,
      target: null,
      trs: null,
      teamKgPerHour: null,
    });
  });

  it('has an andon that tells of a day only what enough people made together', async () => {
    await using site = await freshSite();
    const id = await playShift(site, 5);
    await site.act(closeShift, {}, id, hour(4));
    const before = await andonOf(site.records, asking(hour(4)));
    expect(before).toMatchObject({ sortedKg: 600, outputs: 1 });
    const few = [{ post: 'p', heads: 2 }];
    const { id: ofTwo } = await site.act(openShift, { team: 'soir', posts: few }, '', hour(4));
    const source = { device: 'scale', tag: 'total', generation: 0 };
    const count = {
      counter: 'outlet.creme',
      grams: 7_000,
      totalGrams: 607_000,
      source,
      sourceGrams: 607_000,
    };
    await site.tell('throughput.counted', { from: hour(4), to: hour(4.5), counts: [count] }, hour(4.5));
    site.nowMs = hour(4.5);
    const weighing = await site.weighing({});
    await site.act(logBale, { outlet: 'effilochage', weight: { how: 'scale', weighing } });
    const hidden = { sortedKg: null, outputs: null, target: null };
    const wanted = { nominalKgPerHour: 500, outputsPerDay: 12, andon: true };
    expect(await andonOf(site.records, asking(hour(5), wanted))).toMatchObject(hidden);
    await site.act(closeShift, {}, ofTwo, hour(5));
    expect(await andonOf(site.records, asking(hour(5.1), wanted))).toMatchObject({
      sortedKg: 600,
      outputs: 1,
      target: { soFar: 1 },
    });
    await site.act(openShift, { team: 'nuit', posts: [] }, '', hour(5.2));
    expect(await andonOf(site.records, asking(hour(5.5), wanted))).toMatchObject(hidden);
  });

  it('has an andon of a line of which nothing is known', async () => {
    await using site = await freshSite();
    expect(await andonOf(site.records, asking(hour(1)))).toEqual({
      state: 'unknown',
      stateSince: null,
      mode: null,
      shift: null,
      outputs: 0,
      target: null,
      sortedKg: 0,
      trs: null,
      teamKgPerHour: null,
      worst: null,
    });
  });
});

const tag = (value: number, more: Partial<LiveTag> = {}): LiveTag => ({
  value,
  unit: '%',
  quality: 'good',
  reason: null,
  sourceTime: null,
  edgeTime: null,
  ...more,
});
const outlet = (id: string) => ({
  id,
  label: id,
  route: 'reuse' as const,
  device: 'plc',
  level: `${id}Level`,
});

describe('the bins of a line', () => {
  it('are as full as their level says, when it is good and in percent', () => {
    const tags = {
      aLevel: tag(61.6),
      bLevel: tag(140),
      cLevel: tag(50, { quality: 'bad', reason: 'edge-offline' }),
      dLevel: tag(50, { unit: 'kg' }),
    };
    const bins = binsOf({
      description: {
        stations: [],
        outlets: [...['a', 'b', 'c', 'd', 'e'].map(outlet), { id: 'hand', label: 'Main', route: 'reuse' }],
      },
      devices: { plc: { state: 'online', since: 0, tags } },
    });
    expect(bins.map(({ outlet: of, percent }) => [of, percent])).toEqual([
      ['a', 62],
      ['b', 100],
      ['c', null],
      ['d', null],
      ['e', null],
    ]);
  });
});
