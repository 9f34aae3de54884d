import { DEFAULT_STOP_CAUSES, MICRO_STOP_MS } from '@trame/protocol/stops/stop-names';
import { LINE_STATES } from '@trame/protocol/ledger-payloads';
import { LINE_MODES } from '@trame/protocol/control/control-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage } from '../calendar/coverage.ts';
import { proposeCause } from './propose-cause.ts';
import {
  firstAlarmOf,
  isRunning,
  isStopped,
  stopsOf,
  timeOfMode,
  type AlarmUp,
  type Stop,
} from './stop-fold.ts';
import { stopRules } from './stop-config.ts';
import { stopPareto } from './stop-pareto.ts';
import { stopRow, type StopFacts } from './stop-row.ts';

const MINUTE_MS = 60_000;
const state = (at: number, name: string, emergencyStop: boolean | null = false) => ({
  id: `s${at}`,
  at,
  state: name,
  emergencyStop,
});
const mode = (at: number, name: (typeof LINE_MODES)[number] | null) => ({ id: `m${at}`, at, mode: name });
const up = (alarm: string, at: number, more: Partial<AlarmUp> = {}): AlarmUp => ({
  alarm,
  label: alarm,
  family: null,
  station: null,
  at,
  first: false,
  ...more,
});

describe('stops of a line', () => {
  it('begin when it leaves Execute and end when it is back', () => {
    const states = [
      state(0, 'execute'),
      state(10, 'holding'),
      state(12, 'held'),
      state(20, 'unholding'),
      state(25, 'execute'),
      state(40, 'aborting', true),
      state(41, 'aborted', true),
    ];
    expect(stopsOf(states, [])).toEqual([
      { id: 's10', from: 10, to: 25, state: 'holding', mode: null, emergencyStop: false, after: null },
      { id: 's40', from: 40, to: null, state: 'aborting', mode: null, emergencyStop: true, after: 25 },
    ]);
  });

  it('are none while the line says nothing, and begin where it says that it stands', () => {
    const states = [state(0, 'unknown'), state(5, 'stopped'), state(9, 'unknown'), state(12, 'execute')];
    expect(stopsOf(states, []).map(({ id, to }) => [id, to])).toEqual([['s5', 9]]);
  });

  it('are others where they go on in another mode', () => {
    const states = [state(0, 'execute'), state(10, 'stopped'), state(50, 'execute')];
    const modes = [
      mode(0, 'production'),
      mode(20, 'maintenance'),
      mode(30, 'maintenance'),
      mode(40, 'manual'),
    ];
    expect(stopsOf(states, modes)).toMatchObject([
      { id: 's10', from: 10, to: 20, mode: 'production' },
      { id: 'm20', from: 20, to: 40, mode: 'maintenance' },
      { id: 'm40', from: 40, to: 50, mode: 'manual' },
    ]);
  });

  it('cover every moment in which it stands, once, whatever is said', () => {
    const said = fc.record({
      states: fc.array(fc.tuple(fc.nat(50), fc.constantFrom(...LINE_STATES)), { maxLength: 20 }),
      modes: fc.array(fc.tuple(fc.nat(50), fc.constantFrom(...LINE_MODES, null)), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(said, ({ states, modes }) => {
        const ordered = states
          .sort(([a], [b]) => a - b)
          .map(([at, name], n) => ({ ...state(at, name), id: `s${n}` }));
        const orderedModes = modes
          .sort(([a], [b]) => a - b)
          .map(([at, name], n) => ({ ...mode(at, name), id: `m${n}` }));
        const stops = stopsOf(ordered, orderedModes);
        expect(new Set(stops.map(({ id }) => id)).size).toBe(stops.length);
        for (let at = 0; at <= 50; at += 1) {
          const now = ordered.findLast((one) => one.at <= at)?.state ?? 'unknown';
          const covering = stops.filter(({ from, to }) => from <= at && (to === null || at < to));
          expect(covering).toHaveLength(isStopped(now) ? 1 : 0);
          const present = orderedModes.findLast((one) => one.at <= at)?.mode ?? null;
          const wanted = covering.map(() => timeOfMode(present));
          expect(covering.map((stop) => timeOfMode(stop.mode))).toEqual(wanted);
          expect(isRunning(now) && covering.length > 0).toBe(false);
        }
      }),
    );
  });

  it('follow from the first of a group that came up around them, else from the earliest', () => {
    const stop = { from: 100_000, to: 200_000, after: null };
    expect(firstAlarmOf(stop, [up('far', 69_999), up('late', 200_000)])).toBeNull();
    expect(firstAlarmOf(stop, [up('early', 70_000), up('next', 101_000)])?.alarm).toBe('early');
    const alarms = [
      up('early', 70_000),
      up('first', 99_000, { first: true }),
      up('b', 99_001, { first: true }),
    ];
    expect(firstAlarmOf(stop, alarms)?.alarm).toBe('first');
  });

  it('follow from no alarm that came up before or within an earlier stop', () => {
    const states = [
      state(0, 'execute'),
      state(100_000, 'aborted'),
      state(110_000, 'execute'),
      state(120_000, 'stopped'),
      state(130_000, 'execute'),
    ];
    const alarms = [up('jam', 99_000), up('door', 105_000)];
    const [jammed, asked] = stopsOf(states, []).map((stop) => firstAlarmOf(stop, alarms)?.alarm);
    expect([jammed, asked]).toEqual(['jam', undefined]);
    const [, again] = stopsOf(states, []).map((stop) => firstAlarmOf(stop, [...alarms, up('bin', 115_000)]));
    expect(again?.alarm).toBe('bin');
    // The earlier stop may lie before all that was asked for.
    const [late] = stopsOf(states.slice(2), [], 110_000);
    expect(late).toMatchObject({ id: 's120000', after: 110_000 });
  });
});

const RULES = { causes: DEFAULT_STOP_CAUSES, microStopMs: MICRO_STOP_MS, propose: [] };
const production: Stop = {
  id: 'x',
  from: 0,
  to: 1,
  state: 'stopped',
  mode: null,
  emergencyStop: false,
  after: null,
};

describe('what is proposed for a stop', () => {
  it.each([
    [{}, up('bourrage-tapis', 0), 'bourrage'],
    [{}, up('a12', 0, { label: 'Bourrage du trieur' }), 'bourrage'],
    [{}, up('bac-plein-csr', 0), 'bac-plein'],
    [{}, up('porte-nord', 0), 'securite'],
    [{}, up('moteur-2', 0, { label: 'Moteur trop chaud' }), 'panne'],
    [{ emergencyStop: true }, up('bourrage', 0), 'securite'],
    [{ state: 'suspending' }, null, 'matiere'],
    [{ state: 'suspended' }, up('bac-plein-csr', 0), 'bac-plein'],
    [{ state: 'aborted' }, null, 'panne'],
    [{ state: 'held' }, null, undefined],
    [{ mode: 'school' as const }, up('bourrage', 0), 'formation'],
    [{ mode: 'maintenance' as const }, up('bourrage', 0), undefined],
  ])('%j %j: %s', (stop, alarm, cause) => {
    expect(proposeCause(RULES, { ...production, ...stop }, alarm)?.id).toBe(cause);
  });

  it('is first what the site configured, by alarm, group, station or state', () => {
    const propose = [
      { alarm: 'nir-*', cause: 'nettoyage' },
      { group: 'presse', cause: 'panne' },
      { station: 'tapis', cause: 'bourrage' },
      { state: 'held' as const, cause: 'pause' },
      { state: 'emergency-stop' as const, cause: 'bourrage' },
    ];
    const causeOf = (alarm: AlarmUp | null, stop: Partial<Stop> = {}) =>
      proposeCause({ ...RULES, propose }, { ...production, ...stop }, alarm)?.id;
    expect(causeOf(up('nir-sale', 0))).toBe('nettoyage');
    expect(causeOf(up('p', 0, { family: 'presse' }))).toBe('panne');
    expect(causeOf(up('p', 0, { station: 'tapis' }))).toBe('bourrage');
    expect(causeOf(null, { state: 'holding' })).toBe('pause');
    expect(causeOf(null, { emergencyStop: true })).toBe('bourrage');
    expect(causeOf(null)).toBeUndefined();
  });
});

const FACTS: StopFacts = {
  site: 'caux',
  line: 'tri-1',
  rules: RULES,
  alarms: [],
  explained: new Map(),
  counted: new Coverage([{ from: 0, to: 100 * MINUTE_MS }]),
  unknown: new Coverage([]),
  nowMs: 50 * MINUTE_MS,
};

const row = (stop: Partial<Stop>, facts: Partial<StopFacts> = {}) =>
  stopRow({ ...production, from: MINUTE_MS, to: 2 * MINUTE_MS, ...stop }, { ...FACTS, ...facts });

it('is a micro-stop when it is over soon, unless somebody pressed the emergency stop', () => {
  expect(row({})).toMatchObject({ durationMs: MINUTE_MS, micro: true, kind: 'micro-stop' });
  expect(row({ to: 3 * MINUTE_MS })).toMatchObject({ micro: false, kind: 'unexplained' });
  expect(row({ emergencyStop: true })).toMatchObject({
    micro: false,
    kind: 'operating',
    proposed: 'securite',
  });
  expect(row({ from: 49 * MINUTE_MS, to: null })).toMatchObject({ micro: false, durationMs: MINUTE_MS });
});

it('is no micro-stop because little of it lies in opening hours; what nobody knows of it is no part of it', () => {
  const night = { from: 99 * MINUTE_MS, to: 960 * MINUTE_MS };
  expect(row(night)).toMatchObject({ durationMs: MINUTE_MS, micro: false });
  const unknown = new Coverage([{ from: 3 * MINUTE_MS, to: 10 * MINUTE_MS }]);
  expect(row({ from: 2 * MINUTE_MS, to: 10 * MINUTE_MS }, { unknown })).toMatchObject({ micro: true });
});

describe('a stop as it is shown', () => {
  it('counts the opening hours only', () => {
    const counted = new Coverage([
      { from: 0, to: 5 * MINUTE_MS },
      { from: 20 * MINUTE_MS, to: 30 * MINUTE_MS },
    ]);
    expect(row({ to: 22 * MINUTE_MS }, { counted })).toMatchObject({ durationMs: 6 * MINUTE_MS });
  });

  it('is what its cause is, else what mode, state and proposal say', () => {
    const explained = new Map([['x', { cause: 'formation', kind: 'training' as const, note: '' }]]);
    expect(row({ state: 'suspended' }, { explained })).toMatchObject({
      kind: 'training',
      cause: 'formation',
      note: null,
    });
    expect(row({ mode: 'school' })).toMatchObject({ kind: 'training', micro: false });
    expect(row({ mode: 'maintenance' })).toMatchObject({ kind: 'maintenance' });
    expect(row({ state: 'suspended', to: null })).toMatchObject({ kind: 'starved', proposed: 'matiere' });
    const alarms = [up('bac-plein', MINUTE_MS)];
    expect(row({ state: 'suspended', to: null }, { alarms })).toMatchObject({ kind: 'blocked' });
    expect(row({ state: 'aborted', to: null })).toMatchObject({ kind: 'breakdown' });
  });

  it('is never planned by what is only proposed: that it was, a person says', () => {
    const alarms = [up('nir-lampe', MINUTE_MS)];
    const rules = stopRules({ propose: [{ alarm: 'nir-*', cause: 'pause' }] });
    const facts = { rules, alarms };
    expect(row({ state: 'aborted', to: null }, facts)).toMatchObject({
      proposed: 'pause',
      kind: 'breakdown',
    });
    expect(row({ state: 'held', to: null }, facts)).toMatchObject({ proposed: 'pause', kind: 'unexplained' });
    const explained = new Map([['x', { cause: 'pause', kind: 'break' as const, note: '' }]]);
    expect(row({ state: 'aborted', to: null }, { ...facts, explained })).toMatchObject({ kind: 'break' });
  });
});

describe('the Pareto of stops', () => {
  it('puts the most time first and adds up to all of it', () => {
    const at = (id: string, from: number, minutes: number, stop: Partial<Stop> = {}) =>
      stopRow(
        { ...production, id, from, to: from + minutes * MINUTE_MS, ...stop },
        {
          ...FACTS,
          explained: new Map([
            ['a', { cause: 'bourrage', kind: 'operating', note: '' }],
            ['z', { cause: 'ancienne', kind: 'functional', note: '' }],
          ]),
          alarms: [up('bourrage', 20 * MINUTE_MS)],
        },
      );
    const stops = [
      at('a', 0, 4),
      at('b', 20 * MINUTE_MS, 6),
      at('c', 30 * MINUTE_MS, 1),
      at('d', 33 * MINUTE_MS, 1),
      at('e', 40 * MINUTE_MS, 5),
      at('z', 46 * MINUTE_MS, 3),
    ];
    const pareto = stopPareto({ from: 0, to: 1 }, stops, DEFAULT_STOP_CAUSES);
    expect(pareto).toMatchObject({
      causesMs: 18 * MINUTE_MS,
      micro: { stops: 2, durationMs: 2 * MINUTE_MS },
      totalMs: 20 * MINUTE_MS,
    });
    expect(
      pareto.rows.map(({ cause, kind, stops: count, percent, cumulativePercent, proposed }) => [
        cause,
        kind,
        count,
        percent,
        cumulativePercent,
        proposed,
      ]),
    ).toEqual([
      ['bourrage', 'operating', 2, 55.6, 55.6, true],
      ['a-expliquer', 'unexplained', 1, 27.8, 83.3, true],
      ['ancienne', 'functional', 1, 16.7, 100, false],
    ]);
    const none = { rows: [], causesMs: 0, micro: null, totalMs: 0 };
    expect(stopPareto({ from: 0, to: 1 }, [], DEFAULT_STOP_CAUSES)).toMatchObject(none);
  });

  it('calls a cause what its stops count as, not what it was configured to be since', () => {
    const causes = DEFAULT_STOP_CAUSES.map((cause) => ({ ...cause, kind: 'maintenance' as const }));
    const explained = new Map([['x', { cause: 'panne', kind: 'breakdown' as const, note: '' }]]);
    const { rows } = stopPareto({ from: 0, to: 1 }, [row({}, { explained })], causes);
    expect(rows).toMatchObject([{ cause: 'panne', label: 'Panne', kind: 'breakdown' }]);
  });
});
