import type { PlantInputs } from './hazards.ts';
import { commandOf, commandPlans } from './packml.ts';
import type { Plant } from './plant-state.ts';
import { commandPlc } from './plc-command.ts';
import { links, type Handshake, type Link } from './plc-state.ts';

function answer(plant: Plant, handshake: Handshake, inputs: PlantInputs): void {
  const { hazards } = inputs;
  if (hazards.plcMute || plant.plc.booting || !plant.plc.powered) return;
  handshake.acknowledge = true;
  if (hazards.plcIgnores) return;
  const command = commandOf(handshake.code);
  if (command === null || commandPlc(plant, command, 'outside', inputs) !== null) {
    handshake.refused = true;
    return;
  }
  const { by, leadsTo } = commandPlans[command];
  handshake.goal = { by, leadsTo };
}

/** A link writes its request bit. Rising, the code that stands there is read, once; falling, every answer falls. */
export function writeRequest(plant: Plant, link: Link, up: boolean, inputs: PlantInputs): void {
  const handshake = plant.plc.handshakes[link];
  if (up === handshake.request) return;
  handshake.request = up;
  if (up) {
    answer(plant, handshake, inputs);
    return;
  }
  handshake.acknowledge = false;
  handshake.done = false;
  handshake.refused = false;
  handshake.goal = null;
}

/** A link writes its command code: what is being carried out does not change by it. */
export function writeCode(plant: Plant, link: Link, code: number): void {
  plant.plc.handshakes[link].code = code;
}

/** One step: done once the state is reached, refused once it cannot be reached any more. */
export function stepHandshakes(plant: Plant): void {
  const { state, handshakes } = plant.plc;
  for (const link of links) {
    const handshake = handshakes[link];
    if (handshake.goal === null || handshake.goal.by === state) continue;
    handshake.done = handshake.goal.leadsTo === state;
    handshake.refused = !handshake.done;
    handshake.goal = null;
  }
}
