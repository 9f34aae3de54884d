/** The ports of a driver for tests on real sockets: real time, real chance, and a sink that remembers. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Reading, TagDefinition } from '../../domain/reading.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeviceIncident, DeviceSink } from '../../ports/device.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { Log } from '../../ports/log.ts';

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

export const realClock: Clock = {
  nowMs: monotonicMs,
  monotonicMs,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

export const halfEntropy: Entropy = { random: () => 0.5, bytes: (count) => new Uint8Array(count).fill(7) };

const ignore = () => undefined;
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Remembers warnings. */
export class RecordingLog implements Log {
  readonly warnings: { readonly fields: object; readonly message: string }[] = [];
  readonly debug = ignore;
  readonly info = ignore;
  readonly error = ignore;

  warn(fields: object, message: string): void {
    this.warnings.push({ fields, message });
  }
}

type SinkEvent = { readonly atMs: number; readonly device: string } & (
  | { readonly kind: 'online'; readonly tags: readonly TagDefinition[] }
  | { readonly kind: 'offline'; readonly reason: string }
  | { readonly kind: 'readings'; readonly readings: readonly Reading[] }
  | { readonly kind: 'incident'; readonly incident: DeviceIncident }
);

const POLL_MS = 5;

export class RecordingSink implements DeviceSink {
  readonly events: SinkEvent[] = [];

  online(device: string, tags: readonly TagDefinition[]): void {
    this.events.push({ kind: 'online', atMs: monotonicMs(), device, tags });
  }

  offline(device: string, reason: string): void {
    this.events.push({ kind: 'offline', atMs: monotonicMs(), device, reason });
  }

  readings(device: string, readings: readonly Reading[]): void {
    this.events.push({ kind: 'readings', atMs: monotonicMs(), device, readings });
  }

  incident(device: string, incident: DeviceIncident): void {
    this.events.push({ kind: 'incident', atMs: monotonicMs(), device, incident });
  }

  /** @returns every reading of a tag, oldest first. */
  of(tag: string, device?: string): Reading[] {
    return this.events.flatMap((event) =>
      event.kind === 'readings' && (device === undefined || event.device === device)
        ? event.readings.filter((reading) => reading.tag === tag)
        : [],
    );
  }

  incidents(kind: DeviceIncident): number {
    return this.events.filter((event) => event.kind === 'incident' && event.incident === kind).length;
  }

  /** What was said of whether devices answer: `online`, or the reason why not. */
  states(device?: string): string[] {
    return this.events.flatMap((event) => {
      if (device !== undefined && event.device !== device) return [];
      if (event.kind === 'online') return ['online'];
      return event.kind === 'offline' ? [event.reason] : [];
    });
  }

  /** Waits until something holds, at most `timeoutMs`; says what was seen when it never does. */
  async until(holds: () => boolean, timeoutMs = 5000): Promise<void> {
    const endMs = monotonicMs() + timeoutMs;
    while (!holds()) {
      if (monotonicMs() > endMs) {
        const seen = this.events.slice(-20).map((event) => show(event));
        throw new Error(`not within ${timeoutMs} ms; last events:\n${seen.join('\n')}`);
      }
      await delay(POLL_MS);
    }
  }
}

function show(event: SinkEvent): string {
  return JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
