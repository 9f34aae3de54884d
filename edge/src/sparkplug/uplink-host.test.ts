import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { systemClock } from '../system/clock.ts';
import { HOST_CLOCK_AHEAD_MAX_MS, HOST_RECHECK_MS } from './host-view.ts';
import { TestBroker, until } from './test-broker.ts';
import { births, Line, silent, sparkplug } from './test-line.ts';
import { HOST_ABSENT_WARN_MS, UPKEEP_MS } from './uplink-options.ts';

/** The machine's clock, whose monotonic time a test may set forward. */
class ForwardClock implements Clock {
  #aheadMs = 0;

  nowMs(): number {
    return systemClock.nowMs();
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#aheadMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  forward(ms: number): void {
    this.#aheadMs += ms;
  }
}

/** A line with a primary host, on a link that no set-forward clock calls silent. */
function lineOf(broker: TestBroker) {
  const clock = new ForwardClock();
  const warnings: string[] = [];
  const log: Log = { ...silent, warn: (_, message) => warnings.push(message) };
  const line = new Line({ url: broker.url, primaryHost: 'trame', keepAliveS: 600 }, null, { clock, log });
  const isIn = (state: string) => () => line.uplink.status.state === state;
  return { clock, warnings, line, isIn };
}

function say(broker: TestBroker, online: boolean, timestamp: number): Promise<void> {
  return broker.publish('spBv1.0/STATE/trame', JSON.stringify({ online, timestamp }), ['-r', '-q', '1']);
}

describe('an edge node whose host is away', () => {
  it('says that its host was never seen online, and warns of it once after a while', async () => {
    await using broker = await TestBroker.start();
    const { clock, warnings, line, isIn } = lineOf(broker);
    await using _ = line;
    await until('waiting', isIn('waiting-for-host'));
    const absence = 'the host application «trame» was never seen online';
    expect(line.uplink.status.reason).toBe(absence);
    await delay(3 * UPKEEP_MS);
    expect(warnings).toEqual([]);
    clock.forward(HOST_ABSENT_WARN_MS);
    await until('the warning', () => warnings.length === 1);
    await delay(3 * UPKEEP_MS);
    expect(warnings).toEqual([`${absence}; nothing is published until it is online`]);
    await say(broker, true, systemClock.nowMs());
    await until('birth', isIn('born'));
    expect(line.uplink.status.reason).toBeNull();
  });

  it('says that its host is offline once it was seen', async () => {
    await using broker = await TestBroker.start();
    const { clock, warnings, line, isIn } = lineOf(broker);
    await using _ = line;
    await say(broker, true, 1);
    await until('birth', isIn('born'));
    await say(broker, false, 2);
    const absence = 'the host application «trame» is offline';
    await until('disconnection', () => line.uplink.status.reason === absence);
    await until('waiting', isIn('waiting-for-host'));
    expect(line.uplink.status.reason).toBe(absence);
    // Told when it happened: not told again.
    clock.forward(HOST_ABSENT_WARN_MS);
    await delay(3 * UPKEEP_MS);
    expect(warnings).toEqual([`${absence}; nothing is published until it is online`]);
  });
});

describe('an edge node whose host had a wrong clock', () => {
  it('believes the death of a host whose clock ran far ahead and was set right', async () => {
    await using broker = await TestBroker.start();
    const { line, isIn } = lineOf(broker);
    await using _ = line;
    await say(broker, true, systemClock.nowMs() + 100 * HOST_CLOCK_AHEAD_MAX_MS);
    await until('birth', isIn('born'));
    await say(broker, false, systemClock.nowMs());
    await until('waiting', isIn('waiting-for-host'));
  });

  it('believes, after a while, the death of a host whose clock was set back a little', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/caux/#');
    const { clock, line, isIn } = lineOf(broker);
    await using _ = line;
    const nowMs = systemClock.nowMs();
    await say(broker, true, nowMs + HOST_CLOCK_AHEAD_MAX_MS / 2);
    await until('birth', isIn('born'));
    await say(broker, false, nowMs);
    await delay(3 * UPKEEP_MS);
    expect(line.uplink.status.state).toBe('born');
    clock.forward(HOST_RECHECK_MS);
    await until('waiting', isIn('waiting-for-host'));
    expect(sparkplug(heard).at(-1)?.message).toBe('NDEATH');
    await say(broker, true, nowMs + 1);
    await until('second birth', () => births(heard).length === 2);
  });

  it('takes no STATE whose time no date can tell', async () => {
    await using broker = await TestBroker.start();
    const { line, isIn } = lineOf(broker);
    await using _ = line;
    await until('waiting', isIn('waiting-for-host'));
    await say(broker, true, 1e300);
    await until('refusal', () => line.uplink.counts.invalidMessages === 1);
    expect(line.uplink.status.state).toBe('waiting-for-host');
  });
});
