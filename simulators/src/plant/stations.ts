import type { Hazards } from './hazards.ts';
import type { Plant } from './plant-state.ts';
import { stationState, type StationState } from './station-state.ts';

/** Nothing seen for this long, and a station calls itself starved. Simulated ms. */
const starvedAfterMs = 15_000;
const emptyHopperPercent = 3;

export type StationId =
  | 'line'
  | 'hopper'
  | 'opening'
  | 'infeedBelt'
  | 'post1'
  | 'post2'
  | 'nir'
  | 'sortingBelt'
  | 'sorter'
  | 'press';

/** The state that follows from the line's own; `running` leaves the answer to the station. */
function lineImposes(plant: Plant): StationState {
  switch (plant.line.phase) {
    case 'off':
      return stationState.off;
    case 'stopped':
      return stationState.stopped;
    case 'starting':
      return stationState.starting;
    case 'running':
      return stationState.running;
    case 'held':
    case 'jammed':
      return stationState.blocked;
    case 'fault':
      return stationState.fault;
  }
}

function jammedAt(plant: Plant, hazards: Hazards, where: 'belt' | 'sorter'): boolean {
  if (plant.line.phase !== 'jammed') return false;
  const forced = where === 'belt' ? hazards.beltJam : hazards.sorterJam;
  return forced || plant.incident?.kind === where;
}

function running(base: StationState, starved: boolean): StationState {
  return base === stationState.running && starved ? stationState.starved : base;
}

function pressState(plant: Plant, hazards: Hazards): StationState {
  if (hazards.unpowered.includes('press')) return stationState.off;
  if (hazards.emergencyStop) return stationState.fault;
  if (plant.press.blocked) return stationState.blocked;
  if (plant.press.phase === 'waiting') return stationState.blocked;
  return plant.press.phase === 'idle' ? stationState.starved : stationState.running;
}

/** The state of every station, by the codes of `stationState`. */
export function stationStates(plant: Plant, hazards: Hazards): Record<StationId, StationState> {
  const base = lineImposes(plant);
  const quietMs = (sinceMs: number): boolean => plant.timeMs - sinceMs > starvedAfterMs;
  const noFeed = plant.hopper.levelPercent < emptyHopperPercent;
  const beltEmpty = noFeed && plant.infeedBelt.items.length === 0;
  const [post1, post2] = plant.posts;
  const postState = (blocked: boolean, lastItemMs: number): StationState =>
    blocked && base === stationState.running ? stationState.blocked : running(base, quietMs(lastItemMs));
  const beltJam = jammedAt(plant, hazards, 'belt');
  const sorterJam = jammedAt(plant, hazards, 'sorter');
  const noReads = quietMs(plant.nir.lastReadMs);
  return {
    line: plant.line.phase === 'jammed' ? stationState.jammed : running(base, beltEmpty && noReads),
    hopper: running(base, noFeed),
    opening: running(base, noFeed),
    infeedBelt: beltJam ? stationState.jammed : running(base, beltEmpty),
    post1: postState(post1.blocked, post1.lastItemMs),
    post2: postState(post2.blocked, post2.lastItemMs),
    nir: hazards.unpowered.includes('nir') ? stationState.off : running(base, noReads),
    sortingBelt: sorterJam ? stationState.jammed : running(base, noReads),
    sorter: sorterJam ? stationState.jammed : running(base, noReads),
    press: pressState(plant, hazards),
  };
}

/** The line's state by the numbers of PackML (ISA-TR88.00.02). */
export function packMlState(plant: Plant, hazards: Hazards): number {
  const starved = stationStates(plant, hazards).line === stationState.starved;
  switch (plant.line.phase) {
    case 'off':
    case 'fault':
      return 9; // Aborted
    case 'stopped':
      return 2; // Stopped
    case 'starting':
      return 3; // Starting
    case 'running':
      return starved ? 5 : 6; // Suspended, Execute
    case 'held':
    case 'jammed':
      return 11; // Held
  }
}
