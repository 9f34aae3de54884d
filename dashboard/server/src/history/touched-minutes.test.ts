import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../testing/temp-dir.ts';
import type { Sample } from './history-store.ts';
import { MINUTE_MS } from './limits.ts';
import { TouchedMinutes } from './touched-minutes.ts';

const MINUTE = 1_763_791_200_000;

function sample(timeMs: number): Sample {
  return { site: 's', line: 'l', device: 'd', metric: 'm', timeMs, value: 1, quality: 192 };
}

describe('minutes to compute anew', () => {
  it('are found again after the process died before computing them', () => {
    using directory = tempDir();
    const path = join(directory.path, 'touched.sqlite');
    const first = new TouchedMinutes(path);
    first.touch([sample(MINUTE + 5), sample(MINUTE + 6), sample(MINUTE + MINUTE_MS)]);
    expect(first.take(10)).toHaveLength(2);
    first.close();
    const again = new TouchedMinutes(path);
    expect(again.take(10).map(({ minuteMs }) => minuteMs)).toEqual([MINUTE, MINUTE + MINUTE_MS]);
    again.done([{ site: 's', line: 'l', minuteMs: MINUTE }], MINUTE + MINUTE_MS);
    again.close();
    const last = new TouchedMinutes(path);
    expect(last.take(10).map(({ minuteMs }) => minuteMs)).toEqual([MINUTE + MINUTE_MS]);
    last.close();
  });

  it('stay while they run, and while something came during their computation', () => {
    using directory = tempDir();
    const touched = new TouchedMinutes(join(directory.path, 'touched.sqlite'));
    touched.touch([sample(MINUTE)]);
    const taken = touched.take(10);
    touched.touch([sample(MINUTE + 1)]);
    touched.done(taken, MINUTE + 2 * MINUTE_MS);
    expect(touched.take(10)).toEqual(taken);
    touched.done(taken, MINUTE + 10);
    expect([touched.size, touched.take(10)]).toEqual([1, []]);
    touched.putBack(taken);
    expect(touched.take(10)).toEqual(taken);
    touched.done(taken, MINUTE + MINUTE_MS);
    expect(touched.size).toBe(0);
    touched.close();
  });
});
