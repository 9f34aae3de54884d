/** What the panel says from a picture: which buttons act, and why the others do not. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import { MOTION_COMMANDS, type LINE_COMMANDS } from '@trame/protocol/control/control-names';
import { CONTROL_STALE_MS, type ControlPicture } from '@trame/protocol/control/control-picture';
import { testControl } from '@trame/protocol/control/test-control';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barCode } from './bar-text.ts';
import {
  handView,
  isStale,
  orderView,
  otherBars,
  serverTime,
  setpointValue,
  SHOWN_COMMANDS,
  stepped,
  type Watched,
} from './control-view.ts';

const NOW = 1_795_000_010_000;
const ME = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

/** The edge's clock is 5 s behind the server's. */
function watched(changes: Partial<ControlPicture>, more: Partial<Watched> = {}): Watched {
  return {
    picture: testControl({ at: NOW - 5_000, holder: ME, ...changes }),
    at: NOW,
    nowMs: NOW,
    freshness: { kind: 'live', ageMs: 0 },
    actorRef: ME,
    deviceName: (id) => id,
    ...more,
  };
}

function refused(
  command: (typeof LINE_COMMANDS)[number],
  ...reasons: CommandReason[]
): Partial<ControlPicture> {
  return { refusals: { ...testControl().refusals, [command]: reasons } };
}

const reason = (code: CommandReason['code'], ref: string | null = null): CommandReason => ({
  code,
  ref,
  words: '',
});
const codes = (view: { readonly bars: readonly Parameters<typeof barCode>[0][] }): string[] =>
  view.bars.map(barCode);

describe('a button of the line', () => {
  it('acts when nothing stands in its way and this account has the line in hand', () => {
    expect(orderView(watched({}), 'line.start', false)).toMatchObject({ acts: true, bars: [] });
  });

  it.each([
    ['nobody', null, 'free'],
    ['somebody else', OTHER, 'other'],
  ] as const)('says that %s has the line in hand', (_who, holder, hand) => {
    const view = orderView(watched({ holder }), 'line.start', false);
    expect(view).toMatchObject({ acts: false, bars: [{ kind: 'hand', hand }] });
  });

  it('gives every reason of the line, in its order', () => {
    const changes = refused('line.start', reason('device-offline', 'plc'), reason('interlock', 'jam'));
    expect(codes(orderView(watched(changes), 'line.start', false))).toEqual(['device-offline', 'interlock']);
  });

  it('leaves out what does not matter while the state says no, never what safety says', () => {
    const changes = refused(
      'line.start',
      reason('not-remote'),
      reason('wrong-state', 'aborted'),
      reason('no-local-enable'),
      reason('emergency-stop'),
      reason('interlock', 'door'),
    );
    const view = orderView(watched({ ...changes, holder: null }), 'line.start', false);
    expect(codes(view)).toEqual(['hand', 'wrong-state', 'emergency-stop', 'interlock']);
  });

  it('of a line that has to be reset first wants the line in hand, and the reset', () => {
    for (const state of ['stopped', 'complete', 'aborted'] as const) {
      const changes = { state, holder: null, ...refused('line.start', reason('wrong-state', state)) };
      expect(codes(orderView(watched(changes), 'line.start', false))).toEqual(['hand', 'wrong-state']);
    }
    const runs = {
      state: 'execute',
      holder: null,
      ...refused('line.start', reason('wrong-state', 'execute')),
    } as const;
    expect(codes(orderView(watched(runs), 'line.start', false))).toEqual(['wrong-state']);
  });

  it('does not repeat what stands under the one that the state allows', () => {
    const jam = reason('interlock', 'jam');
    const door = reason('interlock', 'door');
    const refusals = {
      ...testControl().refusals,
      'line.start': [reason('wrong-state', 'held'), jam, door],
      'line.unhold': [reason('no-local-enable'), jam],
    };
    const at = watched({ state: 'held', refusals });
    expect(orderView(at, 'line.start', false).bars).toEqual([
      { kind: 'reason', reason: reason('wrong-state', 'held') },
      { kind: 'reason', reason: door },
    ]);
  });

  it('says the local enable last: it counts for seconds only', () => {
    const changes = refused('line.start', reason('no-local-enable'), reason('interlock', 'jam'));
    expect(codes(orderView(watched(changes), 'line.start', false))).toEqual(['interlock', 'no-local-enable']);
  });

  it('asks for the local enable when only that is missing', () => {
    const only = refused('line.start', reason('no-local-enable'));
    expect(orderView(watched(only), 'line.start', false)).toMatchObject({ acts: false, wantsEnable: true });
    const two = refused('line.start', reason('no-local-enable'), reason('interlock', 'jam'));
    expect(orderView(watched(two), 'line.start', false).wantsEnable).toBe(false);
  });

  it.each([
    [8_000, 0, 8],
    [8_000, 2_500, 6],
    [8_000, 5_999, 3],
    [0, 0, null],
  ])('counts %i ms of local enable, said %i ms ago, as %s s', (enableLeftMs, agoMs, left) => {
    const at = watched({ enableLeftMs }, { nowMs: NOW + agoMs });
    expect(orderView(at, 'line.start', false).enableLeftS).toBe(left);
    expect(orderView(at, 'line.hold', false).enableLeftS).toBeNull();
  });

  it('on an old picture or a phone only stops and holds', () => {
    for (const command of SHOWN_COMMANDS) {
      const always = command === 'line.stop' || command === 'line.hold';
      expect(orderView(watched({}, { nowMs: NOW + CONTROL_STALE_MS + 1 }), command, false).acts).toBe(always);
      expect(orderView(watched({}), command, true).acts).toBe(always);
    }
  });

  it('stops and holds whatever the picture says', () => {
    const anyReason = fc.constantFrom(
      reason('busy', 'line.stop'),
      reason('wrong-state', 'stopped'),
      reason('emergency-stop'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('line.stop' as const, 'line.hold' as const),
        fc.array(anyReason),
        fc.option(fc.constantFrom(ME, OTHER)),
        fc.integer({ min: 0, max: 100_000 }),
        fc.boolean(),
        (command, reasons, holder, agoMs, isPhone) => {
          const at = watched({ ...refused(command, ...reasons), holder }, { nowMs: NOW + agoMs });
          expect(orderView(at, command, isPhone).acts).toBe(true);
        },
      ),
    );
  });
});

describe('a picture', () => {
  it.each([
    [CONTROL_STALE_MS, 'live', false],
    [CONTROL_STALE_MS + 1, 'live', true],
    [0, 'lost', true],
  ] as const)('of %i ms ago, the line %s: old is %s', (agoMs, kind, stale) => {
    const freshness =
      kind === 'live' ? ({ kind, ageMs: 0 } as const) : ({ kind, cause: 'link', lastAt: null } as const);
    expect(isStale({ at: NOW, nowMs: NOW + agoMs, freshness })).toBe(stale);
  });

  it('tells the times of its edge by the clock of the server', () => {
    const at = watched({ stateSince: NOW - 65_000 });
    expect(serverTime(at, at.picture.stateSince)).toBe(NOW - 60_000);
  });

  it('says who asks for the line and when it passes', () => {
    const asking = { actor: OTHER, passesAt: NOW - 5_000 + 24_000 };
    expect(handView(watched({ asking }))).toEqual({
      hand: 'mine',
      asking: { actor: OTHER, isMine: false, leftS: 24 },
    });
    const mine = watched({ asking: { ...asking, actor: ME }, holder: OTHER }, { nowMs: NOW + 30_000 });
    expect(handView(mine)).toEqual({ hand: 'other', asking: { actor: ME, isMine: true, leftS: 0 } });
  });
});

describe('what is set', () => {
  it('is forbidden by the interlocks that name it and hold, and by nothing else', () => {
    const interlocks = MOTION_COMMANDS.map((command) => ({
      id: command.replace('.', '-'),
      words: command,
      forbidding: command !== 'scale.zero',
      unknown: false,
      forbids: [command],
    }));
    for (const command of ['setpoint.write', 'diverter.set', 'scale.tare'] as const) {
      expect(otherBars(watched({ interlocks }), command, false)).toEqual([
        { kind: 'reason', reason: { code: 'interlock', ref: command.replace('.', '-'), words: command } },
      ]);
    }
    expect(otherBars(watched({ interlocks }), 'scale.zero', false)).toEqual([]);
  });

  it('is refused with the whole line, a scale only by what concerns it', () => {
    const changes = refused(
      'line.mode',
      reason('not-remote'),
      reason('wrong-state', 'execute'),
      reason('busy', 'line.start'),
    );
    expect(otherBars(watched(changes), 'setpoint.write', false).map(barCode)).toEqual(['not-remote', 'busy']);
    expect(otherBars(watched(changes), 'scale.tare', false).map(barCode)).toEqual(['busy']);
  });

  it('is refused in maintenance where it moves something', () => {
    const changes = refused(
      'line.start',
      reason('wrong-mode', 'maintenance'),
      reason('wrong-state', 'stopped'),
    );
    expect(otherBars(watched(changes), 'diverter.set', false).map(barCode)).toEqual(['wrong-mode']);
    expect(otherBars(watched(changes), 'programme.download', false)).toEqual([]);
  });
});

describe('a set-point', () => {
  const range = { min: 0.1, max: 1.2, step: 0.05 };
  it.each([
    [0.8, 0.8],
    [0.1, 0.1],
    [1.2, 1.2],
    [1.21, null],
    [0.09, null],
    [0.77, null],
    [Number.NaN, null],
  ])('of %d is written as %s', (typed, value) => expect(setpointValue(range, typed)).toBe(value));

  it('may be its least and its greatest value wherever its steps lie', () => {
    for (const value of [0.12, 1.18])
      expect(setpointValue({ min: 0.12, max: 1.18, step: 0.05 }, value)).toBe(value);
  });

  it('stays in its range and on its steps, without the dust of fractions', () => {
    expect(stepped(range, 0.8, 1)).toBe(0.85);
    expect(stepped(range, 1.2, 1)).toBe(1.2);
    expect(stepped(range, 0.1, -1)).toBe(0.1);
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1.2, noNaN: true }),
        fc.constantFrom(1 as const, -1 as const),
        (from, way) => {
          const next = stepped(range, from, way);
          expect(next).toBeGreaterThanOrEqual(range.min);
          expect(next).toBeLessThanOrEqual(range.max);
          expect(String(next).length).toBeLessThanOrEqual(4);
        },
      ),
    );
  });
});
