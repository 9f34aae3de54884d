import { GOOD, bad, uncertain, type Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import { describe, expect, it } from 'vitest';
import type { RolesConfig } from '../domain/line-config.ts';
import { countersOf, type KeptCount } from '../domain/line-counts.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { Log } from '../ports/log.ts';
import type { DeviceChange } from '../ports/uplink.ts';
import { CYCLE_DELAY_MS, Pipeline, QUIET_MS, TICK_MS } from './pipeline.ts';
import { INBOX_READINGS_MAX } from './inbox.ts';
import { TestClock } from './test-clock.ts';

const NO_ROLES: RolesConfig = {
  infeedScale: null,
  lineState: null,
  scales: [],
  description: { stations: [], outlets: [] },
};
const OUTLETS: RolesConfig = {
  ...NO_ROLES,
  description: {
    stations: [],
    outlets: [
      { id: 'reuse', label: 'Réemploi', route: 'reuse', device: 'bins', total: 'total1', baseline: 'zero' },
      { id: 'rags', label: 'Essuyage', route: 'recycling', device: 'bins', total: 'total2' },
      { id: 'manual', label: 'Manuel', route: 'manual' },
    ],
  },
};

/** A store whose disk a test can fill up. */
class MemoryCounts implements CountStore {
  readonly kept = new Map<string, KeptCount>();
  full = false;

  loadCounts(): readonly KeptCount[] {
    return [...this.kept.values()];
  }

  saveCounts(counts: readonly KeptCount[]): void {
    if (this.full) throw new Error('database or disk is full');
    for (const count of counts) this.kept.set(count.name, count);
  }
}

function tag(name: string, over: Partial<TagDefinition> = {}): TagDefinition {
  return { name, type: 'float64', unit: 'kg', deadband: 0, range: null, staleAfterMs: null, ...over };
}

function good(name: string, value: TagValue): Reading {
  return { tag: name, value, quality: GOOD, sourceTimeMs: null };
}

/** A running pipeline on a clock that the test moves. */
class Bench implements AsyncDisposable {
  readonly clock = new TestClock();
  readonly counts: MemoryCounts;
  readonly pipeline: Pipeline;
  readonly warnings: string[] = [];
  readonly #abort = new AbortController();
  readonly #run: Promise<void>;
  #changes: DeviceChange[] = [];

  constructor(roles: RolesConfig = NO_ROLES, counts = new MemoryCounts()) {
    this.counts = counts;
    const warn = (_fields: object, message: string): number => this.warnings.push(message);
    const log: Log = { debug: () => {}, info: () => {}, warn, error: warn };
    this.pipeline = new Pipeline({
      deviceIds: ['scale', 'bins'],
      counters: countersOf({ roles, devices: [] }),
      clock: this.clock,
      log,
      counts,
      recorded: () => null,
      observe: () => {},
      onCycle: () => {},
    });
    this.#run = this.pipeline.run(this.#abort.signal, (changes) => this.#changes.push(...changes));
  }

  /** What the cycles since the last call told. */
  async cycle(ms = CYCLE_DELAY_MS): Promise<readonly DeviceChange[]> {
    await this.clock.advance(ms);
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  bins(total1: TagValue, total2: TagValue = 0): void {
    this.pipeline.readings('bins', [good('total1', total1), good('total2', total2)]);
  }

  line(name: string): { value: TagValue | null; quality: Quality } | null {
    const state = this.pipeline.devices.get('line')?.tags.get(name);
    return state === undefined ? null : { value: state.value, quality: state.quality };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }
}

const BINS = [tag('total1'), tag('total2')];

describe('a line on which nothing changes', () => {
  it('gives a sign of life: a value it told before, with the time at which that became true', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross')]);
    bench.pipeline.readings('scale', [{ ...good('gross', 7), sourceTimeMs: 1000 }]);
    await bench.cycle();
    const signs = [];
    for (let ms = 0; ms < 2 * QUIET_MS + 2 * TICK_MS; ms += TICK_MS)
      signs.push(...(await bench.cycle(TICK_MS)));
    const sample = { tag: 'gross', value: 7, quality: GOOD, qualityChanged: false, timeMs: 1000 };
    const sign = { kind: 'samples', device: 'scale', samples: [sample] };
    expect(signs).toEqual([sign, sign]);
  });

  it('gives none while no device is online', async () => {
    await using bench = new Bench();
    bench.pipeline.offline('scale', 'refused');
    await bench.cycle();
    for (let ms = 0; ms < 3 * QUIET_MS; ms += TICK_MS) expect(await bench.cycle(TICK_MS)).toEqual([]);
  });

  it('tells its totals and rates every few seconds, so that a trend has points', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(5);
    await bench.cycle();
    const rates: unknown[] = [];
    for (let ms = 0; ms < 30_000; ms += TICK_MS) {
      bench.bins(5);
      for (const change of await bench.cycle(TICK_MS)) {
        if (change.kind === 'samples')
          rates.push(...change.samples.filter(({ tag: name }) => name === 'output.rate'));
      }
    }
    expect(rates.length).toBeGreaterThanOrEqual(5);
    expect(rates.length).toBeLessThanOrEqual(8);
  });
});

describe('a cycle', () => {
  it('follows the first reading within milliseconds and tells everything that came with it at once', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross'), tag('tare')]);
    expect(await bench.cycle()).toEqual([{ kind: 'online', device: 'scale' }]);
    expect(bench.pipeline.device('scale')?.map(({ quality }) => quality)).toEqual([
      bad('never-read'),
      bad('never-read'),
    ]);
    bench.pipeline.readings('scale', [good('gross', 1)]);
    bench.pipeline.readings('scale', [good('gross', 2), good('tare', 3)]);
    expect(CYCLE_DELAY_MS).toBeLessThanOrEqual(5);
    const [change, ...more] = await bench.cycle();
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      kind: 'samples',
      device: 'scale',
      samples: [
        { tag: 'gross', value: 1, qualityChanged: true },
        { tag: 'gross', value: 2, qualityChanged: false },
        { tag: 'tare', value: 3, qualityChanged: true },
      ],
    });
  });

  it('does not repeat in data what the birth of the same cycle tells', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross')]);
    bench.pipeline.readings('scale', [good('gross', 7)]);
    expect(await bench.cycle()).toEqual([{ kind: 'online', device: 'scale' }]);
    expect(bench.pipeline.device('scale')).toMatchObject([{ value: 7, quality: GOOD }]);
    bench.pipeline.readings('scale', [good('gross', 7)]);
    expect(await bench.cycle()).toEqual([]);
  });

  it('makes every tag of a device bad when it goes offline, and knows nothing of it until it is back', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross')]);
    bench.pipeline.readings('scale', [good('gross', 7)]);
    await bench.cycle();
    bench.pipeline.offline('scale', '10.0.0.11:502 refused the connection');
    bench.pipeline.offline('scale', '10.0.0.11:502 does not answer');
    bench.pipeline.readings('scale', [good('gross', 8)]);
    expect(await bench.cycle()).toEqual([{ kind: 'offline', device: 'scale' }]);
    expect(bench.pipeline.device('scale')).toBeNull();
    const scale = bench.pipeline.devices.get('scale');
    expect(scale?.reason).toBe('10.0.0.11:502 does not answer');
    expect(scale?.tags.get('gross')).toMatchObject({ value: null, quality: bad('device-offline') });
    bench.pipeline.online('scale', [tag('gross')]);
    await bench.cycle();
    expect(bench.pipeline.device('scale')).toMatchObject([{ value: null, quality: bad('never-read') }]);
  });

  it('finds values that grew old, though nobody tells it', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross', { staleAfterMs: 2500 })]);
    bench.pipeline.readings('scale', [good('gross', 7)]);
    await bench.cycle();
    expect(await bench.cycle(2000)).toEqual([]);
    expect(await bench.cycle(TICK_MS)).toMatchObject([
      { kind: 'samples', samples: [{ value: null, quality: bad('stale'), qualityChanged: true }] },
    ]);
  });

  it('keeps what it knows when an online device defines its tags anew', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross'), tag('seq', { type: 'string' })]);
    bench.pipeline.readings('scale', [good('gross', 7), good('seq', 'a')]);
    await bench.cycle();
    bench.pipeline.online('scale', [tag('gross'), tag('seq', { type: 'uint32' })]);
    expect(await bench.cycle()).toEqual([{ kind: 'online', device: 'scale' }]);
    expect(bench.pipeline.device('scale')?.map(({ value }) => value)).toEqual([7, null]);
  });

  it('refuses and counts what is more than it can ever take', async () => {
    await using bench = new Bench();
    bench.pipeline.online('scale', [tag('gross')]);
    const many = Array.from({ length: INBOX_READINGS_MAX }, (_, value) => good('gross', value));
    bench.pipeline.readings('scale', many);
    bench.pipeline.readings('scale', [good('gross', 1), good('ghost', 2)]);
    expect(bench.pipeline.refusedReadings).toBe(2);
    await bench.cycle();
    bench.pipeline.readings('scale', [good('ghost', 2)]);
    await bench.cycle();
    expect(bench.pipeline.counts.get('scale')?.readings.get('unknown')).toBe(1);
  });
});

describe('the line', () => {
  it('without roles publishes its tags and nothing more', async () => {
    await using bench = new Bench();
    await bench.cycle(TICK_MS);
    expect(bench.pipeline.devices.has('line')).toBe(false);
  });

  it('counts each outlet by difference and publishes what is on disk', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(10, 4);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 10_000n, quality: GOOD });
    expect(bench.line('outlet.rags.total')).toEqual({ value: 0n, quality: GOOD });
    bench.bins(10.25, 4.5);
    await bench.cycle(TICK_MS);
    expect(bench.line('output.total')).toEqual({ value: 10_750n, quality: GOOD });
    expect(bench.counts.kept.get('outlet.rags')?.state).toEqual({
      lastGrams: 4500n,
      countedGrams: 500n,
      wentBackFromGrams: null,
      generation: 0,
    });
    expect([...(bench.pipeline.devices.get('line')?.tags.keys() ?? [])]).toEqual([
      'outlet.reuse.total',
      'outlet.reuse.rate',
      'outlet.rags.total',
      'outlet.rags.rate',
      'output.total',
      'output.rate',
    ]);
  });

  it('loses nothing when it is cut off: what fell meanwhile is counted at the next start', async () => {
    const counts = new MemoryCounts();
    {
      await using bench = new Bench(OUTLETS, counts);
      bench.pipeline.online('bins', BINS);
      bench.bins(10);
      await bench.cycle(TICK_MS);
    }
    await using bench = new Bench(OUTLETS, counts);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 10_000n, quality: uncertain('never-read') });
    bench.pipeline.online('bins', BINS);
    bench.bins(17);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 17_000n, quality: GOOD });
    // Seven kilograms that fell in nobody knows what time are no throughput.
    await bench.cycle(10 * TICK_MS);
    expect(bench.line('outlet.reuse.rate')).toEqual({ value: 0, quality: GOOD });
  });
});

describe('a count in trouble', () => {
  it('tells a total that went back and subtracts nothing', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(10);
    await bench.cycle(TICK_MS);
    bench.bins(1);
    bench.bins(3);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')?.value).toBe(12_000n);
    expect(bench.pipeline.totalsWentBack).toBe(1);
    expect(bench.warnings).toContain('a total went back; counting goes on from the new value');
  });

  it('does not count totals that are not good', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(10);
    await bench.cycle(2 * TICK_MS);
    bench.pipeline.readings('bins', [
      { tag: 'total1', value: 999, quality: uncertain('out-of-range'), sourceTimeMs: null },
      { tag: 'total1', value: 888, quality: bad('refused'), sourceTimeMs: null },
    ]);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 10_000n, quality: uncertain('refused') });
    expect(bench.line('outlet.reuse.rate')).toEqual({ value: null, quality: bad('refused') });
  });

  it('starts anew, without counting twice, when an outlet is bound to another tag', async () => {
    const counts = new MemoryCounts();
    const source = { device: 'old', tag: 'total' };
    counts.saveCounts([
      {
        name: 'outlet.reuse',
        source,
        reads: '',
        state: { lastGrams: 5n, countedGrams: 5000n, wentBackFromGrams: null, generation: 0 },
        ended: [],
      },
    ]);
    await using bench = new Bench(OUTLETS, counts);
    bench.pipeline.online('bins', BINS);
    bench.bins(80);
    await bench.cycle(TICK_MS);
    bench.bins(81);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')?.value).toBe(6000n);
    expect(counts.kept.get('outlet.reuse')).toMatchObject({
      source: { device: 'bins', tag: 'total1' },
      state: { lastGrams: 81_000n, countedGrams: 6000n, generation: 1 },
      ended: [{ source, generation: 0, countedGrams: 5000n, sourceGrams: 5n, fellToGrams: null }],
    });
  });

  it('starts anew, without counting twice, when the same tag is read otherwise', async () => {
    const counts = new MemoryCounts();
    const source = { device: 'bins', tag: 'total1' };
    const state = { lastGrams: 123n, countedGrams: 123n, wentBackFromGrams: null, generation: 0 };
    counts.saveCounts([{ name: 'outlet.reuse', source, reads: '["holding",5,"g"]', state, ended: [] }]);
    await using bench = new Bench(OUTLETS, counts);
    bench.pipeline.online('bins', BINS);
    bench.bins(123);
    await bench.cycle(2 * TICK_MS);
    bench.bins(124);
    await bench.cycle(2 * TICK_MS);
    expect(bench.line('outlet.reuse.total')?.value).toBe(1123n);
  });

  it('believes a polled total only when the next poll agrees', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', [tag('total1', { staleAfterMs: 60_000 }), tag('total2')]);
    for (const total of [10, 10, 65_000]) bench.bins(total);
    await bench.cycle(3 * TICK_MS);
    expect(bench.line('outlet.reuse.total')?.value).toBe(10_000n);
    for (const total of [11, 11]) bench.bins(total);
    await bench.cycle(3 * TICK_MS);
    expect(bench.line('outlet.reuse.total')?.value).toBe(11_000n);
    expect(bench.pipeline.totalsWentBack).toBe(0);
  });

  it('publishes no total that is not kept, and says that it stands still', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(10);
    await bench.cycle(TICK_MS);
    bench.counts.full = true;
    bench.bins(11);
    await bench.cycle(2 * TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 10_000n, quality: uncertain('stale') });
    expect([bench.pipeline.keepsCounts, bench.warnings.length]).toEqual([false, 1]);
    bench.counts.full = false;
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.total')).toEqual({ value: 11_000n, quality: GOOD });
  });
});

describe('the throughput of the line', () => {
  it('is kg/h over the last minute, and falls to zero when nothing falls', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    for (let second = 0; second <= 60; second += 1) {
      bench.bins(second * 0.5, second * 0.25);
      await bench.cycle(TICK_MS);
    }
    expect(bench.line('outlet.reuse.rate')).toEqual({ value: 1800, quality: GOOD });
    expect(bench.line('output.rate')).toEqual({ value: 2700, quality: GOOD });
    await bench.cycle(70 * TICK_MS);
    expect(bench.line('output.rate')).toEqual({ value: 0, quality: GOOD });
  });

  it('bridges a short absence and starts anew after a long one', async () => {
    await using bench = new Bench(OUTLETS);
    bench.pipeline.online('bins', BINS);
    bench.bins(0);
    await bench.cycle(10 * TICK_MS);
    const away = async (seconds: number): Promise<void> => {
      bench.pipeline.offline('bins', 'gone');
      await bench.cycle(seconds * TICK_MS);
      expect(bench.line('output.rate')).toEqual({ value: null, quality: bad('device-offline') });
      bench.pipeline.online('bins', BINS);
    };
    await away(10);
    bench.bins(1);
    await bench.cycle(TICK_MS);
    expect(bench.line('outlet.reuse.rate')?.value).toBeGreaterThan(100);
    await away(600);
    bench.bins(500);
    await bench.cycle(10 * TICK_MS);
    expect(bench.line('outlet.reuse.rate')).toEqual({ value: 0, quality: GOOD });
    expect(bench.line('outlet.reuse.total')?.value).toBe(500_000n);
  });
});
