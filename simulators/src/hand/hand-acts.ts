/** What a person can do with the hands of the line: carry something onto a scale, off it, to a table, away. */
import { deliveryAt } from './delivery.ts';
import {
  contentG,
  outputName,
  type HandLoad,
  type HandOutput,
  type HandPlant,
  type HandScaleState,
  type OnScale,
} from './hand-state.ts';
import { yardPlaces } from './yard.ts';

/** Outputs that stand in the stock; the oldest is carted off to make room. */
export const maxStock = 60;

export type Done =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly error: string };
export const done: Done = { kind: 'done' };

function refused(code: string, error: string): Done {
  return { kind: 'refused', code, error };
}

function isLoad(name: string): (load: HandLoad) => boolean {
  return (load) => load.vessel.id === name;
}

function isOutput(name: string): (output: HandOutput) => boolean {
  return (output) => outputName(output) === name;
}

function takeOut<Thing>(from: Thing[], wanted: (thing: Thing) => boolean): Thing | null {
  const index = from.findIndex(wanted);
  return index < 0 ? null : (from.splice(index, 1)[0] ?? null);
}

/** Lifts a thing from where it stands. Null when no such thing stands anywhere. */
function lift(plant: HandPlant, name: string): OnScale | null {
  for (const truck of plant.trucks) {
    const load = takeOut(truck.loads, isLoad(name));
    if (load !== null) return { kind: 'load', load, from: 'truck' };
  }
  const load = takeOut(plant.yard, isLoad(name));
  if (load !== null) return { kind: 'load', load, from: 'yard' };
  const finished = takeOut(plant.finished, isOutput(name));
  if (finished !== null) return { kind: 'output', output: finished, from: 'finished' };
  const stored = takeOut(plant.stock, isOutput(name));
  return stored === null ? null : { kind: 'output', output: stored, from: 'stock' };
}

function isContainer(plant: HandPlant, name: string): boolean {
  const loads = [...plant.yard, ...plant.trucks.flatMap((truck) => truck.loads)];
  return loads.some(isLoad(name));
}

/** The scale that is meant: by its id, else the one that such a thing is weighed on. */
export function scaleFor(plant: HandPlant, id: string | null, isOfLoads: boolean): HandScaleState | null {
  if (id !== null) return plant.scales.find((scale) => scale.id === id) ?? null;
  return (isOfLoads ? plant.scales[0] : plant.scales.at(-1)) ?? null;
}

/** Puts a container (`C-012`) or an output (`B-0003`) on a scale. */
export function putOnScale(plant: HandPlant, name: string, scaleId: string | null): Done {
  const scale = scaleFor(plant, scaleId, isContainer(plant, name));
  if (scale === null) return refused('unknown-scale', `no scale "${scaleId ?? ''}"`);
  if (scale.on !== null) return refused('scale-in-use', `something stands on ${scale.id} already`);
  const on = lift(plant, name);
  if (on === null) return refused('unknown-thing', `nothing called "${name}" stands in the hall`);
  scale.on = on;
  scale.stored = null;
  scale.sinceMs = plant.timeMs;
  scale.stableSinceMs = plant.timeMs;
  return done;
}

function store(plant: HandPlant, output: HandOutput): void {
  plant.stock.push(output);
  plant.stock.sort((a, b) => a.number - b.number);
  if (plant.stock.length > maxStock) plant.stock.shift();
}

function receive(plant: HandPlant, load: HandLoad): void {
  plant.yard.push(load);
  if (load.received) return;
  load.received = true;
  plant.receivedG += contentG(load);
  plant.itemsReceived += load.end - load.first;
  plant.containersReceived += 1;
}

/** Where a load goes from the scale; what was never weighed goes back where it came from. */
function unload(plant: HandPlant, load: HandLoad, from: 'truck' | 'yard', to: 'in' | 'truck'): void {
  const truck = plant.trucks.find(({ delivery }) => delivery === load.delivery);
  if (from === 'truck' && to === 'truck' && truck !== undefined) truck.refused.push(load);
  else if (from === 'truck' && load.weighed === null && truck !== undefined) truck.loads.unshift(load);
  else receive(plant, load);
}

/**
 * Takes off what stands on a scale. A weighed container goes into the hall and counts as input, or back on its
 * truck (`to: 'truck'`) as refused; a weighed output goes to the stock. What was not weighed goes back.
 */
export function takeOff(plant: HandPlant, scaleId: string | null, to: 'in' | 'truck'): Done {
  const scale =
    scaleId === null
      ? plant.scales.find(({ on }) => on !== null)
      : plant.scales.find(({ id }) => id === scaleId);
  const on = scale?.on ?? null;
  if (scale === undefined || on === null) return refused('scale-empty', 'nothing stands on the scale');
  if (on.kind === 'load') {
    if (on.load.received && to === 'truck') return refused('taken-in', 'it was taken in before');
    const full = plant.yard.length >= yardPlaces && on.from === 'truck' && to === 'in';
    if (full && on.load.weighed !== null) return refused('hall-full', 'the hall holds no more containers');
    unload(plant, on.load, on.from, to);
  } else if (on.output.weighed === null) plant.finished.unshift(on.output);
  else store(plant, on.output);
  scale.on = null;
  scale.stored = null;
  scale.tareG = 0;
  scale.sinceMs = plant.timeMs;
  return done;
}

/** Tips a container that was taken in onto a table: by its number from 1, else the first that is free. */
export function putOnLine(plant: HandPlant, name: string, table: number | null): Done {
  const place = table === null ? plant.tables.find(({ load }) => load === null) : plant.tables[table - 1];
  if (place === undefined) {
    return table === null
      ? refused('tables-in-use', 'every table has a container')
      : refused('unknown-table', `no table ${table}`);
  }
  if (place.load !== null) return refused('tables-in-use', 'that table has a container');
  const load = takeOut(plant.yard, isLoad(name));
  if (load === null) return refused('unknown-thing', `no container "${name}" stands in the hall`);
  place.load = load;
  return done;
}

/** Sends a truck away with everything that is still on it. */
export function sendAway(plant: HandPlant, name: string): Done {
  const truck = plant.trucks.find(({ delivery }) => deliveryAt(plant.seed, delivery).id === name);
  if (truck === undefined) return refused('unknown-thing', `no delivery "${name}" waits`);
  truck.refused.push(...truck.loads.splice(0));
  return done;
}

/** Carts an output away from the stock. */
export function dispatch(plant: HandPlant, name: string): Done {
  return takeOut(plant.stock, isOutput(name)) === null
    ? refused('unknown-thing', `no output "${name}" is in stock`)
    : done;
}
