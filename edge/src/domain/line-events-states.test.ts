import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import type { TagValue } from '@trame/protocol/tag';
import { describe, expect, it } from 'vitest';
import type { LineStateTag } from './line-config.ts';
import {
  deviceEvent,
  lineStateEvent,
  lineStateMark,
  lineStateName,
  lineStateOf,
} from './line-events-states.ts';
import { neverRead, takeReading, type TagState } from './tag-state.ts';

const AT = { wallMs: 1_700_000_000_000, monotonicMs: 5 };

function tag(type: 'uint16' | 'bool', value: TagValue | null, quality = GOOD): TagState {
  const definition = { name: 't', type, unit: null, deadband: 0, range: null, staleAfterMs: null };
  return takeReading(neverRead(definition, AT), { tag: 't', value, quality, sourceTimeMs: null }, AT).state;
}

function nameOf(state: TagState | null, states: LineStateTag['states'] = null) {
  return lineStateName({ device: 'plc', tag: 't', states }, () => state);
}

describe('the state of a line', () => {
  it.each([
    [1, 'clearing'],
    [2, 'stopped'],
    [4, 'idle'],
    [6, 'execute'],
    [9, 'aborted'],
    [11, 'held'],
    [17, 'complete'],
    [0, 'unknown'],
    [18, 'unknown'],
    [19, 'unknown'],
  ])('%i is %s', (number, state) => {
    expect(nameOf(tag('uint16', number))).toBe(state);
  });

  it('is what the line says its numbers mean, where they are its own', () => {
    const states = new Map([
      [2, 'idle'],
      [10, 'execute'],
    ] as const);
    expect([2, 10, 6, 4].map((number) => nameOf(tag('uint16', number), states))).toEqual([
      'idle',
      'execute',
      'unknown',
      'unknown',
    ]);
  });

  it('is unknown when its number is not good, and the emergency stop is when it is not read', () => {
    const notGood = [
      tag('uint16', null, bad('stale')),
      tag('uint16', 6, uncertain('out-of-range')),
      tag('bool', true),
      null,
    ];
    expect(notGood.map((state) => nameOf(state))).toEqual(Array(4).fill('unknown'));
    expect(lineStateName(null, () => tag('uint16', 6))).toBe('unknown');
    expect(lineStateOf('unknown', tag('bool', true)).emergencyStop).toBe(true);
    expect(lineStateOf('execute', tag('bool', null, bad('stale'))).emergencyStop).toBeNull();
    expect(lineStateOf('unknown', null)).toEqual({ state: 'unknown', emergencyStop: null });
  });

  it('becomes an event that the ledger takes, and a mark that differs with each part of it', () => {
    const states = [
      { state: 'execute', emergencyStop: false },
      { state: 'execute', emergencyStop: true },
      { state: 'execute', emergencyStop: null },
      { state: 'held', emergencyStop: null },
    ] as const;
    expect(new Set(states.map(lineStateMark)).size).toBe(states.length);
    const event = lineStateEvent(states[0], 'execute/false', AT.wallMs);
    expect([payloadFault(event.type, event.payload), event.marks]).toEqual([
      null,
      { 'line.state': 'execute/false' },
    ]);
  });
});

describe('the state of a device', () => {
  it('is told with why it is away, in words that fit, and without when it is there', () => {
    const away = deviceEvent('bins', 'offline', 'x'.repeat(1000), AT.wallMs);
    expect([payloadFault(away.type, away.payload), away.marks]).toEqual([null, { 'device.bins': 'offline' }]);
    expect(deviceEvent('bins', 'online', 'stale words', AT.wallMs).payload).toEqual({
      device: 'bins',
      state: 'online',
      reason: null,
    });
  });

  it('is told in whole characters, though the words are cut within one', () => {
    const away = deviceEvent('bins', 'offline', `${'x'.repeat(299)}\u{1F600}`, AT.wallMs);
    const { reason } = away.payload;
    expect([String(reason).length, String(reason).isWellFormed()]).toEqual([300, true]);
    expect(payloadFault(away.type, away.payload)).toBeNull();
  });

  it('that began before the clock was set is dated as early as an event may be', () => {
    const event = deviceEvent('bins', 'online', null, 60_000);
    expect(event.occurredAtMs).toBe(Date.UTC(2020, 0, 1));
  });
});
