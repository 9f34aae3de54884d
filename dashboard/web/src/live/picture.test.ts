import type { LiveState } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { fromSnapshot, lastHeardAt, withDelta } from './picture.ts';
import { readDelta, readHeartbeat, readSnapshot } from './read-message.ts';

const state: LiveState = {
  lines: {
    'tri-1': {
      id: 'tri-1',
      site: 's',
      line: 'tri-1',
      state: 'online',
      since: 1,
      lastMessageAt: 5,
      description: { stations: [], outlets: [] },
      devices: {},
      control: null,
      controlAt: null,
    },
  },
  alarms: {},
};
const snapshot = { epoch: 'e', rev: 7, state };

describe('the picture', () => {
  it('follows a delta that starts where it stands', () => {
    const received = withDelta(fromSnapshot(snapshot), {
      prev: 7,
      rev: 9,
      ops: [{ path: ['lines', 'tri-1', 'lastMessageAt'], value: 6 }],
    });
    if (received.kind !== 'ok') throw new Error('out of step');
    expect(received.picture.rev).toBe(9);
    expect(lastHeardAt(received.picture.state)).toBe(6);
  });

  it.each([
    ['starts elsewhere', { prev: 6, rev: 8, ops: [] }],
    ['speaks of what is not there', { prev: 7, rev: 8, ops: [{ path: ['lines', 'no', 'state'], value: 1 }] }],
  ])('is out of step when the delta %s', (_case, delta) => {
    expect(withDelta(fromSnapshot(snapshot), delta)).toEqual({ kind: 'outOfStep' });
  });

  it('is out of step before its snapshot', () => {
    expect(withDelta(null, { prev: 0, rev: 1, ops: [] })).toEqual({ kind: 'outOfStep' });
  });

  it('was never heard while no line was', () => {
    expect(lastHeardAt({ lines: {}, alarms: {} })).toBeNull();
  });
});

describe('messages of the stream', () => {
  it('are read when they have the agreed shape', () => {
    expect(readSnapshot(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(readDelta('{"prev":1,"rev":2,"ops":[{"path":["a"]}]}')).toEqual({
      prev: 1,
      rev: 2,
      ops: [{ path: ['a'] }],
    });
    expect(readHeartbeat('{"serverTime":12}')).toEqual({ serverTime: 12 });
  });

  it.each(['', 'null', '[]', '{"epoch":1}', '{"epoch":"e","rev":1,"state":{"lines":{"a":{}}}}', '{"rev":'])(
    'are refused as snapshots otherwise: %s',
    (text) => expect(readSnapshot(text)).toBeNull(),
  );

  it.each([
    '{}',
    '{"prev":1,"rev":2,"ops":[{"path":[]}]}',
    '{"prev":1,"rev":2,"ops":[{"path":[1]}]}',
    '{"prev":"1"}',
  ])('are refused as deltas otherwise: %s', (text) => expect(readDelta(text)).toBeNull());

  it.each(['{}', '{"serverTime":"12"}', '{"serverTime":null}'])(
    'are refused as heartbeats otherwise: %s',
    (text) => expect(readHeartbeat(text)).toBeNull(),
  );
});
