import { bad, GOOD } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { DeviceSink } from '../ports/device.ts';
import { LifeWatch } from './life-watch.ts';
import { TestClock } from './test-clock.ts';

const DEFINITIONS: readonly TagDefinition[] = ['life', 'speed'].map((name) => ({
  name,
  type: 'uint32',
  unit: null,
  deadband: 0,
  range: null,
  staleAfterMs: null,
}));

const good = (tag: string, value: number): Reading => ({ tag, value, quality: GOOD, sourceTimeMs: null });

function bench() {
  const told: string[] = [];
  const sink: DeviceSink = {
    online: (device) => told.push(`${device} online`),
    offline: (device, reason) => told.push(`${device} offline: ${reason}`),
    readings: (device, readings) =>
      told.push(...readings.map(({ tag, value }) => `${device} ${tag} ${String(value)}`)),
    incident: (device, kind) => told.push(`${device} ${kind}`),
  };
  const clock = new TestClock();
  const watch = new LifeWatch(sink, new Map([['plc', { tag: 'life', withinMs: 5000 }]]), clock);
  watch.online('plc', DEFINITIONS);
  return {
    watch,
    told: () => told.splice(0),
    later: async (ms: number) => {
      await clock.advance(ms);
      watch.check();
    },
  };
}

describe('a device with a life counter', () => {
  it('is left alone while the counter changes', async () => {
    const { watch, told, later } = bench();
    for (let count = 0; count < 10; count += 1) {
      watch.readings('plc', [good('life', count)]);
      await later(4000);
    }
    expect(told().filter((line) => line.includes('offline'))).toEqual([]);
  });

  it('is offline, with words, when it goes on answering but the counter stands still', async () => {
    const { watch, told, later } = bench();
    watch.readings('plc', [good('life', 7), good('speed', 3)]);
    await later(4000);
    watch.readings('plc', [good('life', 7), good('speed', 3)]);
    await later(2000);
    watch.readings('plc', [good('life', 7), good('speed', 4)]);
    expect(told()).toEqual([
      'plc online',
      'plc life 7',
      'plc speed 3',
      'plc life 7',
      'plc speed 3',
      'plc offline: it answers, but its life counter life has not changed for 5 s: its program may be stopped',
    ]);
  });

  it('that lives again tells everything it said meanwhile, changed or not', async () => {
    const { watch, told, later } = bench();
    watch.readings('plc', [good('life', 7), good('speed', 3)]);
    await later(6000);
    watch.readings('plc', [good('speed', 4)]);
    told();
    watch.readings('plc', [good('life', 8)]);
    expect(told()).toEqual(['plc online', 'plc life 8', 'plc speed 4']);
  });

  it('is not alive for a counter that is bad', async () => {
    const { watch, told, later } = bench();
    for (let count = 0; count < 4; count += 1) {
      watch.readings('plc', [{ tag: 'life', value: null, quality: bad('refused'), sourceTimeMs: null }]);
      await later(2000);
    }
    expect(told().at(-1)).toMatch(/^plc offline/u);
  });

  it('starts anew after its driver lost it', async () => {
    const { watch, told, later } = bench();
    watch.readings('plc', [good('life', 7)]);
    await later(6000);
    watch.offline('plc', 'refused');
    watch.online('plc', DEFINITIONS);
    watch.readings('plc', [good('life', 7)]);
    told();
    await later(4000);
    expect(told()).toEqual([]);
  });
});
