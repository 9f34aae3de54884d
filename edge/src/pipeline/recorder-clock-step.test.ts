import { happenedAtMs } from '@trame/protocol/ledger-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { good, RecordedLine } from './test-recorded-line.ts';

let dir: string;
let line: RecordedLine;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-clock-step-'));
  line = new RecordedLine(dir);
});
afterEach(async () => {
  await line.stop();
  rmSync(dir, { recursive: true });
});

describe('a state that began before the clock stepped, and is told after', () => {
  it.each([
    ['back two hours', -7_200_000],
    ['ahead five hours', 18_000_000],
    ['back twenty hours', -72_000_000],
  ])('is dated by the clock as it reads now: %s', async (_how, byMs) => {
    line.start();
    await line.pass(10_000);
    line.running.clockKeeper.compare(line.clock.nowMs(), line.clock.monotonicMs());
    const before = line.events('device.state').length;
    const beganMs = line.clock.nowMs();
    line.running.pipeline.offline('bins', 'no answer');
    await line.pass(1500);
    line.clock.stepWall(byMs);
    await line.pass(5000);
    const [told, ...more] = line.events('device.state').slice(before);
    expect(more).toEqual([]);
    expect(told).toMatchObject({ payload: { device: 'bins', state: 'offline' } });
    if (told === undefined) throw new Error('it was not told');
    expect(Math.abs(happenedAtMs(told) - beganMs)).toBeLessThanOrEqual(1500);
  });

  it('leaves alone what the clock that reads right says afterwards', async () => {
    line.start();
    await line.pass(10_000);
    line.clock.stepWall(18_000_000);
    await line.pass(1500);
    const beganMs = line.clock.nowMs();
    line.running.pipeline.offline('bins', 'no answer');
    await line.pass(5000);
    const told = line.events('device.state').at(-1);
    expect(told?.payload).toMatchObject({ device: 'bins', state: 'offline' });
    expect(Math.abs((told?.occurredAt ?? 0) - beganMs)).toBeLessThanOrEqual(1500);
  });
});

describe('what happens at once after the clock stepped, before a second is over', () => {
  it.each([-7_200_000, 18_000_000])('is told after the step, and dated by it (%i ms)', async (byMs) => {
    line.start();
    await line.pass(10_300);
    line.running.clockKeeper.compare(line.clock.nowMs(), line.clock.monotonicMs());
    const before = line.events().length;
    const beganMs = line.clock.nowMs();
    line.clock.stepWall(byMs);
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    await line.pass(100);
    const [stepped, told] = line.events().slice(before);
    expect([stepped?.type, told?.type]).toEqual(['clock.stepped', 'line.state']);
    if (told === undefined) throw new Error('it was not told');
    expect(Math.abs(happenedAtMs(told) - beganMs)).toBeLessThanOrEqual(100);
  });
});
