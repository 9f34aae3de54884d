import type { StationState } from '@trame/protocol/line-description';
import { describe, expect, it } from 'vitest';
import { nextSequence, startSequence, type SequenceVerdict, type SequenceWatch } from './sequence-watch.ts';

const BOUNDS = { firstWithinMs: 8_000, withinMs: 3_000 };
type Says = Readonly<Record<string, StationState | null>>;

function watch(
  direction: 'start' | 'stop',
  story: readonly (readonly [ms: number, says: Says])[],
): {
  readonly watch: SequenceWatch;
  readonly verdict: SequenceVerdict;
} {
  let step: { watch: SequenceWatch; verdict: SequenceVerdict } = {
    watch: startSequence(direction, ['opening', 'belt', 'sorter'], BOUNDS, 0),
    verdict: { kind: 'complete' },
  };
  for (const [ms, says] of story) {
    const stations = Object.entries(says).map(([id, state]) => ({ id, state }));
    step = nextSequence(step.watch, stations, ms);
  }
  return step;
}

const STOPPED: Says = { opening: 'stopped', belt: 'stopped', sorter: 'stopped' };

describe('a start', () => {
  it('is complete when all have come, downstream first', () => {
    const { watch: seen, verdict } = watch('start', [
      [0, STOPPED],
      [5_000, { ...STOPPED, sorter: 'running' }],
      [5_400, { ...STOPPED, sorter: 'running', belt: 'running' }],
      [5_800, { opening: 'running', belt: 'running', sorter: 'running' }],
    ]);
    expect(verdict).toEqual({ kind: 'complete' });
    expect(seen.come).toEqual(['sorter', 'belt', 'opening']);
    expect(seen.disorder).toBeNull();
  });

  it('waits for the first through the warning, and for each after the one before', () => {
    expect(watch('start', [[7_900, STOPPED]]).verdict).toEqual({ kind: 'coming', station: 'sorter' });
    expect(watch('start', [[8_000, STOPPED]]).verdict).toEqual({ kind: 'late', station: 'sorter' });
    const came: readonly [number, Says] = [7_000, { ...STOPPED, sorter: 'running' }];
    expect(watch('start', [came, [9_900, came[1]]]).verdict).toEqual({ kind: 'coming', station: 'belt' });
    expect(watch('start', [came, [10_000, came[1]]]).verdict).toEqual({ kind: 'late', station: 'belt' });
  });

  it('says which one falls out again', () => {
    const { verdict } = watch('start', [
      [5_000, { ...STOPPED, sorter: 'running' }],
      [5_400, { ...STOPPED, sorter: 'jammed' }],
    ]);
    expect(verdict).toEqual({ kind: 'fell-out', station: 'sorter' });
  });

  it('says which one comes out of order, when it stays so', () => {
    const early = { ...STOPPED, opening: 'running' } as const;
    const all: Says = { opening: 'running', belt: 'running', sorter: 'running' };
    const long = watch('start', [
      [0, STOPPED],
      [4_000, early],
      [5_200, early],
      [5_300, all],
    ]);
    expect(long.watch.disorder).toEqual({ station: 'opening', before: 'sorter' });
    const short = watch('start', [
      [0, STOPPED],
      [4_000, early],
      [4_300, early],
      [4_400, all],
    ]);
    expect(short.watch.disorder).toBeNull();
  });

  it('takes what stood full for come only once it moved', () => {
    const held: Says = { opening: 'blocked', belt: 'blocked', sorter: 'blocked' };
    expect(watch('start', [[0, held]]).verdict).toEqual({ kind: 'coming', station: 'sorter' });
    const moved = watch('start', [
      [0, held],
      [5_000, { ...held, sorter: 'starting' }],
      [5_200, { ...held, sorter: 'blocked' }],
    ]);
    expect(moved.verdict).toEqual({ kind: 'coming', station: 'belt' });
  });

  it('goes on without a station that does not say, and remembers it', () => {
    const blind: Says = { opening: 'running', belt: null, sorter: 'running' };
    const { watch: seen, verdict } = watch('start', [
      [1_000, blind],
      [4_000, blind],
    ]);
    expect(verdict).toEqual({ kind: 'complete' });
    expect(seen.unseen).toEqual(['belt']);
  });
});

describe('a stop', () => {
  it('goes upstream first', () => {
    const running: Says = { opening: 'running', belt: 'running', sorter: 'running' };
    expect(watch('stop', [[0, running]]).verdict).toEqual({ kind: 'coming', station: 'opening' });
    const { verdict } = watch('stop', [
      [0, running],
      [500, { ...running, opening: 'stopped' }],
      [1_000, STOPPED],
    ]);
    expect(verdict).toEqual({ kind: 'complete' });
    const late = watch('stop', [
      [0, running],
      [500, { ...running, opening: 'stopped' }],
      [3_500, { ...running, opening: 'stopped' }],
    ]);
    expect(late.verdict).toEqual({ kind: 'late', station: 'belt' });
    const disorder = watch('stop', [
      [0, running],
      [500, { ...running, sorter: 'stopped' }],
      [1_600, { ...running, sorter: 'stopped' }],
    ]);
    expect(disorder.watch.disorder).toEqual({ station: 'sorter', before: 'opening' });
  });

  it('waits for stations that were read as they stood before a start that it meets', () => {
    const met = [
      [0, STOPPED],
      [80, { ...STOPPED, belt: 'starting', sorter: 'running' }],
    ] as const;
    expect(watch('stop', met).verdict).toEqual({ kind: 'coming', station: 'belt' });
    expect(watch('stop', [...met, [200, { ...STOPPED, sorter: 'running' }]]).verdict).toEqual({
      kind: 'coming',
      station: 'sorter',
    });
    expect(watch('stop', [...met, [300, STOPPED]]).verdict).toEqual({ kind: 'complete' });
    expect(watch('stop', [...met, [3_080, met[1][1]]]).verdict).toEqual({ kind: 'late', station: 'belt' });
  });

  it('says which one runs again once it stood', () => {
    const again = { ...STOPPED, belt: 'running' } as const;
    const { verdict } = watch('stop', [
      [0, STOPPED],
      [1_001, again],
    ]);
    expect(verdict).toEqual({ kind: 'fell-out', station: 'belt' });
  });
});
