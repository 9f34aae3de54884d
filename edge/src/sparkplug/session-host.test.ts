import { describe, expect, it } from 'vitest';
import { HOST_CLOCK_AHEAD_MAX_MS, HOST_RECHECK_MS } from './host-view.ts';
import type { SessionEvent } from './session.ts';
import { CONNECTED, host, NOW_MS, play, recheck } from './test-session.ts';

describe('a session with a primary host', () => {
  it('is not born before the host is online', () => {
    expect(play(CONNECTED, true).state.phase.kind).toBe('waiting-for-host');
    expect(play([...CONNECTED, host(false, 5)], true).kinds).toEqual(['connect']);
    expect(play([...CONNECTED, host(false, 5), host(true, 5)], true).kinds).toEqual(['connect', 'nbirth']);
  });

  it('takes a retained state that arrives before the subscription is acknowledged', () => {
    const early: SessionEvent[] = [{ kind: 'start' }, host(true, 5), { kind: 'connected', atMs: 1 }];
    expect(play(early, true).kinds).toEqual(['connect', 'nbirth']);
  });

  it('says its death, disconnects and comes back to wait when the host goes offline', () => {
    const { kinds, state } = play(
      [...CONNECTED, host(true, 5), host(false, 5), { kind: 'retry' }, { kind: 'connected', atMs: 9 }],
      true,
    );
    expect(kinds).toEqual(['connect', 'nbirth', 'ndeath', 'disconnect', 'retry-later', 'connect']);
    expect(state.phase.kind).toBe('waiting-for-host');
  });

  it('does not believe a death that is older than the last birth of the host', () => {
    expect(play([...CONNECTED, host(true, 5), host(false, 4)], true).state.phase.kind).toBe('born');
  });

  it('asks the broker anew when it waits for a host that it does not believe, after a while', () => {
    const waiting: SessionEvent[] = [...CONNECTED, host(false, 9), host(true, 3, 100), host(true, 4, 200)];
    expect(play([...waiting, recheck(100 + HOST_RECHECK_MS - 1)], true).kinds).toEqual(['connect']);
    const { kinds } = play(
      [
        ...waiting,
        recheck(100 + HOST_RECHECK_MS),
        { kind: 'retry' },
        { kind: 'connected', atMs: 1 },
        host(true, 3),
      ],
      true,
    );
    expect(kinds).toEqual(['connect', 'disconnect', 'retry-later', 'connect', 'nbirth']);
  });

  it('asks the broker anew when a death that it does not believe is not taken back, and dies before', () => {
    const doubted: SessionEvent[] = [...CONNECTED, host(true, 9), host(false, 3, 100)];
    expect(play([...doubted, recheck(100 + HOST_RECHECK_MS - 1)], true).state.phase.kind).toBe('born');
    const { kinds, state } = play(
      [
        ...doubted,
        recheck(100 + HOST_RECHECK_MS),
        { kind: 'retry' },
        { kind: 'connected', atMs: 1 },
        host(false, 3),
      ],
      true,
    );
    expect(kinds).toEqual(['connect', 'nbirth', 'ndeath', 'disconnect', 'retry-later', 'connect']);
    expect(state.phase.kind).toBe('waiting-for-host');
  });

  it.each([
    ['believed again', host(true, 9, 200)],
    ['confirmed by a STATE as old', host(true, 4, 200)],
  ])('leaves a session alone whose host is %s after a death that was not believed', (_, after) => {
    const events = [...CONNECTED, host(true, 9), host(false, 3, 100), after, recheck(10 * HOST_RECHECK_MS)];
    expect(play(events, true).state.phase.kind).toBe('born');
  });

  it('believes a host whose clock runs ahead, and believes it again when the clock was set right', () => {
    const ahead = NOW_MS + HOST_CLOCK_AHEAD_MAX_MS + 1;
    const online: SessionEvent[] = [...CONNECTED, host(true, ahead)];
    expect(play(online, true).state.phase.kind).toBe('born');
    expect(play([...online, host(false, NOW_MS)], true).state.phase.kind).toBe('disconnected');
    expect(play([...online, host(true, 8.64e15), host(false, ahead)], true).state.phase.kind).toBe(
      'disconnected',
    );
    // What was believed before still stands against an older death.
    const before: SessionEvent[] = [...CONNECTED, host(true, 5), host(true, ahead)];
    expect(play([...before, host(false, 4)], true).state.phase.kind).toBe('born');
    // Within the tolerance the order is kept.
    const within: SessionEvent[] = [...CONNECTED, host(true, NOW_MS + HOST_CLOCK_AHEAD_MAX_MS)];
    expect(play([...within, host(false, NOW_MS)], true).state.phase.kind).toBe('born');
  });

  it('remembers through its sessions whether its host was ever online', () => {
    const again: SessionEvent[] = [
      { kind: 'closed', atMs: 1 },
      { kind: 'retry' },
      { kind: 'connected', atMs: 2 },
    ];
    expect(play([...CONNECTED, host(false, 5), ...again], true).state.host?.wasOnline).toBe(false);
    const seen = play([...CONNECTED, host(true, 5), ...again], true).state;
    expect([seen.phase.kind, seen.host?.wasOnline]).toEqual(['waiting-for-host', true]);
  });
});
