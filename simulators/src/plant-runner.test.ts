import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlantRunner, type Saved } from './plant-runner.ts';
import { newPlant, type Plant } from './plant/plant-state.ts';
import { hornSounds } from './plant/plc.ts';
import { stepPlant } from './plant/step.ts';
import { openStore, type PlantStore } from './store.ts';

const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
const stores: PlantStore[] = [];
let directory = '';

beforeEach(() => {
  vi.useFakeTimers();
  directory = mkdtempSync(join(tmpdir(), 'trame-sim-runner-'));
});

afterEach(() => {
  vi.useRealTimers();
  for (const store of stores.splice(0)) store.close();
  rmSync(directory, { recursive: true });
});

function storeIn(folder: string): PlantStore {
  const opened = openStore(join(directory, folder));
  if (opened.kind === 'refused') throw new Error(opened.reason);
  stores.push(opened.store);
  return opened.store;
}

function runner(store: PlantStore, speed: number, onSaved: (saved: Saved) => void): PlantRunner {
  const log = pino({ level: 'silent' });
  const made = new PlantRunner({
    plant: newPlant(5),
    store,
    clock,
    log,
    speed,
    incidents: true,
    outside: () => ({ enabled: false, trameLost: false }),
    onSaved,
  });
  made.bringCrew();
  return made;
}

/** The plant after `untilMs` of its time, run at a speed in turns of `turnsMs` but for the last few seconds. */
function after(speed: number, untilMs: number, turnsMs: readonly number[]): Plant {
  const one = runner(storeIn(`x${speed}-${turnsMs.join('-')}`), speed, () => undefined);
  one.start();
  for (let turn = 0; one.plant.timeMs < untilMs - 60_000; turn += 1) {
    vi.advanceTimersByTime(turnsMs[turn % turnsMs.length] ?? 50);
  }
  one.stop();
  expect(one.plant.timeMs).toBeLessThanOrEqual(untilMs);
  while (one.plant.timeMs < untilMs) stepPlant(one.plant, one.inputs(clock.wallMs()));
  return one.plant;
}

describe('the loop', () => {
  it('brings the same plant at any speed and in turns of any length', () => {
    const slow = after(1, 240_000, [1_000]);
    expect(slow.itemsWeighed).toBeGreaterThan(0);
    expect(slow.nir.seq).toBeGreaterThan(5);
    expect(after(60, 240_000, [50])).toEqual(slow);
    expect(after(60, 240_000, [350, 50, 900])).toEqual(slow);
    expect(after(2.5, 240_000, [700])).toEqual(slow);
  });

  it.each([1, 20, 60])('lets the horn be heard for over three seconds at ×%d', (speed) => {
    let heardMs = 0;
    let atMs = clock.monotonicMs();
    let sounded = false;
    const one = runner(storeIn(`horn-${speed}`), speed, ({ plant }) => {
      const nowMs = clock.monotonicMs();
      if (sounded) heardMs += nowMs - atMs;
      sounded = hornSounds(plant);
      atMs = nowMs;
    });
    one.start();
    vi.advanceTimersByTime(10_000);
    one.stop();
    expect(heardMs).toBeGreaterThanOrEqual(3_300);
    expect(heardMs).toBeLessThan(4_000);
    expect(one.plant.plc.state).toBe('execute');
    expect(one.plant.timeMs).toBeGreaterThan(speed === 1 ? 9_000 : 5_000 * speed);
  });

  it('shows nothing that is not saved: what is shown is what the store gives back', () => {
    const store = storeIn('saved');
    let shown = '';
    const one = runner(store, 60, ({ plant }) => (shown = JSON.stringify(plant)));
    one.start();
    vi.advanceTimersByTime(3_330);
    store.close();
    stores.length = 0;
    const opened = openStore(join(directory, 'saved'));
    if (opened.kind === 'refused') throw new Error(opened.reason);
    stores.push(opened.store);
    expect(JSON.stringify(opened.plant)).toBe(shown);
    // The store is gone for this runner: from now on it must not show anything any more.
    vi.advanceTimersByTime(2_000);
    expect(JSON.stringify(opened.plant)).toBe(shown);
  });

  it('stands still while it cannot save', () => {
    const store = storeIn('broken');
    let shows = 0;
    const one = runner(store, 60, () => (shows += 1));
    one.start();
    vi.advanceTimersByTime(1_000);
    store.close();
    stores.length = 0;
    vi.advanceTimersByTime(200);
    const [shownBefore, timeBefore] = [shows, one.plant.timeMs];
    vi.advanceTimersByTime(5_000);
    expect(shows).toBe(shownBefore);
    expect(one.plant.timeMs).toBe(timeBefore);
  });
});
