import type { LineDescription } from '@trame/protocol/line-description';
import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import {
  decodePayload,
  encodePayload,
  valueOf,
  type InPayload,
  type OutPayload,
} from '@trame/protocol/sparkplug/payload';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TagDefinition } from '../domain/reading.ts';
import type { Sample } from '../domain/tag-state.ts';
import { AliasBook } from './alias-book.ts';
import { readInbound } from './inbound.ts';
import { deviceBirth, deviceData, nodeBirth } from './payloads.ts';

const NOW = 1_700_000_000_000;

function definition(name: string, over: Partial<TagDefinition> = {}): TagDefinition {
  return { name, type: 'uint64', unit: null, deadband: 0, range: null, staleAfterMs: null, ...over };
}

function sample(tag: string, over: Partial<Sample> = {}): Sample {
  return { tag, value: 1n, quality: GOOD, qualityChanged: false, timeMs: NOW, ...over };
}

/** What a receiver reads from the bytes. */
function received(payload: OutPayload): InPayload {
  const decoded = decodePayload(encodePayload(payload));
  if (decoded.kind === 'invalid') throw new Error(decoded.reason);
  return decoded.payload;
}

function born(...definitions: readonly TagDefinition[]): AliasBook {
  const aliases = new AliasBook();
  const tags = definitions.map((each) => ({
    definition: each,
    value: null,
    quality: bad('never-read'),
    timeMs: NOW,
  }));
  deviceBirth('bins', tags, aliases, 1, NOW);
  return aliases;
}

function nodeMetrics(description: LineDescription | null): readonly (string | null)[] {
  return received(nodeBirth({ description, software: 'x' }, 1, 0, NOW)).metrics.map(({ name }) => name);
}

describe('a birth', () => {
  it('carries every tag with its name, alias, type, unit and quality; a bad one has no value', () => {
    const tags = [
      { definition: definition('total', { unit: 'g' }), value: 2n ** 63n, quality: GOOD, timeMs: NOW },
      {
        definition: definition('speed', { type: 'float32' }),
        value: null,
        quality: bad('refused'),
        timeMs: NOW - 5,
      },
    ];
    const { metrics, seq } = received(deviceBirth('bins', tags, new AliasBook(), 7, NOW));
    expect(seq).toBe(7);
    expect(
      metrics.map(({ name, alias, type, isNull, timestampMs }) => [name, alias, type, isNull, timestampMs]),
    ).toEqual([
      ['speed', 2, 9, true, NOW - 5],
      ['total', 1, 8, false, NOW],
    ]);
    const [speed, total] = metrics;
    expect(total && valueOf(total)).toBe(2n ** 63n);
    expect(Object.fromEntries(total?.properties ?? [])).toEqual({
      Quality: 192,
      trameQuality: 'good',
      engUnit: 'g',
    });
    expect(Object.fromEntries(speed?.properties ?? [])).toEqual({ Quality: 0, trameQuality: 'bad:refused' });
  });

  it('keeps the alias of a tag through changes of its type, and gives it to no other', () => {
    const aliases = born(definition('a'), definition('b'));
    const before = aliases.of('bins', 'a');
    const again = [
      { definition: definition('a', { type: 'string' }), value: 'x', quality: GOOD, timeMs: NOW },
    ];
    deviceBirth('bins', again, aliases, 2, NOW);
    deviceBirth('press', again, aliases, 3, NOW);
    expect(aliases.of('bins', 'a')).toMatchObject({ alias: before?.alias, type: 12 });
    expect(new Set(['bins', 'press'].map((device) => aliases.of(device, 'a')?.alias)).size).toBe(2);
  });

  it('describes the line only when it has roles', () => {
    expect(nodeMetrics({ stations: [], outlets: [] })).toContain('Properties/Line Description');
    expect(nodeMetrics(null)).not.toContain('Properties/Line Description');
  });
});

describe('data', () => {
  const aliases = born(definition('total'), definition('level'));
  const qualities = (samples: readonly Sample[], historical = false) =>
    received(deviceData('bins', samples, aliases, { seq: 3, historical, nowMs: NOW })).metrics.map(
      (metric) => [
        metric.isNull,
        metric.properties.get('Quality') ?? null,
        metric.properties.get('trameQuality') ?? null,
      ],
    );

  it('tells the quality when it changed and for as long as it is not good', () => {
    expect(
      qualities([
        sample('total'),
        sample('total', { qualityChanged: true }),
        sample('total', { value: null, quality: bad('stale') }),
        sample('total', { quality: uncertain('out-of-range') }),
      ]),
    ).toEqual([
      [false, null, null],
      [false, 192, 'good'],
      [true, 500, 'bad:stale'],
      [false, 0, 'uncertain:out-of-range'],
    ]);
  });

  it('from the past always tells its quality and that it is of the past', () => {
    expect(qualities([sample('total')], true)).toEqual([[false, 192, 'good']]);
    const { metrics } = received(
      deviceData('bins', [sample('total')], aliases, { seq: 1, historical: true, nowMs: NOW }),
    );
    expect(metrics[0]?.historical).toBe(true);
  });

  it('stands in the order of its times and leaves out what was never announced', () => {
    const samples = [
      sample('total', { timeMs: NOW + 2 }),
      sample('ghost'),
      sample('level', { timeMs: NOW + 1 }),
    ];
    const payload = received(deviceData('bins', samples, aliases, { seq: 1, historical: false, nowMs: NOW }));
    expect(payload.metrics.map(({ alias }) => alias)).toEqual([2, 1]);
  });

  it('from before its tag was configured as another type is left out: it would arrive as another number', () => {
    const book = born(definition('total', { type: 'int16' }));
    const samples = [
      sample('total', { value: 70_000 }),
      sample('total', { value: 'seventy' }),
      sample('total', { value: 70 }),
      sample('total', { value: null, quality: bad('refused') }),
    ];
    const payload = received(deviceData('bins', samples, book, { seq: 1, historical: true, nowMs: NOW }));
    expect(payload.metrics.map((metric) => valueOf(metric, 2))).toEqual([70, null]);
  });
});

describe('what arrives', () => {
  it('is taken, refused or called invalid, whatever the bytes are', () => {
    const topics = fc.oneof(
      fc.string(),
      fc.constantFrom('spBv1.0/STATE/trame', 'spBv1.0/a/NCMD/b', 'spBv1.0/a/DCMD/b/c', 'spBv1.0/a/NBIRTH/b'),
    );
    fc.assert(
      fc.property(topics, fc.uint8Array({ maxLength: 64 }), fc.boolean(), (topic, payload, retained) => {
        const kinds = ['host-state', 'command', 'invalid', ...(retained ? ['refused-command'] : [])];
        expect(kinds).toContain(readInbound({ topic, payload, retained }, 'trame').kind);
      }),
      { numRuns: 500 },
    );
  });
});
