/** Which alarm is first, what it asks for, and where it is shown. */
import { ALARM_STATES, FLOOD_WINDOW_MS, STANDING_STATES } from '@trame/protocol/alarms/alarm-names';
import { ALARM_BODIES, type AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { isAlarmRow, readJournal } from '../api/read-alarms.ts';
import control from '../messages/fr-control.json' with { type: 'json' };
import { addWords, t } from '../messages/translate.ts';
import { formatRoute, parseRoute } from '../route.ts';
import { bodyAtOnce, needsWords, SHELVE_CHOICES_MS, wordedBody } from './act-body.ts';
import { actOutcome } from './alarm-acts.svelte.ts';
import { actsOf, chosen, inOrder, isOver, isStanding, nextFlood, soundFor } from './alarm-order.ts';
import { ALARM_FILTERS, ALARM_VIEWS, ALARMS_ROUTE, type AlarmsRoute } from './alarm-route.ts';
import { ALARM_STATE_WORDS } from './alarm-words.ts';
import { kpiRows } from './kpi-rows.ts';
import { isMuted, MUTE_MAX_MS, muteFor } from './mute.ts';
import { periodBack, periodQuery } from './period.ts';
import { SOUNDS, wavOf } from './sounds/alarm-sound.ts';
import { testAlarm } from './test-alarm.ts';
import { valueText } from './value-text.ts';

addWords(control);
const NOW = 1_795_000_000_000;
const row = testAlarm;

describe('alarms', () => {
  it('stand the worst first, then what nobody saw, then the latest', () => {
    const rows = [
      row({ id: 'p3', priority: 3, raisedAt: 9_000 }),
      row({ id: 'p1-seen', priority: 1, state: 'acknowledged', raisedAt: 8_000 }),
      row({ id: 'p1-old', priority: 1, raisedAt: 2_000 }),
      row({ id: 'p1-new', priority: 1, state: 'returned', raisedAt: 5_000 }),
      row({ id: 'p2', priority: 2 }),
    ];
    expect(inOrder(rows).map(({ id }) => id)).toEqual(['p1-new', 'p1-old', 'p1-seen', 'p2', 'p3']);
  });

  it('are in one order however they came', () => {
    const any = fc.record({
      id: fc.uuid(),
      priority: fc.integer({ min: 0, max: 5 }),
      state: fc.constantFrom(...ALARM_STATES),
      raisedAt: fc.option(fc.integer({ min: 0, max: 3 })),
      changedAt: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: ({ id }) => id, maxLength: 12 }), (rows) => {
        expect(inOrder(rows.toReversed())).toEqual(inOrder(rows));
      }),
    );
  });

  it('without a filter are those that stand; each filter narrows by what it says', () => {
    const rows = ALARM_STATES.map((state) => row({ id: state, state }));
    const all = { line: null, priority: null, filter: null };
    expect(chosen(rows, all).map(({ state }) => state)).toEqual(
      ALARM_STATES.filter((state) => STANDING_STATES.includes(state)),
    );
    expect(chosen(rows, { ...all, filter: 'reportees' }).map(({ id }) => id)).toEqual(['shelved']);
    expect(chosen(rows, { ...all, filter: 'hors-service' }).map(({ id }) => id)).toEqual(['out-of-service']);
    expect(chosen(rows, { ...all, line: 'tri-2' })).toEqual([]);
    expect(chosen(rows, { ...all, priority: 1 })).toEqual([]);
  });

  it('sound for what nobody saw of the first two priorities only', () => {
    expect(soundFor([row({ priority: 3 })])).toBeNull();
    expect(soundFor([row({ priority: 2 }), row({ priority: 1, state: 'acknowledged' })])).toBe(2);
    expect(soundFor([row({ priority: 2 }), row({ priority: 1 })])).toBe(1);
    expect(soundFor([row({ state: 'shelved' })])).toBeNull();
  });

  it('are muted for ten minutes at most, and a new one of the first priority ends it', () => {
    const mute = muteFor(NOW, 3_600_000);
    expect(mute.untilMs - NOW).toBe(MUTE_MAX_MS);
    const old = row({ priority: 1, raisedAt: NOW - 1 });
    expect(isMuted(mute, [old], NOW + 1)).toBe(true);
    expect(isMuted(mute, [old], NOW + MUTE_MAX_MS)).toBe(false);
    expect(isMuted(mute, [old, row({ priority: 2, raisedAt: NOW + 1 })], NOW + 2)).toBe(true);
    expect(isMuted(mute, [old, row({ priority: 1, raisedAt: NOW + 1 })], NOW + 2)).toBe(false);
  });

  it('are a flood above ten in ten minutes, until there are fewer than five', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, () => row({ raisedAt: NOW - FLOOD_WINDOW_MS }));
    expect(nextFlood(false, rows(10), NOW)).toBe(false);
    expect(nextFlood(false, rows(11), NOW)).toBe(true);
    expect(nextFlood(true, rows(5), NOW)).toBe(true);
    expect(nextFlood(true, rows(4), NOW)).toBe(false);
    expect(nextFlood(true, rows(11), NOW + 1)).toBe(false);
  });

  it('that are over are told so, whether anybody saw them or not', () => {
    for (const state of ALARM_STATES)
      expect([state, t(ALARM_STATE_WORDS[state]).startsWith('terminée')]).toEqual([state, isOver({ state })]);
    expect(t(ALARM_STATE_WORDS.returned)).toBe('terminée, pas encore acquittée');
  });

  it('say what was measured, but no yes that may mean the contrary of their title', () => {
    expect([true, false, null].map((value) => valueText(value))).toEqual(['', '', '']);
    expect(valueText(412.5)).toBe('412,50');
  });

  it('are reset only when they are latched, and put back only when they are away', () => {
    for (const state of ALARM_STATES) {
      expect(actsOf({ state }).includes('reset')).toBe(state.startsWith('latched'));
      expect(actsOf({ state }).includes('in-service')).toBe(state === 'out-of-service');
      expect(actsOf({ state }).includes('unshelve')).toBe(state === 'shelved');
    }
    const standing = ALARM_STATES.filter((state) => isStanding({ state }));
    expect(standing.filter((state) => !actsOf({ state }).includes('shelve'))).toEqual([]);
  });
});

describe('what a person does about one', () => {
  it('is a body that the contract takes', () => {
    for (const act of Object.keys(ALARM_BODIES) as AlarmAct[]) {
      for (const forMs of SHELVE_CHOICES_MS) {
        const body = needsWords(act)
          ? wordedBody(act, { words: ' Pièce commandée ', forMs })
          : bodyAtOnce(act, 3);
        expect([act, body !== null && Value.Check(ALARM_BODIES[act], body)]).toEqual([act, true]);
      }
    }
  });

  it('lacks its reason when that says nothing; to acknowledge needs none', () => {
    for (const act of ['shelve', 'out-of-service'] as const) {
      expect(wordedBody(act, { words: ' a ', forMs: SHELVE_CHOICES_MS[0] })).toBeNull();
    }
    expect(needsWords('acknowledge')).toBe(false);
    expect(bodyAtOnce('acknowledge', 2)).toEqual({ occurrence: 2 });
  });

  it('stays the same act while nobody knows whether it was recorded', () => {
    expect(actOutcome({ kind: 'away' })).toMatchObject({ kind: 'failed', isOpen: true });
    expect(actOutcome({ kind: 'refused', status: 504, code: 'no-reply' })).toMatchObject({ isOpen: true });
    expect(actOutcome({ kind: 'refused', status: 409, code: 'refused' })).toMatchObject({ isOpen: false });
    expect(actOutcome({ kind: 'ok', body: {} })).toEqual({ kind: 'done' });
  });
});

describe('the address of the screen', () => {
  it('gives back every view and filter that it names', () => {
    const text = fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/u));
    const day = fc.option(fc.constantFrom('2026-11-01', '2026-02-28'));
    const route: fc.Arbitrary<AlarmsRoute> = fc.record({
      screen: fc.constant('alarms'),
      view: fc.constantFrom(...ALARM_VIEWS),
      line: text,
      priority: fc.option(fc.constantFrom(1 as const, 2 as const, 3 as const)),
      filter: fc.option(fc.constantFrom(...ALARM_FILTERS)),
      alarm: text,
      from: day,
      to: day,
    });
    fc.assert(
      fc.property(route, (wanted) => {
        const url = new URL(formatRoute(wanted), 'http://trame.test');
        expect(parseRoute(url.pathname, url.search)).toEqual(wanted);
      }),
    );
  });

  it('falls back on what is usual', () => {
    expect(parseRoute('/alarmes/', '?vue=3d&priorite=9&etat=x&du=hier')).toEqual(ALARMS_ROUTE);
    expect(formatRoute(ALARMS_ROUTE)).toBe('/alarmes');
  });

  it('names whole days: the server leaves out the day after the last', () => {
    const paris = 'Europe/Paris';
    // The day after the clocks were set back.
    expect(periodBack(Date.parse('2026-10-26T00:30:00+01:00'), 7, paris)).toEqual({
      from: '2026-10-20',
      to: '2026-10-26',
    });
    expect(periodBack(Date.parse('2026-11-22T23:59:00+01:00'), 1, paris)).toEqual({
      from: '2026-11-22',
      to: '2026-11-22',
    });
    expect(periodQuery({ line: null, from: '2026-10-20', to: '2026-10-31' })).toEqual({
      line: null,
      from: '2026-10-20',
      to: '2026-11-01',
    });
  });
});

describe('how the alarms do', () => {
  const kpi = {
    from: 0,
    to: 1,
    raised: 100,
    perHour: 10,
    peakPerTenMinutes: 11,
    floodPercent: 0.5,
    byPriority: [
      { priority: 1, raised: 5, percent: 5 },
      { priority: 2, raised: 40, percent: 40 },
      { priority: 3, raised: 55, percent: 55 },
    ],
    top: [],
    chattering: [],
    stale: [],
    medianToAcknowledgeMs: null,
  };

  it('is judged by its target', () => {
    const verdicts = Object.fromEntries(kpiRows(kpi).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      raised: 'none',
      'per-hour': 'within',
      peak: 'beyond',
      flood: 'within',
      'share-1': 'within',
      'share-2': 'far',
      'share-3': 'far',
      stale: 'within',
      chattering: 'within',
      median: 'none',
    });
  });

  it('is not judged by what is not known, nor by a handful', () => {
    const few = Object.fromEntries(
      kpiRows({ ...kpi, perHour: null, raised: 3 }).map(({ id, verdict }) => [id, verdict]),
    );
    expect([few['per-hour'], few['share-2']]).toEqual(['none', 'none']);
  });
});

describe('what the server says of alarms', () => {
  it('is read whole, or not at all', () => {
    expect(isAlarmRow(row())).toBe(true);
    expect(isAlarmRow({ ...row(), state: 'asleep' })).toBe(false);
    expect(isAlarmRow({ ...row(), value: {} })).toBe(false);
    expect(readJournal({ rows: [{}], next: null })).toBeNull();
    expect(readJournal({ rows: [], next: null })).not.toBeNull();
  });
});

it.each(SOUNDS)('$file is the sound as it is described', (sound) => {
  const shipped = readFileSync(join(import.meta.dirname, 'sounds', sound.file));
  expect(Buffer.compare(shipped, Buffer.from(wavOf(sound)))).toBe(0);
  const samples = new Int16Array(shipped.buffer, shipped.byteOffset + 44, (shipped.length - 44) / 2);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak).toBeGreaterThan(15_000);
  expect(peak).toBeLessThan(32_767);
});
