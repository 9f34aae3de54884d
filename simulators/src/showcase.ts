import type { SimulationClock } from './system/clock.ts';
import type { DeviceViews } from './devices.ts';
import { automaticHandView } from './automatic-hand-view.ts';
import type { HandView } from './hand-view.ts';
import { NirRing } from './nir-ring.ts';
import type { Saved } from './plant-runner.ts';
import type { PlantInputs } from './plant/hazards.ts';
import type { Plant } from './plant/plant-state.ts';
import { packMlState, stationStates } from './plant/stations.ts';
import { modbusReadings } from './readings.ts';
import { maxBalesListed, type PlantStore } from './store.ts';
import { truthBale, truthOf, type Truth, type TruthBale } from './truth.ts';

const lifePeriodMs = 500;

/** What every device shows of a plant, and the truth about it. */
export class Showcase {
  #plant: Plant;
  #ring: NirRing;
  #bales: TruthBale[];
  #lastAlibiG: number;
  #clock: SimulationClock;
  #life: string;

  constructor(plant: Plant, store: PlantStore, clock: SimulationClock) {
    const bales = store.bales();
    this.#plant = plant;
    this.#clock = clock;
    this.#life = store.life;
    this.#ring = new NirRing(plant.seed, store.reads());
    this.#bales = bales.map(truthBale);
    this.#lastAlibiG = bales.at(-1)?.indicatedG ?? 0;
  }

  add(saved: Saved): void {
    this.#ring.add(saved.reads);
    for (const bale of saved.bales) {
      this.#bales.push(truthBale(bale));
      this.#lastAlibiG = bale.indicatedG;
    }
    if (this.#bales.length > maxBalesListed) this.#bales.splice(0, this.#bales.length - maxBalesListed);
  }

  views(inputs: PlantInputs): DeviceViews {
    const states = stationStates(this.#plant, inputs.hazards);
    const life = Math.floor(this.#clock.monotonicMs() / lifePeriodMs) % 0x1_0000_0000;
    return {
      ...modbusReadings(this.#plant, inputs, this.#lastAlibiG),
      plc: {
        plant: this.#plant,
        inputs,
        states,
        packMlState: packMlState(this.#plant, inputs.hazards),
        life,
      },
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

  truth(speed: number): Truth {
    return truthOf(this.#plant, this.#bales, speed, this.#clock.wallMs());
  }
}
