import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from './history-store.ts';
import { SampleBuffer } from './sample-buffer.ts';

function sample(timeMs: number): Sample {
  return { site: 's', line: 'l', device: 'd', metric: 'm', timeMs, value: 1, quality: 192 };
}

describe('samples waiting for the engine', () => {
  it('loses the oldest when there are too many, and counts them', () => {
    const buffer = new SampleBuffer(3);
    buffer.add([sample(1), sample(2)]);
    buffer.add([sample(3), sample(4), sample(5)]);
    expect(buffer.overflowed).toBe(2);
    expect(buffer.take(10).map(({ timeMs }) => timeMs)).toEqual([3, 4, 5]);
  });

  it('keeps order and count through any use', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 7 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 9 }), back: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const buffer = new SampleBuffer(20);
        let model: number[] = [];
        let next = 0;
        let lost = 0;
        let inOrder = true;
        for (const action of steps) {
          if ('add' in action) {
            const fresh = Array.from({ length: action.add }, () => (next += 1));
            buffer.add(fresh.map(sample));
            model.push(...fresh);
          } else {
            const taken = buffer.take(action.take);
            inOrder &&= taken.every(({ timeMs }, index) => timeMs === model[index]);
            inOrder &&= taken.length === Math.min(action.take, model.length);
            if (action.back) buffer.putBack(taken);
            else model = model.slice(action.take);
          }
          lost += Math.max(0, model.length - 20);
          model = model.slice(-20);
          expect([buffer.size, buffer.overflowed]).toEqual([model.length, lost]);
        }
        expect(inOrder).toBe(true);
      }),
    );
  });
});
