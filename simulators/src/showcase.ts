import type { SimulationClock } from './system/clock.ts';
import type { DeviceViews } from './devices.ts';
import { automaticHandView } from './automatic-hand-view.ts';
import type { HandView } from './hand-view.ts';
import { NirItems, type ItemsAnswer } from './nir-items.ts';
import { NirRing } from './nir-ring.ts';
import type { Saved } from './plant-runner.ts';
import type { PlantInputs } from './plant/hazards.ts';
import type { Plant } from './plant/plant-state.ts';
import { packMlState } from './plant/plc.ts';
import { stationStates } from './plant/stations.ts';
import { lineReading, modbusReadings } from './readings.ts';
import { maxBalesListed, ringSize, type PlantStore } from './store.ts';
import { truthBale, truthOf, type PlantTruth, type PlantTruthBale } from './truth.ts';

const lifePeriodMs = 500;

/** What every device shows of a plant, and the truth about it. */
export class Showcase {
  #plant: Plant;
  #ring: NirRing;
  #items: NirItems;
  #bales: PlantTruthBale[];
  #lastAlibiG: number;
  #clock: SimulationClock;
  #life: string;
  /** When the PLC's program began, as its life counter counts. Monotonic ms. */
  #programSinceMs = 0;

  constructor(plant: Plant, store: PlantStore, clock: SimulationClock) {
    const bales = store.bales();
    this.#plant = plant;
    this.#clock = clock;
    this.#life = store.life;
    const items = store.items();
    const inRing = items.slice(-ringSize).map(({ result }) => result);
    this.#ring = new NirRing(plant.seed, inRing);
    this.#items = new NirItems(plant.seed, items);
    this.#bales = bales.map(truthBale);
    this.#lastAlibiG = bales.at(-1)?.indicatedG ?? 0;
  }

  add(saved: Saved): void {
    this.#ring.add(saved.reads);
    this.#items.add(saved.reads, saved.falls);
    for (const bale of saved.bales) {
      this.#bales.push(truthBale(bale));
      this.#lastAlibiG = bale.indicatedG;
    }
    if (this.#bales.length > maxBalesListed) this.#bales.splice(0, this.#bales.length - maxBalesListed);
  }

  views(inputs: PlantInputs, localEnable: boolean): DeviceViews {
    const states = stationStates(this.#plant, inputs.hazards);
    const nowMs = this.#clock.monotonicMs();
    if (this.#plant.plc.booting || !this.#plant.plc.powered) this.#programSinceMs = nowMs;
    const life = Math.floor((nowMs - this.#programSinceMs) / lifePeriodMs) % 0x1_0000_0000;
    const plc = {
      plant: this.#plant,
      inputs,
      states,
      packMlState: packMlState(this.#plant),
      life,
      localEnable,
    };
    return {
      ...modbusReadings(this.#plant, inputs, this.#lastAlibiG),
      plc,
      line: lineReading(plc),
      nir: {
        plant: this.#plant,
        state: states.nir,
        dirty: inputs.hazards.nirDirty,
        ring: this.#ring.places,
      },
    };
  }

  /** What stands where, as far as an automatic line has things that stand. */
  hand(): HandView {
    return automaticHandView(this.#plant, this.#bales, this.#life, this.#clock.wallMs());
  }

  /** The truth about garments that the NIR station read, from a number on. */
  items(from: number, limit: number): ItemsAnswer {
    return this.#items.answer(from, limit);
  }

  truth(speed: number): PlantTruth {
    return truthOf(this.#plant, this.#bales, speed, this.#clock.wallMs());
  }
}
