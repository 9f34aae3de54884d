import { describe, expect, it } from 'vitest';
import type { ModbusTag } from '../domain/line-config.ts';
import { device, tag, tcp } from './testing/device-config.ts';
import type { RecordingSink } from './testing/real-ports.ts';
import { run, server } from './testing/run-drivers.ts';

const ANSWER_MS = 60;

/** A device behind a slow line: every answer takes {@link ANSWER_MS}. */
async function slowLine(): Promise<number> {
  const { port } = await server((request) => {
    setTimeout(() => request.answer(Buffer.alloc(request.count * 2)), ANSWER_MS);
  });
  return port;
}

function group(everyMs: number, ...tags: ModbusTag[]) {
  return { everyMs, staleAfterMs: 10 * everyMs, tags };
}

function timesOf(sink: RecordingSink, name: string): number[] {
  return sink.events.flatMap((event) =>
    event.kind === 'readings' && event.readings.some((reading) => reading.tag === name) ? [event.atMs] : [],
  );
}

/** @returns the longest time between two readings of a tag, ms. */
function longestGapMs(sink: RecordingSink, name: string): number {
  const times = timesOf(sink, name);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

describe('a Modbus link that is asked for more than it can carry', () => {
  it('gives every group and every unit its first value at once', async () => {
    const port = await slowLine();
    const first = device(tcp(port), [], {
      id: 'first',
      groups: [group(50, tag('fast', 0)), group(60_000, tag('slow', 100))],
    });
    const second = device(tcp(port), [tag('second', 0)], { id: 'second', unit: 2, everyMs: 30_000 });
    const { sink } = run(first, second);
    await sink.until(() => ['fast', 'slow', 'second'].every((name) => sink.of(name).length > 0), 1500);
    expect(['first', 'second'].map((id) => sink.states(id))).toStrictEqual([['online'], ['online']]);
  });

  it('reads every group within twice its period or twice a whole turn', async () => {
    const port = await slowLine();
    const first = device(tcp(port), [], {
      id: 'first',
      groups: [group(20, tag('a', 0)), group(50, tag('b', 100)), group(500, tag('c', 200), tag('d', 300))],
    });
    const second = device(tcp(port), [tag('e', 0)], { id: 'second', unit: 2, everyMs: 1000 });
    const { sink } = run(first, second);
    await sink.until(() => sink.of('e').length >= 5, 8000);
    const turnMs = 5 * ANSWER_MS;
    // Of a machine that has other things to do: a group that is left out comes seconds later.
    const late = 400;
    for (const name of ['a', 'b']) expect(longestGapMs(sink, name)).toBeLessThan(2 * turnMs + late);
    for (const name of ['c', 'd']) expect(longestGapMs(sink, name)).toBeLessThan(2 * 500 + late);
    expect(longestGapMs(sink, 'e')).toBeLessThan(2 * 1000 + late);
  });
});

describe('a Modbus link with time to spare', () => {
  it('does not let a long round of a slow group hold up a fast one', async () => {
    const port = await slowLine();
    const many = Array.from({ length: 25 }, (_, index) => tag(`slow-${index}`, 100 + 50 * index));
    const { sink } = run(
      device(tcp(port), [], { groups: [group(200, tag('fast', 0)), group(60_000, ...many)] }),
    );
    await sink.until(() => sink.of('slow-24').length > 0, 6000);
    expect(longestGapMs(sink, 'fast')).toBeLessThan(1000);
  });
});
