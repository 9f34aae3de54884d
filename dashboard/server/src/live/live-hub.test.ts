import { testControl } from '@trame/protocol/control/test-control';
import type { LiveDelta, LiveSnapshot } from '@trame/protocol/live-state';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reading } from '../ingest/reading.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { LiveHub } from './live-hub.ts';
import { CLOGGED_MAX_MS, CONTROL_REVISION_MS, HEARTBEAT_MS, REVISION_INTERVAL_MS } from './limits.ts';
import { LivePicture } from './picture.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { newStream, nextStream } from './stream-client.ts';

const hubs: LiveHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.close();
});

interface Heard {
  readonly name: string;
  readonly id: string;
  readonly body: LiveSnapshot & LiveDelta;
}

/** A listener in memory that can be told to be behind. */
class Ear {
  readonly heard: Heard[] = [];
  readonly at: number[] = [];
  behind = false;
  closed = false;

  write = (text: string): boolean => {
    for (const block of text.split('\n\n').filter((part) => part !== '')) {
      const [id, name, data] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      this.heard.push({ id: id ?? '', name: name ?? '', body: JSON.parse(data ?? '{}') as Heard['body'] });
      this.at.push(systemClock.monotonicMs());
    }
    return !this.behind;
  };

  close = (): void => {
    this.closed = true;
  };
}

function setUp(clientsMax?: number): { hub: LiveHub; picture: LivePicture; change: (value: number) => void } {
  const picture = new LivePicture();
  const hub = new LiveHub({
    picture,
    clock: systemClock,
    epoch: 'e1',
    ...(clientsMax === undefined ? {} : { clientsMax }),
  });
  hubs.push(hub);
  picture.lineOnline('caux', 'tri-1', 1, { stations: [], outlets: [] });
  picture.deviceOnline('tri-1', 'scale', 1, [reading(0)]);
  const change = (value: number) => {
    picture.readings('tri-1', 'scale', value, [reading(value)]);
    hub.changed();
  };
  return { hub, picture, change };
}

function reading(value: number): Reading {
  return { metric: 'gross', unit: 'kg', value, quality: { level: 'good' }, sourceTimeMs: 5, edgeTimeMs: 6 };
}

function lastGross(ear: Ear): unknown {
  return ear.heard.at(-1)?.body.ops?.find(({ path }) => path.at(-1) === 'gross')?.value;
}

describe('the live stream', () => {
  it('begins with a snapshot and goes on with deltas that fit', async () => {
    const { hub, change } = setUp();
    const ear = new Ear();
    hub.join(ear, null);
    expect(ear.heard[0]).toMatchObject({
      name: 'snapshot',
      body: { epoch: 'e1', state: { lines: { 'tri-1': {} } } },
    });
    change(7);
    await eventually(() => ear.heard[1]);
    expect(ear.heard[1]).toMatchObject({ name: 'delta', body: { prev: ear.heard[0]?.body.rev } });
    expect(lastGross(ear)).toMatchObject({ value: 7, quality: 'good', unit: 'kg' });
    expect(ear.heard[1]?.id).toBe(`e1-${ear.heard[1]?.body.rev}`);
  });

  it('sends the first change after a pause at once, then at most four a second, latest value only', async () => {
    const { hub, change } = setUp();
    const ear = new Ear();
    hub.join(ear, null);
    await delay(REVISION_INTERVAL_MS + 20);
    const startMs = systemClock.monotonicMs();
    for (let value = 1; value <= 60; value += 1) {
      change(value);
      await delay(10);
    }
    await eventually(() => ((lastGross(ear) as { value: number } | undefined)?.value === 60 ? true : null));
    const times = ear.at.slice(1);
    expect((times[0] ?? Infinity) - startMs).toBeLessThan(REVISION_INTERVAL_MS);
    expect(times.length).toBeLessThanOrEqual(
      2 + (systemClock.monotonicMs() - startMs) / REVISION_INTERVAL_MS,
    );
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(REVISION_INTERVAL_MS - 15);
  });

  it('sends sooner what people wait for, with all that changed by then, and nothing twice', async () => {
    const { hub, picture, change } = setUp();
    const ear = new Ear();
    hub.join(ear, null);
    await delay(REVISION_INTERVAL_MS + 20);
    change(1);
    await eventually(() => ear.heard[1]);
    change(2);
    picture.setControl('caux', 'tri-1', testControl(), 5_000);
    hub.changed(CONTROL_REVISION_MS);
    const control = await eventually(() => ear.heard[2]);
    const [, firstAt = 0, controlAt = 0] = ear.at;
    expect(controlAt - firstAt).toBeGreaterThanOrEqual(CONTROL_REVISION_MS - 15);
    expect(controlAt - firstAt).toBeLessThan(REVISION_INTERVAL_MS - 15);
    expect(lastGross(ear)).toMatchObject({ value: 2 });
    expect(JSON.stringify(control.body)).toContain('"control"');
    await delay(REVISION_INTERVAL_MS + 20);
    expect(ear.heard).toHaveLength(3);
  });

  it('continues where a page was, and gives a snapshot when it cannot', async () => {
    const { hub, change } = setUp();
    const ear = new Ear();
    hub.join(ear, null);
    change(1);
    const known = await eventually(() => ear.heard[1]);
    await delay(REVISION_INTERVAL_MS);
    change(2);
    await eventually(() => ear.heard[2]);
    const back = new Ear();
    hub.join(back, known.id);
    expect(back.heard.map(({ name, body }) => [name, body.prev])).toEqual([['delta', known.body.rev]]);
    for (const stranger of ['e2-1', 'e1-99', 'e1-', 'x', '', 'e1-1e3']) {
      const other = new Ear();
      hub.join(other, stranger);
      expect([stranger, other.heard[0]?.name]).toEqual([stranger, 'snapshot']);
    }
  });

  it('spares a listener that is behind, and gives it a snapshot when it has caught up', async () => {
    const { hub, change } = setUp();
    const [slow, other] = [new Ear(), new Ear()];
    slow.behind = true;
    const listener = hub.join(slow, null);
    hub.join(other, null);
    change(1);
    await eventually(() => other.heard[1]);
    await delay(REVISION_INTERVAL_MS);
    change(2);
    await eventually(() => other.heard[2]);
    expect(slow.heard).toHaveLength(1);
    slow.behind = false;
    listener?.drained();
    expect(slow.heard[1]).toMatchObject({ name: 'snapshot' });
    expect(slow.heard[1]?.body.state.lines['tri-1']?.devices['scale']?.tags['gross']?.value).toBe(2);
    await delay(REVISION_INTERVAL_MS);
    change(3);
    await eventually(() => slow.heard[2]);
    expect(slow.heard[2]?.body.prev).toBe(slow.heard[1]?.body.rev);
  });
});

describe('the hub', () => {
  it('serves only so many', () => {
    const { hub } = setUp(2);
    expect(hub.join(new Ear(), null)).not.toBeNull();
    const second = hub.join(new Ear(), null);
    expect(hub.join(new Ear(), null)).toBeNull();
    second?.leave();
    expect(hub.join(new Ear(), null)).not.toBeNull();
  });

  it('sends a path once when its parent changed too', () => {
    const { picture } = setUp();
    picture.changed.take(picture.state);
    picture.readings('tri-1', 'scale', 9, [reading(9)]);
    picture.lineOffline('tri-1', 10);
    expect(picture.changed.take(picture.state).map(({ path }) => path)).toEqual([['lines', 'tri-1']]);
    expect(picture.line('tri-1')?.devices['scale']?.tags['gross']).toMatchObject({
      value: 9,
      quality: 'bad',
    });
  });
});

describe('one listener', () => {
  it('is closed when it takes nothing for too long', () => {
    const clogged = nextStream(newStream(0), { kind: 'written', flushed: false, atMs: 100 }).state;
    expect(nextStream(clogged, { kind: 'tick', atMs: 99 + CLOGGED_MAX_MS }).effect).toBeNull();
    expect(nextStream(clogged, { kind: 'tick', atMs: 100 + CLOGGED_MAX_MS }).effect).toBe('close');
  });

  it('hears a heartbeat at once, then every ten seconds', () => {
    const beat = nextStream(newStream(5), { kind: 'tick', atMs: 5 });
    expect(beat.effect).toBe('send-heartbeat');
    expect(nextStream(beat.state, { kind: 'tick', atMs: 4 + HEARTBEAT_MS }).effect).toBeNull();
    expect(nextStream(beat.state, { kind: 'tick', atMs: 5 + HEARTBEAT_MS }).effect).toBe('send-heartbeat');
  });

  it('never gets a delta while it is behind, and exactly one snapshot for all it missed', () => {
    const event = fc.constantFrom('delta', 'behind', 'drained' as const);
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let state = newStream(0);
        let [behind, missed] = [false, false];
        const [wanted, got]: [unknown[], unknown[]] = [[], []];
        for (const kind of events) {
          const written = { kind: 'written', flushed: false, atMs: 0 } as const;
          const step = nextStream(state, kind === 'behind' ? written : { kind });
          state = step.state;
          got.push(step.effect);
          if (kind === 'delta') wanted.push(behind ? null : 'send-delta');
          else wanted.push(kind === 'drained' && missed ? 'send-snapshot' : null);
          if (kind === 'delta') missed ||= behind;
          else [behind, missed] = kind === 'behind' ? [true, missed] : [false, false];
        }
        expect(got).toEqual(wanted);
      }),
    );
  });
});

describe('the replay', () => {
  it('keeps so many bytes and so long, no more', () => {
    const replay = new ReplayBuffer(1_000, 50);
    for (let rev = 1; rev <= 10; rev += 1) {
      replay.add({ prev: rev - 1, rev, text: 'x'.repeat(10), atMs: rev * 10 });
    }
    expect(replay.after(4)).toBeNull();
    expect(replay.after(5)?.map(({ rev }) => rev)).toEqual([6, 7, 8, 9, 10]);
    expect(replay.after(10)).toEqual([]);
    replay.add({ prev: 10, rev: 11, text: 'x', atMs: 5_000 });
    expect(replay.after(9)).toBeNull();
    expect(replay.after(10)).toHaveLength(1);
  });
});
