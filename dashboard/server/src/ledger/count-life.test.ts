import { describe, expect, it } from 'vitest';
import { counted, seenAt, type CountStanding } from './count-life.ts';

type Step = readonly ['seen' | 'counted', epoch: string, number: number];

/** @returns the life of each number that was counted. */
function livesOf(...steps: readonly Step[]): readonly number[] {
  const lives: number[] = [];
  let standing: CountStanding | null = null;
  for (const [kind, epoch, number] of steps) {
    standing = kind === 'seen' ? seenAt(standing, epoch, number) : counted(standing, epoch, number, number);
    if (kind === 'counted') lives.push(standing.life);
  }
  return lives;
}

describe('the count of an instrument', () => {
  it('has one life while it grows, whoever looks', () => {
    expect(livesOf(['seen', 'a', 4], ['counted', 'a', 5], ['counted', 'a', 6])).toEqual([0, 0]);
    expect(livesOf(['counted', 'a', 5], ['seen', 'b', 0], ['counted', 'b', 1])).toEqual([0, 0]);
    expect(livesOf(['counted', 'a', 5], ['counted', 'b', 3], ['counted', 'b', 4])).toEqual([0, 0, 0]);
  });

  it('begins another life each time that it falls', () => {
    expect(
      livesOf(
        ['counted', 'a', 5],
        ['seen', 'a', 0],
        ['counted', 'a', 1],
        ['seen', 'a', 0],
        ['counted', 'a', 1],
      ),
    ).toEqual([0, 1, 2]);
  });

  it('falls once when it is read twice on its way down', () => {
    expect(livesOf(['counted', 'a', 9], ['seen', 'a', 4], ['seen', 'a', 0], ['counted', 'a', 1])).toEqual([
      0, 1,
    ]);
  });

  it('had not fallen when it goes on where it was', () => {
    const back = livesOf(['counted', 'a', 9], ['seen', 'a', 0], ['counted', 'a', 10], ['counted', 'a', 11]);
    expect(back).toEqual([0, 0, 0]);
    const after: readonly Step[] = [
      ['seen', 'a', 0],
      ['counted', 'a', 1],
    ];
    expect(livesOf(['counted', 'a', 9], ['seen', 'a', 0], ['counted', 'a', 10], ...after)).toEqual([0, 0, 2]);
  });
});
