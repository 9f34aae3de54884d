/**
 * Watches the life counter of a device: a number that its program changes all the time. A server can go on
 * answering with the last values of a program that has stopped, and nothing in them tells. While the counter
 * stands still the device counts as offline; what it says meanwhile is held, and told when it lives again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { LifeCounter } from '../domain/line-config.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceIncident, DeviceSink } from '../ports/device.ts';
import { slept } from '../ports/slept.ts';

const CHECK_MS = 250;

interface Watched {
  readonly life: LifeCounter;
  /** Null while the driver says that the device is offline. */
  definitions: readonly TagDefinition[] | null;
  readonly latest: Map<string, Reading>;
  /** Monotonic ms. */
  changedAtMs: number;
  standsStill: boolean;
}

export class LifeWatch implements DeviceSink {
  readonly #sink: DeviceSink;
  readonly #clock: Clock;
  readonly #watched: ReadonlyMap<string, Watched>;

  constructor(sink: DeviceSink, lives: ReadonlyMap<string, LifeCounter>, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    this.#watched = new Map(
      [...lives].map(([device, life]) => [
        device,
        { life, definitions: null, latest: new Map(), changedAtMs: 0, standsStill: false },
      ]),
    );
  }

  /** Checks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#watched.size === 0) return;
    while (await slept(this.#clock, CHECK_MS, signal)) this.check();
  }

  check(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [device, watched] of this.#watched) {
      if (watched.definitions === null || watched.standsStill) continue;
      if (nowMs - watched.changedAtMs <= watched.life.withinMs) continue;
      watched.standsStill = true;
      const seconds = watched.life.withinMs / 1000;
      this.#sink.offline(
        device,
        `it answers, but its life counter ${watched.life.tag} has not changed for ${seconds} s: its program may be stopped`,
      );
    }
  }

  online(device: string, tags: readonly TagDefinition[]): void {
    const watched = this.#watched.get(device);
    if (watched !== undefined) {
      if (watched.definitions === null) watched.changedAtMs = this.#clock.monotonicMs();
      watched.definitions = tags;
      if (watched.standsStill) return;
    }
    this.#sink.online(device, tags);
  }

  offline(device: string, reason: string): void {
    const watched = this.#watched.get(device);
    if (watched !== undefined) {
      watched.definitions = null;
      watched.latest.clear();
      watched.standsStill = false;
    }
    this.#sink.offline(device, reason);
  }

  readings(device: string, readings: readonly Reading[]): void {
    const watched = this.#watched.get(device);
    if (watched === undefined || watched.definitions === null) {
      this.#sink.readings(device, readings);
      return;
    }
    const lives = this.#take(watched, readings);
    if (!watched.standsStill) {
      this.#sink.readings(device, readings);
    } else if (lives) {
      watched.standsStill = false;
      this.#sink.online(device, watched.definitions);
      this.#sink.readings(device, [...watched.latest.values()]);
    }
  }

  incident(device: string, kind: DeviceIncident): void {
    this.#sink.incident(device, kind);
  }

  /** @returns whether the life counter changed. */
  #take(watched: Watched, readings: readonly Reading[]): boolean {
    let changed = false;
    for (const reading of readings) {
      const before = watched.latest.get(reading.tag);
      if (reading.tag === watched.life.tag && reading.quality.level !== 'bad') {
        changed ||= before === undefined || !isDeepStrictEqual(before.value, reading.value);
      }
      watched.latest.set(reading.tag, reading);
    }
    if (changed) watched.changedAtMs = this.#clock.monotonicMs();
    return changed;
  }
}
