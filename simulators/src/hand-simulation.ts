/** A hand line that runs: its plant, its scales on Modbus, its control API. */
import type { Logger } from 'pino';
import { systemClock, type SimulationClock } from './system/clock.ts';
import { ControlApi } from './control-api.ts';
import { ledHand } from './hand-desk.ts';
import { openHandStore, type HandStore, type WeighedOutput } from './hand-store.ts';
import { handTruthOf, truthOutput, type HandTruth, type TruthOutput } from './hand-truth.ts';
import { handViewOf, type HandView } from './hand-view.ts';
import type { HandInputs } from './hand/hand-inputs.ts';
import { pressHandTare, pressHandZero } from './hand/hand-scale.ts';
import { newHandPlant, type HandPlant, type HandScaleState } from './hand/hand-state.ts';
import { stepHandPlant } from './hand/hand-step.ts';
import { baleScaleMap, type BaleScaleReading } from './modbus/bale-scale-map.ts';
import { ModbusDevice, type ModbusPort } from './modbus/device.ts';
import { platformScaleMap } from './modbus/platform-scale-map.ts';
import type { WritableField } from './modbus/register-map.ts';
import { Pace } from './pace.ts';
import { LabelPrinter } from './printer/label-printer.ts';
import { printerId } from './printer/printer-behaviour.ts';
import { handHazardsOf, isFrozen, linkBehaviourOf } from './scenarios/consequences.ts';
import { FaultBoard } from './scenarios/fault-board.ts';
import type { FaultVocabulary } from './scenarios/fault.ts';
import { reasonOf } from './simulation.ts';
import { maxBalesListed } from './store.ts';

export interface HandSimulationOptions {
  /** Where the plant keeps its totals; one running simulation each. */
  readonly directory: string;
  readonly log: Logger;
  /** What comes. A line that was saved keeps the seed it was made with. Default 1. */
  readonly seed?: number;
  readonly speed?: number;
  /** One platform for everything, or a second scale for outputs. A line that was saved keeps its own. Default 1. */
  readonly scales?: 1 | 2;
  /** 0, the default of each, asks for a free port. */
  readonly ports?: Partial<HandPorts>;
  /** So long after the start people weigh and sort by themselves, if nobody leads them by then. Wall-clock ms. */
  readonly crewWithinMs?: number;
  readonly clock?: SimulationClock;
}

export interface HandPorts {
  readonly 'platform-scale': number;
  readonly 'bale-scale': number;
  readonly 'bale-scale-rtu': number;
  readonly 'label-printer': number;
  readonly control: number;
}

export interface HandSimulation {
  /** The port of every socket: scales by id, `bale-scale-rtu`, and `control`. */
  readonly ports: Readonly<Record<string, number>>;
  readonly faults: FaultBoard;
  /** The ground truth, as last saved. */
  readonly truth: () => HandTruth;
  readonly view: () => HandView;
  readonly setSpeed: (factor: number) => void;
  /** Saves, closes every socket, and frees the directory. */
  readonly stop: () => Promise<void>;
}

export type StartedHandSimulation =
  | { readonly kind: 'started'; readonly simulation: HandSimulation }
  | { readonly kind: 'refused'; readonly reason: string };

const anyPorts: HandPorts = {
  'platform-scale': 0,
  'bale-scale': 0,
  'bale-scale-rtu': 0,
  'label-printer': 0,
  control: 0,
};

interface ScaleDevice {
  readonly state: HandScaleState;
  readonly names: readonly string[];
  readonly device: ModbusDevice<BaleScaleReading>;
}

function readingOf(scale: HandScaleState): BaleScaleReading {
  const { grossG, tareG, stable, overload, belowMin, alibi, lastAlibiG, totalG } = scale;
  return { grossG, tareG, stable, overload, belowMin, alibi, lastAlibiG, totalG };
}

/** A coil that works like a key: writing 1 presses it, 0 does nothing. */
function key(address: number, press: () => boolean): WritableField {
  return { table: 'coil', address, words: 1, apply: ([bit]) => bit !== 1 || press() };
}

function scaleDevice(state: HandScaleState, ports: HandPorts, clock: SimulationClock): ScaleDevice {
  const isPlatform = state.id === 'platform-scale';
  const names = isPlatform ? (['platform-scale'] as const) : (['bale-scale', 'bale-scale-rtu'] as const);
  const sockets = names.map((name): ModbusPort => {
    return { framing: name === 'bale-scale-rtu' ? 'rtu' : 'tcp', port: ports[name] };
  });
  const keys = [key(1, () => pressHandTare(state)), key(2, () => pressHandZero(state))];
  return {
    state,
    names,
    device: new ModbusDevice(
      isPlatform ? platformScaleMap : baleScaleMap,
      isPlatform ? keys : [],
      sockets,
      readingOf(state),
      clock.monotonicMs,
    ),
  };
}

function vocabularyOf(plant: HandPlant): FaultVocabulary {
  return {
    has: (kind, target) =>
      plant.scales.some(({ id }) => id === target) ||
      target === printerId ||
      (target === 'press' && (kind === 'pressBlocked' || kind === 'powerCut')),
    fields: () => [],
    nodes: () => [],
  };
}

class RunningHandLine {
  #options: HandSimulationOptions;
  #store: HandStore;
  #plant: HandPlant;
  #clock: SimulationClock;
  #pace: Pace;
  #faults: FaultBoard;
  #scales: ScaleDevice[];
  #printer: LabelPrinter;
  #control: ControlApi;
  #weighed: WeighedOutput[] = [];
  #outputs: TruthOutput[];
  #truth: HandTruth;
  #view: HandView;
  #lead = { untilMs: Number.NEGATIVE_INFINITY };
  #hazards: HandInputs['hazards'] = handHazardsOf([]);

  constructor(options: HandSimulationOptions, store: HandStore, plant: HandPlant) {
    const clock = options.clock ?? systemClock;
    const { log } = options;
    this.#options = options;
    this.#store = store;
    this.#plant = plant;
    this.#clock = clock;
    this.#outputs = store.outputs().map(truthOutput);
    this.#pace = new Pace({
      clock,
      log,
      speed: options.speed ?? 1,
      step: (wallMs) => this.#step(wallMs),
      save: () => store.commit(plant, this.#weighed),
      saved: () => this.#saved(),
    });
    this.#faults = new FaultBoard({
      now: () => new Date(clock.wallMs()),
      onChange: () => this.#faultsChanged(),
      onError: (error) => log.error({ error }, 'a fault could not be put or mended'),
    });
    this.#scales = plant.scales.map((scale) => scaleDevice(scale, { ...anyPorts, ...options.ports }, clock));
    this.#printer = new LabelPrinter({
      directory: `${options.directory}/printer`,
      port: options.ports?.[printerId] ?? 0,
      clock,
      log,
    });
    this.#truth = this.#truthNow();
    this.#view = this.#viewNow();
    this.#control = new ControlApi({
      faults: this.#faults,
      truth: () => this.#truth,
      items: null,
      speed: () => this.#pace.speed,
      setSpeed: (factor) => this.#setSpeed(factor),
      vocabulary: vocabularyOf(plant),
      hand: ledHand({
        plant,
        view: () => this.#freshView(),
        lead: this.#lead,
        monotonicMs: clock.monotonicMs,
        commit: () => this.#pace.commit(),
      }),
      panel: null,
      printerJobs: () => this.#printer.jobs,
      log,
    });
  }

  async start(): Promise<HandSimulation> {
    for (const { device } of this.#scales) await device.listen();
    await this.#printer.listen();
    await this.#control.listen(this.#options.ports?.control ?? 0);
    this.#pace.start();
    this.#lead.untilMs = this.#clock.monotonicMs() + (this.#options.crewWithinMs ?? 0);
    const ports: Record<string, number> = { control: this.#control.port, [printerId]: this.#printer.port };
    for (const { names, device } of this.#scales) {
      for (const [index, name] of names.entries()) ports[name] = device.ports[index] ?? 0;
    }
    return {
      ports,
      faults: this.#faults,
      truth: () => this.#truth,
      view: () => this.#freshView(),
      setSpeed: (factor) => this.#setSpeed(factor),
      stop: () => this.stop(true),
    };
  }

  /** Ends what runs. `save` is false when the simulation never came to run. */
  async stop(save: boolean): Promise<void> {
    this.#faults.stop();
    if (save) this.#pace.stop();
    await this.#control.close();
    await Promise.all(this.#scales.map(({ device }) => device.close()));
    await this.#printer.close();
    this.#store.close();
  }

  #setSpeed(factor: number): void {
    this.#pace.speed = factor;
  }

  get #isLed(): boolean {
    return this.#clock.monotonicMs() < this.#lead.untilMs;
  }

  #step(wallMs: number): void {
    const inputs = { hazards: this.#hazards, crewPresent: true, led: this.#isLed, wallMs };
    for (const output of stepHandPlant(this.#plant, inputs)) {
      // A copy: what is saved beside the plant is the output as it was when it was weighed.
      this.#weighed.push({ output: structuredClone(output), atMs: Math.round(wallMs) });
    }
  }

  #saved(): void {
    this.#outputs.push(...this.#weighed.splice(0).map(truthOutput));
    if (this.#outputs.length > maxBalesListed) this.#outputs.splice(0, this.#outputs.length - maxBalesListed);
    this.#truth = this.#truthNow();
    for (const { state, device } of this.#scales) {
      if (!isFrozen(this.#faults.active, state.id)) device.show(readingOf(state));
    }
  }

  /** What stands where, saved before it is shown; while the disk refuses, what was shown last. */
  #freshView(): HandView {
    if (this.#pace.commit()) this.#view = this.#viewNow();
    return this.#view;
  }

  #viewNow(): HandView {
    return handViewOf(this.#plant, this.#store.life, this.#isLed, this.#clock.wallMs());
  }

  #truthNow(): HandTruth {
    return handTruthOf(this.#plant, this.#outputs, this.#pace.speed, this.#clock.wallMs());
  }

  async #faultsChanged(): Promise<void> {
    const faults = this.#faults.active;
    this.#hazards = handHazardsOf(faults);
    for (const { state, device } of this.#scales) {
      await device.behave(linkBehaviourOf(faults, state.id), null);
    }
    await this.#printer.behave(faults);
  }
}

/**
 * Starts a hand line with its scales and its control API, continuing the one that the directory holds. Gives the
 * reason in one line when it cannot: the directory is in use, cannot be written or holds another kind of line, a port
 * is taken.
 */
export async function startHandSimulation(options: HandSimulationOptions): Promise<StartedHandSimulation> {
  const opened = openHandStore(options.directory);
  if (opened.kind === 'refused') return opened;
  const { plant } = opened;
  const seed = options.seed ?? 1;
  if (plant !== null && options.seed !== undefined && plant.seed !== options.seed) {
    options.log.warn({ seed: plant.seed, asked: options.seed }, 'the saved line keeps its own seed');
  }
  const line = new RunningHandLine(options, opened.store, plant ?? newHandPlant(seed, options.scales ?? 1));
  try {
    return { kind: 'started', simulation: await line.start() };
  } catch (error) {
    await line.stop(false);
    return { kind: 'refused', reason: reasonOf(error) };
  }
}
