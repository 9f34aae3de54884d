/** What is told of one device: to the sink, and once in words to the log. */
import { bad } from '@trame/protocol/quality';
import type { ModbusDeviceConfig, ModbusTag } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import { isScaled } from '../domain/scale-value.ts';
import type { DeviceIncident, DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import { tagsOf, type ReadRequest } from './plan-reads.ts';

export class UnitReport {
  readonly #device: ModbusDeviceConfig;
  readonly #sink: DeviceSink;
  readonly #log: Log;
  /** Told as refused since they were last read. */
  readonly #refusedTags = new Set<string>();

  constructor(device: ModbusDeviceConfig, sink: DeviceSink, log: Log) {
    this.#device = device;
    this.#sink = sink;
    this.#log = log;
  }

  online(): void {
    const { id, link } = this.#device;
    this.#log.info({ device: id, link: linkName(link) }, 'modbus device answers');
    this.#sink.online(id, definitionsOf(this.#device));
  }

  offline(reason: string): void {
    const { id } = this.#device;
    this.#log.warn({ device: id, reason }, 'modbus device is offline');
    this.#refusedTags.clear();
    this.#sink.offline(id, reason);
  }

  readings(request: ReadRequest, readings: readonly Reading[]): void {
    for (const { quality } of readings) {
      if (quality.level === 'bad') this.incident('bad-value', { address: request.address });
    }
    for (const tag of tagsOf(request)) this.#refusedTags.delete(tag.name);
    this.#sink.readings(this.#device.id, readings);
  }

  /** @param meaning why, in words; none when it was told before. */
  refused(requests: readonly ReadRequest[], meaning?: string): void {
    const tags = requests.flatMap(tagsOf);
    if (tags.length === 0) return;
    const news = tags.filter((tag) => !this.#refusedTags.has(tag.name));
    for (const { name, register, address } of news) {
      this.#refusedTags.add(name);
      const fields = { device: this.#device.id, tag: name, register, address, meaning };
      this.#log.warn(fields, 'modbus device refuses a tag');
    }
    this.#sink.readings(this.#device.id, tags.map(refusedReading));
  }

  incident(kind: DeviceIncident, fields: object): void {
    this.#log.debug({ device: this.#device.id, kind, ...fields }, 'modbus incident');
    this.#sink.incident(this.#device.id, kind);
  }
}

/** @returns what the device's tags are to those who read them: scaled tags are float64. */
function definitionsOf(device: ModbusDeviceConfig): TagDefinition[] {
  return device.groups.flatMap((group) =>
    group.tags.map((tag) => ({
      name: tag.name,
      type: isScaled(tag) ? ('float64' as const) : tag.type,
      unit: tag.unit,
      deadband: tag.deadband,
      range: tag.range,
      staleAfterMs: group.staleAfterMs,
    })),
  );
}

function refusedReading(tag: ModbusTag): Reading {
  return { tag: tag.name, value: null, quality: bad('refused'), sourceTimeMs: null };
}
