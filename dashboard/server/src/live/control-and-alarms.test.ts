/** What the live picture carries beside values: how the control of a line stands, and which alarms stand. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { testControl } from '@trame/protocol/control/test-control';
import { CONTROL_STALE_MS } from '@trame/protocol/control/control-picture';
import { LIVE_ALARMS_MAX } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { LivePicture } from './picture.ts';

const EMPTY = { stations: [], outlets: [] };

function picture(): LivePicture {
  const picture = new LivePicture();
  picture.lineOnline('caux', 'tri-1', 1, EMPTY);
  picture.changed.take(picture.state);
  return picture;
}

describe('the control of a line', () => {
  it('is shown as its edge said it last, and when that came', () => {
    const live = picture();
    const said = testControl({ n: 3, holder: 'a'.repeat(32) });
    expect(live.setControl('caux', 'tri-1', said, 5_000)).toBe(true);
    expect(live.changed.take(live.state)).toEqual([
      { path: ['lines', 'tri-1', 'control'], value: said },
      { path: ['lines', 'tri-1', 'controlAt'], value: 5_000 },
    ]);
  });

  it('stays, with its age, when the edge falls silent', () => {
    const live = picture();
    live.setControl('caux', 'tri-1', testControl(), 5_000);
    live.lineOffline('tri-1', 9_000);
    expect(live.line('tri-1')).toMatchObject({ state: 'offline', control: { n: 1 }, controlAt: 5_000 });
  });

  it.each([
    ['of another site', 'elsewhere', 'tri-1', testControl({ n: 9 })],
    ['of a line that is not known', 'caux', 'tri-2', testControl({ n: 9 })],
    ['that was said before', 'caux', 'tri-1', testControl({ n: 2 })],
    ['that was said already', 'caux', 'tri-1', testControl({ n: 3 })],
    ['that counts far ahead of its edge', 'caux', 'tri-1', testControl({ n: 1_000_003 })],
  ])('%s changes nothing', (_what, site, line, said) => {
    const live = picture();
    live.setControl('caux', 'tri-1', testControl({ n: 3 }), 5_000);
    live.changed.take(live.state);
    expect(live.setControl(site, line, said, 6_000)).toBe(false);
    expect(live.changed.isEmpty).toBe(true);
  });

  it.each([
    ['lower', 900, 3],
    ['much higher', 3, 1_000_003],
  ])('is taken at a count that is %s once what was shown is too old to act on', (_what, before, n) => {
    const live = picture();
    live.setControl('caux', 'tri-1', testControl({ n: before }), 50_000);
    const said = testControl({ n });
    expect(live.setControl('caux', 'tri-1', said, 50_000 + CONTROL_STALE_MS)).toBe(false);
    expect(live.setControl('caux', 'tri-1', said, 50_001 + CONTROL_STALE_MS)).toBe(true);
    expect(live.setControl('caux', 'tri-1', testControl({ n: n + 1 }), 51_000 + CONTROL_STALE_MS)).toBe(true);
  });

  it('is taken from an edge that began anew, though it counts from one', () => {
    const live = picture();
    live.setControl('caux', 'tri-1', testControl({ n: 900 }), 5_000);
    const anew = testControl({ boot: 'f'.repeat(16), n: 1 });
    expect(live.setControl('caux', 'tri-1', anew, 6_000)).toBe(true);
    expect(live.line('tri-1')?.control?.boot).toBe('f'.repeat(16));
  });
});

function alarm(id: string, changes: Partial<AlarmRow> = {}): AlarmRow {
  return {
    id,
    site: 'caux',
    line: 'tri-1',
    alarm: id,
    priority: 3,
    source: 'tag',
    label: 'Bourrage',
    cause: '',
    consequence: '',
    response: '',
    group: null,
    station: null,
    device: null,
    state: 'unacknowledged',
    occurrence: 1,
    condition: true,
    value: null,
    raisedAt: 1,
    changedAt: 1,
    first: false,
    comment: null,
    until: null,
    ...changes,
  };
}

describe('standing alarms', () => {
  it('are shown, changed and taken away', () => {
    const live = picture();
    live.setAlarm(alarm('tri-1:jam'));
    live.setAlarm(alarm('tri-1:jam', { state: 'acknowledged' }));
    expect(live.changed.take(live.state)).toEqual([
      { path: ['alarms', 'tri-1:jam'], value: alarm('tri-1:jam', { state: 'acknowledged' }) },
    ]);
    live.dropAlarm('tri-1:jam');
    live.dropAlarm('tri-1:other');
    expect(live.changed.take(live.state)).toEqual([{ path: ['alarms', 'tri-1:jam'] }]);
    expect(live.state.alarms).toEqual({});
  });

  it('are no more than fit; the least urgent gives way to one that is more urgent, and to no other', () => {
    const live = picture();
    for (let number = 0; number < LIVE_ALARMS_MAX; number += 1) {
      live.setAlarm(alarm(`a${number}`, { priority: 2, changedAt: 100 + number }));
    }
    expect(live.setAlarm(alarm('late', { priority: 3, changedAt: 9_999 }))).toBe(false);
    expect(live.setAlarm(alarm('urgent', { priority: 1, changedAt: 9_999 }))).toBe(true);
    expect(live.state.alarms['a0']).toBeUndefined();
    expect(live.state.alarms['a1']).toBeDefined();
    expect(live.setAlarm(alarm('a1', { priority: 4 }))).toBe(true);
    expect(Object.keys(live.state.alarms)).toHaveLength(LIVE_ALARMS_MAX);
  });
});
