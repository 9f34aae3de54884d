import { GOOD, bad } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import { describe, expect, it } from 'vitest';
import type { RolesConfig, ScaleConfig } from '../line-config.ts';
import { neverRead, type TagState } from '../tag-state.ts';
import type { AlarmConfig } from './alarm-config.ts';
import { conditionOf, isSuppressed, type AlarmView, type OwnWatch } from './alarm-condition.ts';
import { PLAIN_ALARM } from './plain-alarm.ts';

const NOW_MS = 1_700_000_000_000;
const AT = { wallMs: NOW_MS, monotonicMs: 0 };
const DAY_MS = 86_400_000;
const ROLES: RolesConfig = {
  infeedScale: null,
  lineState: { device: 'plc', tag: 'state', states: null },
  scales: [],
  description: { stations: [], outlets: [] },
};
const OWN: OwnWatch = {
  disk: 'ok',
  clock: { state: 'checked', offsetMs: 0 },
  ledger: { state: 'ok', consumers: [] },
  certificateEndsAtMs: null,
  lateStations: null,
  programmeMixed: null,
  life: null,
  sorting: null,
};

function tag(name: string, value: TagValue | null, unit: string | null = null): TagState {
  const definition = { name, type: 'float64', unit, deadband: 0, range: null, staleAfterMs: null } as const;
  return { ...neverRead(definition, AT), value, quality: value === null ? bad('stale') : GOOD };
}

function device(tags: readonly TagState[], presence: 'starting' | 'online' | 'offline' = 'online') {
  return { presence, tags: new Map(tags.map((state) => [state.definition.name, state])) };
}

function view(over: Partial<AlarmView> = {}): AlarmView {
  return {
    devices: new Map(),
    roles: ROLES,
    own: OWN,
    verifications: () => ({ outcome: 'accepted', due: null }),
    today: '2026-11-22',
    nowMs: NOW_MS,
    ...over,
  };
}

function alarm(over: Partial<AlarmConfig>): AlarmConfig {
  return { ...PLAIN_ALARM, id: 'a', label: 'a', source: 'tag', ...over };
}

const level = (value: TagValue | null): AlarmView =>
  view({ devices: new Map([['plc', device([tag('level', value)])]]) });
const ABOVE = alarm({ when: { tag: { device: 'plc', tag: 'level' }, is: '>', value: 90 }, deadband: 5 });

function aboveAt(value: number, stands: boolean): boolean | null {
  return conditionOf(ABOVE, level(value), stands).condition;
}

function of(source: AlarmConfig['source'], over: Partial<AlarmConfig>, seen: AlarmView) {
  return conditionOf(alarm({ source, ...over }), seen, false);
}

/** What is watched of drift. */
function said(isRaised: boolean | null, words: string) {
  return { isRaised, value: 1, limit: 1, words };
}

function own(over: Partial<OwnWatch>): AlarmView {
  return view({ own: { ...OWN, ...over } });
}

/** @returns whether throughput is low, of a line in this state that makes so much. */
function lowAt(state: number | null, kgPerHour: number | null, roles = ROLES): boolean | null {
  const devices = new Map([
    ['plc', device([tag('state', state)])],
    ['line', device([tag('output.rate', kgPerHour)])],
  ]);
  return of('throughput-low', { limit: 500 }, view({ devices, roles })).condition;
}

function beltLate(lateStations: OwnWatch['lateStations']): boolean | null {
  return of('station-late', { of: 'belt' }, own({ lateStations })).condition;
}

function plcIs(plc: ReturnType<typeof device>) {
  return of('device', { of: 'plc' }, view({ devices: new Map([['plc', plc]]) }));
}

describe('the condition of an alarm on a tag', () => {
  it('comes at its limit and goes only past its deadband', () => {
    expect([
      aboveAt(90, false),
      aboveAt(90.1, false),
      aboveAt(86, true),
      aboveAt(85, true),
      aboveAt(85, false),
    ]).toEqual([false, true, true, false, false]);
    const below = alarm({ when: { tag: { device: 'plc', tag: 'level' }, is: '<=', value: 10 }, deadband: 2 });
    expect([11, 12, 12.1].map((value) => conditionOf(below, level(value), true).condition)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is not known with a value that is not good, or not there', () => {
    expect(conditionOf(ABOVE, level(null), true)).toEqual({ condition: null, value: null });
    expect(conditionOf(ABOVE, view(), true).condition).toBeNull();
  });

  it('tells its value as an event can hold it', () => {
    expect(conditionOf(ABOVE, level(95n), false)).toEqual({ condition: true, value: 95 });
    expect(conditionOf(ABOVE, level(Math.fround(95.54)), false).value).toBe(95.54);
    const word = alarm({ when: { tag: { device: 'plc', tag: 'level' }, is: '=', value: 'x'.repeat(300) } });
    const told = conditionOf(word, level('x'.repeat(300)), false).value;
    expect(told).toBe('x'.repeat(100));
  });

  it('is suppressed while any of its conditions holds, and not known when none does and one is not', () => {
    const unless = [
      { tag: { device: 'plc', tag: 'level' }, is: '=', value: 1 },
      { tag: { device: 'plc', tag: 'other' }, is: '=', value: 1 },
    ] as const;
    expect(isSuppressed(alarm({ unless }), level(1))).toBe(true);
    expect(isSuppressed(alarm({ unless }), level(0))).toBeNull();
    expect(isSuppressed(alarm({ unless: unless.slice(0, 1) }), level(0))).toBe(false);
    expect(isSuppressed(alarm({}), level(0))).toBe(false);
  });
});

describe('what Trame watches itself', () => {
  it('a device that is offline, or whose values are stale', () => {
    expect(plcIs(device([], 'starting')).condition).toBeNull();
    expect(plcIs(device([], 'offline'))).toEqual({ condition: true, value: 'offline' });
    expect(plcIs(device([tag('a', 1)]))).toEqual({ condition: false, value: 'online' });
    expect(plcIs(device([tag('a', 1), tag('b', null)]))).toEqual({ condition: true, value: 'stale' });
  });

  it('disk, clock and ledger', () => {
    const disks = (['ok', 'low', 'reserve', 'unknown'] as const).map(
      (disk) => of('disk', {}, own({ disk })).condition,
    );
    expect(disks).toEqual([false, true, true, null]);
    const clock = (state: 'checked' | 'unchecked' | 'behind', offsetMs: number | null) =>
      of('clock', {}, own({ clock: { state, offsetMs } })).condition;
    expect([
      clock('checked', 59_000),
      clock('checked', -61_000),
      clock('behind', null),
      clock('unchecked', null),
    ]).toEqual([false, true, true, false]);
    expect(of('ledger', {}, own({ ledger: { state: 'not-stored', consumers: [] } })).condition).toBe(true);
  });

  it('a consumer that does not follow', () => {
    const consumer = { consumer: 'trame', upTo: 0, waiting: 0, reason: null };
    const seen = (state: 'following' | 'fork') =>
      of(
        'chain',
        { of: 'trame' },
        view({ own: { ...OWN, ledger: { state: 'ok', consumers: [{ ...consumer, state }] } } }),
      );
    expect([seen('following').condition, seen('fork')]).toEqual([false, { condition: true, value: 'fork' }]);
    expect(of('chain', { of: 'other' }, view()).condition).toBeNull();
  });

  it('a certificate, by the days that are left', () => {
    const left = (days: number) =>
      of(
        'certificate',
        { limit: 30 },
        view({ own: { ...OWN, certificateEndsAtMs: NOW_MS + days * DAY_MS } }),
      );
    expect([left(30), left(29), left(-1)]).toEqual([
      { condition: false, value: 30 },
      { condition: true, value: 29 },
      { condition: true, value: -1 },
    ]);
    expect(of('certificate', { limit: 30 }, view()).condition).toBeNull();
  });

  it('throughput, only while the line executes', () => {
    expect([lowAt(6, 499), lowAt(6, 500), lowAt(2, 0), lowAt(6, null), lowAt(null, 0)]).toEqual([
      true,
      false,
      false,
      null,
      null,
    ]);
    const states = new Map([[10, 'execute']] as const);
    const ownNumbers = { ...ROLES, lineState: { device: 'plc', tag: 'state', states } };
    expect([lowAt(10, 0, ownNumbers), lowAt(6, 0, ownNumbers)]).toEqual([true, null]);
  });

  it('a scale that is loaded and does not come to rest, and one that may not weigh any more', () => {
    const scale = {
      id: 'floor',
      device: 'scale',
      gross: 'gross',
      stable: 'stable',
      minGrams: 2_000,
    } as ScaleConfig;
    const roles: RolesConfig = { ...ROLES, scales: [scale] };
    const seen = (stable: boolean | null, kg: number) =>
      of(
        'scale-unstable',
        { of: 'floor' },
        view({
          roles,
          devices: new Map([['scale', device([tag('stable', stable), tag('gross', kg, 'kg')])]]),
        }),
      ).condition;
    expect([seen(true, 40), seen(false, 40), seen(false, 1.9), seen(null, 40)]).toEqual([
      false,
      true,
      false,
      null,
    ]);
    const stated = (verifications: AlarmView['verifications']) =>
      of('scale-expired', { of: 'floor' }, view({ roles, verifications }));
    expect(stated(() => ({ outcome: 'accepted', due: '2026-11-22' })).condition).toBe(false);
    expect(stated(() => ({ outcome: 'accepted', due: '2026-11-21' }))).toEqual({
      condition: true,
      value: 'expired',
    });
    expect(stated(() => ({ outcome: 'refused' })).condition).toBe(true);
    expect(stated(() => ({ outcome: 'accepted', due: null })).condition).toBe(false);
  });

  it('a sorter between two programmes, when somebody watches', () => {
    const mixed = [null, false, true].map(
      (programmeMixed) => of('programme-mixed', {}, own({ programmeMixed })).condition,
    );
    expect(mixed).toEqual([null, false, true]);
  });

  it('a life counter that is not taken, when one is written and its PLC answers', () => {
    const lives = [null, { untaken: null }, { untaken: 'refusé' }].map((life) =>
      of('life', {}, own({ life })),
    );
    expect(lives).toEqual([
      { condition: null, value: null },
      { condition: false, value: null },
      { condition: true, value: 'refusé' },
    ]);
  });

  it('drift of spectra or of what is refused, shares of fibres, and missed reads, where pieces are sorted', () => {
    const calm = {
      distance: said(false, 'd'),
      refused: said(false, 'r'),
      shares: said(false, 's'),
      missed: 0,
    };
    const drift = (over: Partial<typeof calm>) => of('nir-drift', {}, own({ sorting: { ...calm, ...over } }));
    for (const source of ['nir-drift', 'class-shares', 'spectra-missed'] as const) {
      expect(of(source, {}, own({ sorting: null })).condition).toBeNull();
      expect(of(source, {}, own({ sorting: calm })).condition).toBe(false);
    }
    expect(drift({ distance: said(true, 'd') })).toEqual({ condition: true, value: 'd' });
    expect(drift({ refused: said(true, 'r') })).toEqual({ condition: true, value: 'r' });
    expect(drift({ distance: said(null, 'd'), refused: said(true, 'r') }).condition).toBe(true);
    expect(drift({ distance: said(null, 'd') }).condition).toBeNull();
    expect(of('class-shares', {}, own({ sorting: { ...calm, shares: said(true, 's') } }))).toEqual({
      condition: true,
      value: 's',
    });
    expect(of('spectra-missed', {}, own({ sorting: { ...calm, missed: 4 } }))).toEqual({
      condition: true,
      value: 4,
    });
  });

  it('a station that does not come, when somebody watches', () => {
    expect([beltLate(null), beltLate(new Set()), beltLate(new Set(['belt']))]).toEqual([null, false, true]);
  });
});
