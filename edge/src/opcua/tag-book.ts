/** What the driver knows of each tag of one device: its type, what it said last, what was already complained of. */
import type { Quality } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';
import type { OpcuaDeviceConfig, OpcuaTag } from '../domain/line-config.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import { isScaled } from '../domain/scale-value.ts';
import type { DeviceSink } from '../ports/device.ts';
import type { Log } from '../ports/log.ts';
import { convertDataValue, type DataValueLike } from './convert-value.ts';
import { tagTypeOfDataType } from './read-variant.ts';

export interface TagBook {
  definitions(): TagDefinition[];
  /** Tags whose type nobody told yet. */
  untyped(): OpcuaTag[];
  learn(tag: string, type: TagType): void;
  /** @returns whether a type became known since this was last asked. */
  takeTypeNews(): boolean;
  /** @returns the reading of a value that the server sent, or null for one that it sent before. */
  take(tag: OpcuaTag, data: DataValueLike): Reading | null;
  /** @returns the reading of a quality that the driver itself finds; the next value counts as new. */
  say(tag: OpcuaTag, quality: Quality): Reading;
  /** A new session begins: what the one before said no longer stands, so everything counts as new. */
  forgetValues(): void;
}

interface TagRecord {
  learnt: TagType | null;
  last: { readonly sourceTimeMs: number; readonly status: number; readonly value: TagValue | null } | null;
  misfitSaid: boolean;
}

/** Announced until the server tells: every number fits it. A reading before that has no value. */
const PROVISIONAL_TYPE: TagType = 'float64';

export function createTagBook(device: OpcuaDeviceConfig, sink: DeviceSink, log: Log): TagBook {
  const records = new Map<string, TagRecord>(
    device.tags.map((tag) => [tag.name, { learnt: null, last: null, misfitSaid: false }]),
  );
  let typeNews = false;

  const recordOf = (name: string): TagRecord => {
    const record = records.get(name);
    if (record === undefined) throw new Error(`tag ${name} is not one of device ${device.id}`);
    return record;
  };
  const learn = (name: string, type: TagType): void => {
    const record = recordOf(name);
    typeNews ||= record.learnt !== type;
    record.learnt = type;
  };
  /** Type that raw values have to fit; null: not known, or any number because it is scaled. */
  const rawTypeOf = (tag: OpcuaTag): TagType | null =>
    tag.type ?? (isScaled(tag) ? null : recordOf(tag.name).learnt);

  return {
    definitions: () =>
      device.tags.map((tag) => ({
        name: tag.name,
        type: isScaled(tag) ? 'float64' : (rawTypeOf(tag) ?? PROVISIONAL_TYPE),
        unit: tag.unit,
        deadband: tag.deadband,
        range: tag.range,
        staleAfterMs: null,
      })),
    untyped: () => device.tags.filter((tag) => !isScaled(tag) && rawTypeOf(tag) === null),
    learn,
    takeTypeNews() {
      const news = typeNews;
      typeNews = false;
      return news;
    },
    take(tag, data) {
      const record = recordOf(tag.name);
      const converted = convertDataValue(tag, rawTypeOf(tag), data);
      const { reading, overflow, misfit } = converted;
      if (overflow) sink.incident(device.id, 'overflow');
      if (isRepeat(record, reading, data.statusCode.value)) return null;
      record.last = remember(reading, data.statusCode.value);
      if (misfit !== null) {
        sink.incident(device.id, 'bad-value');
        if (!record.misfitSaid) {
          log.warn(
            { device: device.id, tag: tag.name, node: tag.node, type: rawTypeOf(tag), got: misfit },
            'the server sends what this tag cannot hold; said once',
          );
        }
        record.misfitSaid = true;
      }
      if (reading.value !== null && !isScaled(tag) && rawTypeOf(tag) === null) {
        const type = tagTypeOfDataType(data.value.dataType);
        if (type !== null) learn(tag.name, type);
      }
      return reading;
    },
    say(tag, quality) {
      recordOf(tag.name).last = null;
      return { tag: tag.name, value: null, quality, sourceTimeMs: null };
    },
    forgetValues() {
      for (const record of records.values()) record.last = null;
    },
  };
}

/** Servers send a value again after a repair. Without a time of its own nothing proves that it is the same. */
function isRepeat({ last }: TagRecord, reading: Reading, status: number): boolean {
  return (
    last !== null &&
    last.sourceTimeMs === reading.sourceTimeMs &&
    last.status === status &&
    Object.is(last.value, reading.value)
  );
}

function remember(reading: Reading, status: number): TagRecord['last'] {
  if (reading.sourceTimeMs === null) return null;
  return { sourceTimeMs: reading.sourceTimeMs, status, value: reading.value };
}
