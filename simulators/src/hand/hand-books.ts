import { byHandOutlet, type HandOutletId } from './hand-outlets.ts';
import { contentG, type HandPlant } from './hand-state.ts';

/** A hand line's mass, in grams. `inputG = Σ outputG + onLineG + waterLossG`, always, to the gram. */
export interface HandBooks {
  /** Content of the containers that were taken in, as it was when they left the scale. */
  readonly inputG: number;
  /** Fallen into bins, made into outputs or not. */
  readonly outputG: Readonly<Record<HandOutletId, number>>;
  /** Taken in and not yet in a bin: in containers, on tables, in hands, on the floor. */
  readonly onLineG: number;
  readonly waterLossG: number;
}

/** Counts what is where, each place from what lies there and not from the other figures. */
export function handBooksOf(plant: HandPlant): HandBooks {
  const onScales = plant.scales.reduce(
    (sum, { on }) => sum + (on?.kind === 'load' && on.load.received ? contentG(on.load) : 0),
    0,
  );
  const yardG = plant.yard.reduce((sum, load) => sum + contentG(load), 0);
  const tablesG = plant.tables.reduce(
    (sum, { load, hand }) => sum + (load === null ? 0 : contentG(load)) + (hand?.garment.massG ?? 0),
    0,
  );
  return {
    inputG: plant.receivedG,
    outputG: byHandOutlet((id) => plant.bins[id].totalG),
    onLineG: onScales + yardG + tablesG + plant.floorG,
    waterLossG: plant.waterLossG,
  };
}
