import { bad, GOOD } from '@trame/protocol/quality';
import { expect, it, describe } from 'vitest';
import type { Sample } from '../domain/tag-state.ts';
import { Backlog } from './backlog.ts';

function sample(tag: string, value: number, over: Partial<Sample> = {}): Sample {
  return { tag, value, quality: GOOD, qualityChanged: false, timeMs: 0, ...over };
}

describe('samples that wait for the socket', () => {
  it('are the latest of each tag, and a change of quality is never lost', () => {
    const backlog = new Backlog();
    const broken = sample('x', 2, { quality: bad('refused'), qualityChanged: true });
    backlog.add('a', [sample('x', 1), sample('y', 1), broken, sample('x', 3)]);
    backlog.add('b', [sample('x', 9)]);
    expect(backlog.takeAll()).toEqual([
      { device: 'a', samples: [sample('x', 3, { qualityChanged: true }), sample('y', 1)] },
      { device: 'b', samples: [sample('x', 9)] },
    ]);
    expect(backlog.isEmpty).toBe(true);
  });

  it('are forgotten with the birth or death of their device', () => {
    const backlog = new Backlog();
    backlog.add('a', [sample('x', 1), sample('y', 1)]);
    backlog.add('b', [sample('x', 1)]);
    backlog.forget('a');
    backlog.forget('a');
    expect(backlog.takeAll().map(({ device }) => device)).toEqual(['b']);
    backlog.add('a', [sample('x', 1)]);
    backlog.clear();
    expect([backlog.takeAll(), backlog.isEmpty]).toEqual([[], true]);
  });
});
