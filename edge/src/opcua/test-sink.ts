/** A device sink that writes down what it is told, and waits for what a test expects. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { DeviceIncident, DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';

export type Told =
  | { readonly kind: 'online'; readonly tags: readonly TagDefinition[] }
  | { readonly kind: 'offline'; readonly reason: string }
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'incident'; readonly incident: DeviceIncident };

export class TestSink implements DeviceSink {
  readonly told: Told[] = [];

  online(_device: string, tags: readonly TagDefinition[]): void {
    this.told.push({ kind: 'online', tags });
  }

  offline(_device: string, reason: string): void {
    this.told.push({ kind: 'offline', reason });
  }

  readings(_device: string, readings: readonly Reading[]): void {
    for (const reading of readings) this.told.push({ kind: 'reading', reading });
  }

  incident(_device: string, incident: DeviceIncident): void {
    this.told.push({ kind: 'incident', incident });
  }

  /** Position from which `waitFor` looks, for «from now on». */
  mark(): number {
    return this.told.length;
  }

  readingsOf(tag: string, from = 0): Reading[] {
    return this.told
      .slice(from)
      .flatMap((one) => (one.kind === 'reading' && one.reading.tag === tag ? [one.reading] : []));
  }

  countOf(incident: DeviceIncident): number {
    return this.told.filter((one) => one.kind === 'incident' && one.incident === incident).length;
  }

  definition(tag: string): TagDefinition | undefined {
    const last = this.told.findLast((one) => one.kind === 'online');
    return last?.tags.find(({ name }) => name === tag);
  }

  waitForReading(
    tag: string,
    wanted: (reading: Reading) => boolean,
    from = 0,
    limitMs = 10_000,
  ): Promise<Reading> {
    return this.#wait(`a reading of ${tag}`, () => this.readingsOf(tag, from).find(wanted), limitMs);
  }

  async waitForOffline(wanted: RegExp, from = 0, limitMs = 10_000): Promise<string> {
    const find = (): string | undefined =>
      this.told
        .slice(from)
        .flatMap((one) => (one.kind === 'offline' && wanted.test(one.reason) ? [one.reason] : []))[0];
    return this.#wait(`offline for ${wanted}`, find, limitMs);
  }

  async waitForIncident(incident: DeviceIncident, count = 1, limitMs = 10_000): Promise<void> {
    await this.#wait(`${count} × ${incident}`, () => this.countOf(incident) >= count || undefined, limitMs);
  }

  async #wait<T>(what: string, find: () => T | undefined, limitMs: number): Promise<T> {
    const end = performance.now() + limitMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (performance.now() > end) {
        const last = this.told
          .slice(-8)
          .map((one) => JSON.stringify(one, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));
        throw new Error(`${what} did not come within ${limitMs} ms; last:\n${last.join('\n')}`);
      }
      await delay(10);
    }
  }
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export class TestLog implements Log {
  readonly lines: LogLine[] = [];

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }

  matching(message: RegExp): LogLine[] {
    return this.lines.filter((line) => message.test(line.message));
  }
}
