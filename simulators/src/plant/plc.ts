import { blockedOutlets } from './bins.ts';
import { stepCrewAtPanel } from './crew-at-panel.ts';
import { stepHandshakes } from './handshake.ts';
import type { PlantInputs } from './hazards.ts';
import { movingStates, packMlNumber } from './packml.ts';
import { enter } from './plc-command.ts';
import { allMotions, idleHandshake, startOrder, type StandReason } from './plc-state.ts';
import { stepMs, type LinePhase, type Plant } from './plant-state.ts';
import { between, chance } from './random.ts';
import { bringIn, takeOut } from './sequence.ts';
import { isStarved } from './starvation.ts';

/**
 * Warning horn before anything moves. While it sounds the plant runs no faster than life, so that people hear it for
 * so long at any speed: over the three seconds that are asked for, by more than the sockets may be late.
 */
export const hornMs = 3_500;
/** Mean running time between two jams that happen by themselves. */
const meanBetweenIncidentsMs = 25 * 60_000;
/** The crew opens a guard door so long after a jam. */
const doorAfterMs = 4_000;
/** A full bin holds the line so long after its sensor was covered: somebody may lead it elsewhere. */
export const fullPatienceMs = 5_000;
const actingMs = { resetting: 1_000, clearing: 1_000, aborting: 500, suspending: 500, unsuspending: 500 };
/** A line that has just come into motion does not call itself starved. */
const executeAtLeastMs = 10_000;

function jamByChance(plant: Plant, inputs: PlantInputs): void {
  if (plant.incident !== null) {
    if (plant.timeMs >= plant.incident.untilMs) plant.incident = null;
    return;
  }
  const draw = chance(plant.random.process, stepMs / meanBetweenIncidentsMs);
  if (!draw || !inputs.incidents || linePhase(plant) !== 'running') return;
  plant.incident = {
    kind: chance(plant.random.process, 0.6) ? 'belt' : 'sorter',
    untilMs: plant.timeMs + between(plant.random.process, 15_000, 40_000),
  };
}

/** Motors are cut at once, whatever they moved. */
function brake(plant: Plant): void {
  plant.plc.motions = allMotions('standing');
  plant.infeedBelt.speedMmS = 0;
  plant.sortingBelt.speedMmS = 0;
}

/** The program begins anew: what it was doing is forgotten, what it keeps through a power cut (its mode) stays. */
function restart(plant: Plant, why: StandReason): void {
  const { plc } = plant;
  brake(plant);
  enter(plant, 'stopped');
  plc.why = why;
  plc.crew = { dueMs: 0, atIt: false };
  plc.modeRequest = plc.mode;
  plc.trameLife = 0;
  plc.handshakes = { opcua: idleHandshake(), modbus: idleHandshake() };
}

/** Gives whether the PLC's program runs in this step. */
function isProgramRunning(plant: Plant, inputs: PlantInputs): boolean {
  const { plc } = plant;
  const powered = !inputs.hazards.unpowered.includes('plc');
  if (plc.powered !== powered) restart(plant, 'power');
  if (!plc.booting && inputs.hazards.plcReboot) restart(plant, 'reboot');
  plc.powered = powered;
  plc.booting = inputs.hazards.plcReboot;
  return powered && !plc.booting;
}

function sense(plant: Plant, inputs: PlantInputs): void {
  const { plc, incident, timeMs } = plant;
  const { hazards } = inputs;
  const where = (place: 'belt' | 'sorter', hazard: boolean): boolean => hazard || incident?.kind === place;
  const belt = where('belt', hazards.beltJam);
  if (!belt && !where('sorter', hazards.sorterJam)) plc.jam = null;
  else plc.jam = { where: belt ? 'belt' : 'sorter', sinceMs: plc.jam?.sinceMs ?? timeMs };
  const aborted = plc.state === 'aborting' || plc.state === 'aborted';
  const doorOpen = plc.jam !== null && !aborted && timeMs - plc.jam.sinceMs > doorAfterMs;
  plc.guardClosed = !doorOpen && !hazards.guardOpen;
  const blocked = blockedOutlets(plant, inputs).length > 0;
  plc.fullSinceMs = blocked ? (plc.fullSinceMs ?? timeMs) : null;
}

function hold(plant: Plant, why: StandReason): void {
  enter(plant, 'holding');
  plant.plc.why = why;
}

/** What the safety circuit, the sensors and the life counter impose, the strongest first. */
function react(plant: Plant, inputs: PlantInputs): void {
  const { plc } = plant;
  const moving = movingStates.includes(plc.state);
  if (inputs.hazards.emergencyStop) {
    brake(plant);
    if (plc.state === 'aborting' || plc.state === 'aborted') return;
    if (plc.why !== 'outside') plc.why = 'emergency-stop';
    enter(plant, 'aborting');
    return;
  }
  if (plc.jam !== null || !plc.guardClosed) {
    brake(plant);
    if (moving) hold(plant, plc.jam === null ? 'guard' : 'jam');
    return;
  }
  if (!moving) return;
  if (inputs.trameLost) hold(plant, 'life');
  else if (plc.fullSinceMs !== null && plant.timeMs - plc.fullSinceMs >= fullPatienceMs)
    hold(plant, 'bin-full');
}

/** Whether the warning horn sounds. */
export function hornSounds({ plc, timeMs }: Plant): boolean {
  const setsInMotion = plc.state === 'starting' || plc.state === 'unholding';
  return setsInMotion && timeMs - plc.sinceMs < hornMs;
}

function goOn(plant: Plant, inputs: PlantInputs): void {
  const { plc, timeMs } = plant;
  const inStateMs = timeMs - plc.sinceMs;
  const moving = startOrder.filter(
    (station) =>
      (station === 'infeedBelt' && plant.infeedBelt.speedMmS > 0) ||
      (station === 'sortingBelt' && plant.sortingBelt.speedMmS > 0),
  );
  const moment = { nowMs: timeMs, stuck: inputs.hazards.stuckStations, moving };
  switch (plc.state) {
    case 'aborting':
      if (inStateMs >= actingMs.aborting) enter(plant, 'aborted');
      return;
    case 'clearing':
      if (inStateMs >= actingMs.clearing) enter(plant, 'stopped');
      return;
    case 'resetting':
      if (inStateMs >= actingMs.resetting) enter(plant, 'idle');
      return;
    case 'starting':
    case 'unholding':
      if (!hornSounds(plant) && bringIn(plc, moment)) enter(plant, 'execute');
      return;
    case 'stopping':
    case 'holding':
      if (takeOut(plc, moment)) enter(plant, plc.state === 'stopping' ? 'stopped' : 'held');
      return;
    case 'execute':
      if (inStateMs >= executeAtLeastMs && isStarved(plant)) enter(plant, 'suspending');
      return;
    case 'suspending':
      if (inStateMs >= actingMs.suspending) enter(plant, 'suspended');
      return;
    case 'suspended':
      if (!isStarved(plant)) enter(plant, 'unsuspending');
      return;
    case 'unsuspending':
      if (inStateMs >= actingMs.unsuspending) enter(plant, 'execute');
      return;
    case 'stopped':
    case 'idle':
    case 'held':
    case 'aborted':
      return;
  }
}

/** One step of the line's PLC, and of the crew at its panel. */
export function stepPlc(plant: Plant, inputs: PlantInputs): void {
  jamByChance(plant, inputs);
  if (!isProgramRunning(plant, inputs)) return;
  sense(plant, inputs);
  react(plant, inputs);
  goOn(plant, inputs);
  stepHandshakes(plant);
  stepCrewAtPanel(plant, inputs);
}

/** The line in one word, as people say it. */
export function linePhase({ plc }: Plant): LinePhase {
  if (!plc.powered) return 'off';
  switch (plc.state) {
    case 'aborting':
    case 'aborted':
    case 'clearing':
      return 'fault';
    case 'held':
      return plc.jam === null ? 'held' : 'jammed';
    case 'stopped':
    case 'resetting':
    case 'idle':
      return plc.jam === null ? 'stopped' : 'jammed';
    case 'starting':
    case 'unholding':
      return 'starting';
    case 'execute':
    case 'suspending':
    case 'suspended':
    case 'unsuspending':
    case 'stopping':
    case 'holding':
      return plc.jam === null ? 'running' : 'jammed';
  }
}

/** The state by the numbers of PackML; a PLC without power is aborted. */
export function packMlState({ plc }: Plant): number {
  return packMlNumber[plc.powered ? plc.state : 'aborted'];
}
