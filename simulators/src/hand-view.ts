/** What stands where on a line, as somebody who walks through the hall sees it. Masses in kg, exact to the gram. */
import { deliveryAt, type Delivery } from './hand/delivery.ts';
import {
  contentG,
  outputName,
  type HandLoad,
  type HandOutput,
  type HandPlant,
  type HandScaleState,
  type StoredWeight,
} from './hand/hand-state.ts';

export interface StoredView {
  readonly scale: string;
  /** The number under which the scale stored it. */
  readonly alibi: number;
  readonly kg: number;
}

export interface ContainerView {
  readonly id: string;
  readonly kind: string;
  readonly delivery: string;
  /** As its plate says, and as it is. */
  readonly tareKg: number;
  readonly netKg: number;
  readonly grossKg: number;
  readonly wet: boolean;
  readonly weighed: StoredView | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly number: number;
  readonly collector: { readonly id: string; readonly name: string };
  readonly vehicle: string;
  readonly condition: 'original' | 'skimmed';
  readonly points: readonly {
    readonly id: string;
    /** INSEE code. */
    readonly commune: string;
    readonly communeName: string;
    readonly fillPercent: number;
  }[];
  readonly arrivedAt: string | null;
  /** How many came with it. */
  readonly containerCount: number;
  /** Those that are still on the truck. */
  readonly containers: readonly ContainerView[];
  /** Of an automatic line, which tips cages: how many of this delivery, and their mass. Null: nothing is tipped. */
  readonly tipped: { readonly cages: number; readonly kg: number } | null;
}

export interface OutputView {
  readonly id: string;
  readonly number: number;
  readonly unit: string;
  readonly outlet: string;
  readonly press: string | null;
  /** Textile alone. */
  readonly kg: number;
  readonly packagingKg: number;
  readonly grossKg: number;
  readonly madeAt: string;
  readonly weighed: StoredView | null;
}

export interface ScaleView {
  readonly id: string;
  /** Container or output that stands on it. */
  readonly what: string | null;
  readonly grossKg: number;
  readonly tareKg: number;
  readonly netKg: number;
  readonly stable: boolean;
  readonly overload: boolean;
  /** How what stands there was stored; null until then. */
  readonly stored: StoredView | null;
}

export interface HandView {
  readonly at: string;
  /** Stays the same as long as the plant's data directory is kept. */
  readonly life: string;
  readonly profile: 'manual' | 'automatic';
  /** Somebody leads: the people weigh and sort what they are told. */
  readonly led: boolean;
  readonly deliveries: readonly DeliveryView[];
  /** Taken in and not yet on a table. */
  readonly hall: readonly ContainerView[];
  readonly tables: readonly { readonly number: number; readonly container: ContainerView | null }[];
  /** Made and not yet weighed. */
  readonly finished: readonly OutputView[];
  readonly stock: readonly OutputView[];
  readonly scales: readonly ScaleView[];
}

export function kg(grams: number): number {
  return grams / 1_000;
}

function storedView(stored: StoredWeight | null): StoredView | null {
  return stored === null ? null : { scale: stored.scale, alibi: stored.alibi, kg: kg(stored.indicatedG) };
}

/** A delivery as its note says it, without what still stands on the truck. */
export function deliveryView(delivery: Delivery): Omit<DeliveryView, 'arrivedAt' | 'containers' | 'tipped'> {
  const { id, number, collector, vehicle, condition, points, containers } = delivery;
  return {
    id,
    number,
    collector: { id: collector.id, name: collector.name },
    vehicle,
    condition,
    points: points.map(({ point, fillPercent }) => ({ ...point, fillPercent })),
    containerCount: containers,
  };
}

function containerView(plant: HandPlant, load: HandLoad): ContainerView {
  return {
    id: load.vessel.id,
    kind: load.vessel.kind,
    delivery: deliveryAt(plant.seed, load.delivery).id,
    tareKg: kg(load.vessel.tareG),
    netKg: kg(contentG(load)),
    grossKg: kg(contentG(load) + load.vessel.tareG),
    wet: load.waterG > load.massG * 0.02,
    weighed: storedView(load.weighed),
  };
}

function outputView(output: HandOutput): OutputView {
  const { number, unit, outlet, press, massG, packagingG, madeAtMs, weighed } = output;
  return {
    id: outputName(output),
    number,
    unit,
    outlet,
    press,
    kg: kg(massG),
    packagingKg: kg(packagingG),
    grossKg: kg(massG + packagingG),
    madeAt: new Date(madeAtMs).toISOString(),
    weighed: storedView(weighed),
  };
}

function scaleView(scale: HandScaleState): ScaleView {
  const { id, on, grossG, tareG, stable, overload, stored } = scale;
  return {
    id,
    what: on === null ? null : on.kind === 'load' ? on.load.vessel.id : outputName(on.output),
    grossKg: kg(grossG),
    tareKg: kg(tareG),
    netKg: kg(grossG - tareG),
    stable,
    overload,
    stored: storedView(stored),
  };
}

/** A hand line at wall-clock time `nowMs`. */
export function handViewOf(plant: HandPlant, life: string, led: boolean, nowMs: number): HandView {
  const container = (load: HandLoad): ContainerView => containerView(plant, load);
  return {
    at: new Date(nowMs).toISOString(),
    life,
    profile: 'manual',
    led,
    deliveries: plant.trucks.map(({ delivery, loads, arrivedAtMs }) => ({
      ...deliveryView(deliveryAt(plant.seed, delivery)),
      arrivedAt: new Date(arrivedAtMs).toISOString(),
      containers: loads.map(container),
      tipped: null,
    })),
    hall: plant.yard.map(container),
    tables: plant.tables.map(({ load }, index) => ({
      number: index + 1,
      container: load === null ? null : container(load),
    })),
    finished: plant.finished.map(outputView),
    stock: plant.stock.map(outputView),
    scales: plant.scales.map(scaleView),
  };
}
