/**
 * From drivers to the uplink. Drivers fill an inbox; a cycle moves all of it into the process image, counts,
 * and tells what changed. Cycles follow the first new reading within {@link CYCLE_DELAY_MS}; a slow tick finds
 * what nobody tells: values that grew old, rates that fell to zero.
 */
import { LINE_DEVICE } from '@trame/protocol/line-description';
import { lineTagDefinitions, type CounterDefinition, type KeptCount } from '../domain/line-counts.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { Instant, Sample } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { DeviceIncident, DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';
import type { BirthSource, ChangeConsumer, DeviceChange, TagSnapshot } from '../ports/uplink.ts';
import { DeviceCounters, type DeviceCounts } from './device-counters.ts';
import { Inbox, type DriverEvent } from './inbox.ts';
import { LineCounter, type CountNews, type RecordedCount } from './line-counter.ts';
import { ProcessImage, type DeviceState } from './process-image.ts';

/** Readings that arrive together are published together: the price of one message instead of ten. */
export const CYCLE_DELAY_MS = 4;
export const TICK_MS = 1000;
/** A line on which nothing changes for this long gives a sign of life, so that it is not taken for a dead one. */
export const QUIET_MS = 5000;

const COUNT_NEWS: Readonly<Record<CountNews['event']['kind'], string>> = {
  'went-back': 'a total went back; counting goes on from the new value',
  returned: 'a total that went back is where it was; only what it grew since is counted',
  'began-anew': 'a total that went back grows from there: another life of its device is counted',
};

export interface PipelineOptions {
  readonly deviceIds: readonly string[];
  readonly counters: readonly CounterDefinition[];
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: CountStore;
  readonly recorded: RecordedCount;
  /** Looks at the line right after each cycle. `tick`: the cycle of every {@link TICK_MS}. Must not throw. */
  readonly observe: (at: Instant, tick: boolean) => void;
  /** Told how long each cycle took, ms. */
  readonly onCycle: (durationMs: number) => void;
}

export class Pipeline implements DeviceSink, BirthSource {
  readonly #options: PipelineOptions;
  readonly #inbox = new Inbox();
  readonly #image: ProcessImage;
  readonly #counter: LineCounter;
  readonly #counters: DeviceCounters;
  readonly #hasLineDevice: boolean;
  #consumer: ChangeConsumer | null = null;
  #keepFailed = false;
  #totalsWentBack = 0;
  #publishedAtMs = 0;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { counters } = options;
    const lineTags = lineTagDefinitions(counters);
    this.#hasLineDevice = lineTags.length > 0;
    const ids = this.#hasLineDevice ? [...options.deviceIds, LINE_DEVICE] : options.deviceIds;
    this.#image = new ProcessImage(ids, this.#now());
    this.#counter = new LineCounter(counters, options.counts, options.recorded);
    this.#tellStart();
    this.#counters = new DeviceCounters(options.deviceIds);
    if (this.#hasLineDevice) {
      this.#inbox.push({ kind: 'online', device: LINE_DEVICE, tags: lineTags });
      this.#inbox.push({ kind: 'readings', device: LINE_DEVICE, readings: this.#lineReadings() });
    }
  }

  get devices(): ReadonlyMap<string, DeviceState> {
    return this.#image.devices;
  }

  get counts(): ReadonlyMap<string, DeviceCounts> {
    return this.#counters.all;
  }

  /** Counters as they are on disk. */
  get kept(): readonly KeptCount[] {
    return this.#counter.kept;
  }

  /** Totals of devices that went back since the start. */
  get totalsWentBack(): number {
    return this.#totalsWentBack;
  }

  /** Readings refused because cycles could not keep up. */
  get refusedReadings(): number {
    return this.#inbox.refused;
  }

  /** Whether counts can be kept on disk. */
  get keepsCounts(): boolean {
    return !this.#keepFailed;
  }

  online(device: string, tags: readonly TagDefinition[]): void {
    this.#inbox.push({ kind: 'online', device, tags });
  }

  offline(device: string, reason: string): void {
    this.#inbox.push({ kind: 'offline', device, reason });
  }

  readings(device: string, readings: readonly Reading[]): void {
    if (readings.length > 0) this.#inbox.push({ kind: 'readings', device, readings });
  }

  incident(device: string, kind: DeviceIncident): void {
    this.#counters.incident(device, kind);
  }

  device(id: string): readonly TagSnapshot[] | null {
    return this.#image.birth(id, this.#now());
  }

  /** Runs cycles until the signal aborts; then keeps the counts a last time. */
  async run(signal: AbortSignal, consumer: ChangeConsumer): Promise<void> {
    this.#consumer = consumer;
    try {
      await Promise.all([this.#cycleLoop(signal), this.#tickLoop(signal)]);
    } finally {
      this.#consumer = null;
      this.#reportKeeping(this.#counter.flush());
    }
  }

  async #cycleLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#inbox.filled(signal);
      if (!(await slept(this.#options.clock, CYCLE_DELAY_MS, signal))) return;
      this.#cycle(false);
    }
  }

  async #tickLoop(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, TICK_MS, signal)) this.#cycle(true);
  }

  /** One cycle, in one go: nothing else runs between its first line and its last. */
  #cycle(tick: boolean): void {
    const { clock } = this.#options;
    const at = this.#now();
    const changes = new CycleChanges();
    for (const event of this.#inbox.takeAll()) this.#apply(event, at, changes);
    if (tick) {
      for (const [device, samples] of this.#image.expire(at)) changes.samples(device, samples);
      if (this.#hasLineDevice) this.#applyReadings(LINE_DEVICE, this.#lineReadings(), at, changes);
    }
    if (tick && at.monotonicMs - this.#publishedAtMs >= QUIET_MS) {
      const sign = this.#image.repeatOne(at);
      if (sign !== null) changes.samples(sign.device, [sign.sample]);
    }
    const list = changes.list();
    if (list.length > 0) {
      this.#publishedAtMs = at.monotonicMs;
      this.#consumer?.(list);
    }
    this.#options.observe(at, tick);
    this.#options.onCycle(clock.monotonicMs() - at.monotonicMs);
  }

  #apply(event: DriverEvent, at: Instant, changes: CycleChanges): void {
    const { log } = this.#options;
    switch (event.kind) {
      case 'online':
        if (this.#image.devices.get(event.device)?.presence !== 'online' && event.device !== LINE_DEVICE) {
          log.info({ device: event.device, tags: event.tags.length }, 'device online');
        }
        this.#image.online(event.device, event.tags, at);
        changes.online(event.device);
        return;
      case 'offline':
        if (this.#image.offline(event.device, event.reason, at)) {
          log.warn({ device: event.device, reason: event.reason }, 'device offline');
          changes.offline(event.device);
        }
        return;
      case 'readings':
        this.#applyReadings(event.device, event.readings, at, changes);
    }
  }

  #applyReadings(device: string, readings: readonly Reading[], at: Instant, changes: CycleChanges): void {
    const samples: Sample[] = [];
    for (const reading of readings) {
      const step = this.#image.read(device, reading, at);
      this.#counters.reading(device, step === null ? 'unknown' : step.tag.quality.level);
      if (step === null) continue;
      if (step.sample !== null) samples.push(step.sample);
      this.#tellCounts(this.#counter.take(device, step.tag, at.monotonicMs));
    }
    changes.samples(device, samples);
  }

  #lineReadings(): readonly Reading[] {
    const lookup = (device: string, tag: string) => this.#image.tag(device, tag);
    const { readings, news, error } = this.#counter.tick(lookup, this.#options.clock.monotonicMs());
    this.#tellCounts(news);
    this.#reportKeeping(error);
    return readings;
  }

  #tellCounts(news: readonly CountNews[]): void {
    for (const { counter, event } of news) {
      if (event.kind === 'went-back') this.#totalsWentBack += 1;
      this.#options.log.warn({ counter, from: event.fromGrams, to: event.toGrams }, COUNT_NEWS[event.kind]);
    }
  }

  /** A configuration that counts something else, or under another name, is never silent. */
  #tellStart(): void {
    const { log } = this.#options;
    const { resumed, counters } = this.#counter.started;
    for (const counter of resumed) {
      log.warn(
        { counter },
        'the counts on disk say less than the ledger (lost, or an old copy); counting goes on from the ledger',
      );
    }
    for (const { row, replaced, goesOnFrom } of counters) {
      const counter = row.name;
      if (goesOnFrom !== null) {
        log.info(
          { counter, before: goesOnFrom },
          'a total that another counter counted goes on under this name',
        );
      } else if (replaced !== null) {
        const was = `${replaced.source.device}/${replaced.source.tag} ${replaced.reads}`;
        const now = `${row.source.device}/${row.source.tag} ${row.reads}`;
        log.warn({ counter, was, now }, 'another total than before is counted, from its first value on');
      }
    }
  }

  #reportKeeping(error: unknown): void {
    if (error !== null && !this.#keepFailed) {
      this.#options.log.error({ error }, 'the counts cannot be kept on disk; published totals stand still');
    } else if (error === null && this.#keepFailed) {
      this.#options.log.info({}, 'the counts are kept on disk again');
    }
    this.#keepFailed = error !== null;
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }
}

/** What one cycle changed: a device's last word on its presence, and its samples. */
class CycleChanges {
  readonly #presence = new Map<string, 'online' | 'offline'>();
  readonly #samples = new Map<string, Sample[]>();

  online(device: string): void {
    this.#presence.set(device, 'online');
  }

  offline(device: string): void {
    this.#presence.set(device, 'offline');
    this.#samples.delete(device);
  }

  samples(device: string, samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    const list = this.#samples.get(device);
    if (list === undefined) this.#samples.set(device, [...samples]);
    else list.push(...samples);
  }

  /** A device that was born in this cycle has no samples: its birth carries every value. */
  list(): readonly DeviceChange[] {
    const of = (kind: 'online' | 'offline'): DeviceChange[] =>
      [...this.#presence].filter(([, last]) => last === kind).map(([device]) => ({ kind, device }));
    const samples = [...this.#samples].filter(([device]) => !this.#presence.has(device));
    return [
      ...of('offline'),
      ...of('online'),
      ...samples.map(([device, list]): DeviceChange => ({ kind: 'samples', device, samples: list })),
    ];
  }
}
