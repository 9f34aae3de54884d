import type { Hazards } from './hazards.ts';
import { linePhase } from './plc.ts';
import type { SequencedStation } from './plc-state.ts';
import type { Plant } from './plant-state.ts';
import { hasNoFeed, isBeltEmpty, isQuiet, isStarved } from './starvation.ts';
import { stationState, type StationState } from './station-state.ts';

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

/** How a station that stands shows itself, by what the line is doing. */
function standing(plant: Plant): StationState {
  if (!plant.plc.powered) return stationState.off;
  switch (plant.plc.state) {
    case 'aborting':
    case 'aborted':
    case 'clearing':
      return stationState.fault;
    case 'holding':
    case 'held':
    case 'unholding':
      return stationState.blocked;
    default:
      return stationState.stopped;
  }
}

/** The state of a station that the PLC brings in and out; `starved` is why it may have nothing to do. */
function sequenced(plant: Plant, station: SequencedStation, starved: boolean): StationState {
  switch (plant.plc.motions[station]) {
    case 'standing':
      return standing(plant);
    case 'coming':
      return stationState.starting;
    case 'running':
    case 'leaving':
      return starved ? stationState.starved : stationState.running;
  }
}

function lineState(plant: Plant): StationState {
  switch (linePhase(plant)) {
    case 'off':
      return stationState.off;
    case 'stopped':
      return stationState.stopped;
    case 'starting':
      return stationState.starting;
    case 'running':
      return isStarved(plant) ? stationState.starved : stationState.running;
    case 'held':
      return stationState.blocked;
    case 'jammed':
      return stationState.jammed;
    case 'fault':
      return stationState.fault;
  }
}

function postState(plant: Plant, station: 'post1' | 'post2'): StationState {
  const { blocked, lastItemMs } = plant.posts[station === 'post1' ? 0 : 1];
  const state = sequenced(plant, station, isQuiet(plant, lastItemMs));
  return blocked && plant.plc.motions[station] === 'running' ? stationState.blocked : state;
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
  const noFeed = hasNoFeed(plant);
  const noReads = isQuiet(plant, plant.nir.lastReadMs);
  const aborted = standing(plant) === stationState.fault || !plant.plc.powered;
  const jam = aborted ? null : (plant.plc.jam?.where ?? null);
  const sorterJam = jam === 'sorter';
  return {
    line: lineState(plant),
    hopper: sequenced(plant, 'hopper', noFeed),
    opening: sequenced(plant, 'opening', noFeed),
    infeedBelt: jam === 'belt' ? stationState.jammed : sequenced(plant, 'infeedBelt', isBeltEmpty(plant)),
    post1: postState(plant, 'post1'),
    post2: postState(plant, 'post2'),
    nir: hazards.unpowered.includes('nir') ? stationState.off : sequenced(plant, 'nir', noReads),
    sortingBelt: sorterJam ? stationState.jammed : sequenced(plant, 'sortingBelt', noReads),
    sorter: sorterJam ? stationState.jammed : sequenced(plant, 'sorter', noReads),
    press: pressState(plant, hazards),
  };
}
