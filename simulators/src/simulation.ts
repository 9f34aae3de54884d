import type { Logger } from 'pino';
import { systemClock, type SimulationClock } from './system/clock.ts';
import { ControlApi } from './control-api.ts';
import { automaticHand } from './hand-desk.ts';
import { modbusDevices, opcUaDevices, type Device, type DevicePorts } from './devices.ts';
import { energyMeterMap } from './modbus/energy-meter-map.ts';
import { infeedScaleMap } from './modbus/infeed-scale-map.ts';
import { opcUaPassword, opcUaUser } from './opcua-secret.ts';
import { panelApi } from './panel-desk.ts';
import { PlantRunner, type Saved } from './plant-runner.ts';
import { PlcDesk } from './plc-desk.ts';
import { deviceIds, type DeviceId } from './plant/hazards.ts';
import { newPlant, type Plant } from './plant/plant-state.ts';
import { LabelPrinter } from './printer/label-printer.ts';
import { hazardsOf } from './scenarios/consequences.ts';
import { FaultBoard } from './scenarios/fault-board.ts';
import type { FaultVocabulary } from './scenarios/fault.ts';
import { Showcase } from './showcase.ts';
import { openStore, type PlantStore } from './store.ts';
import type { PlantTruth } from './truth.ts';

export interface SimulationOptions {
  /** Where the plant keeps its totals, secrets and certificates; one running simulation each. */
  readonly directory: string;
  readonly log: Logger;
  /** Which garments come. A plant that was saved keeps the seed it was made with. Default 1. */
  readonly seed?: number;
  readonly speed?: number;
  /** 0, the default of each, asks for a free port. */
  readonly ports?: Partial<DevicePorts & { readonly control: number }>;
  readonly only?: ReadonlySet<DeviceId>;
  readonly anonymous?: boolean;
  readonly strictTrust?: boolean;
  readonly bench?: boolean;
  readonly incidents?: boolean;
  /** The crew starts the line so long after the first OPC UA subscription. Wall-clock ms. */
  readonly crewAfterSubscriptionMs?: number;
  /** … or so long after the start, when nobody subscribed. Wall-clock ms. */
  readonly crewAtLatestMs?: number;
  readonly clock?: SimulationClock;
}

export interface Simulation {
  /** The port of every socket: devices by id, `bale-scale-rtu`, and `control`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Name and password of the OPC UA devices. */
  readonly opcUaUser: { readonly name: string; readonly password: string };
  readonly faults: FaultBoard;
  /** The ground truth, as last saved. */
  readonly truth: () => PlantTruth;
  readonly setSpeed: (factor: number) => void;
  /** Saves, closes every socket, and frees the directory. */
  readonly stop: () => Promise<void>;
}

export type StartedSimulation =
  | { readonly kind: 'started'; readonly simulation: Simulation }
  | { readonly kind: 'refused'; readonly reason: string };

const anyPorts: DevicePorts & { readonly control: number } = {
  plc: 0,
  nir: 0,
  'infeed-scale': 0,
  'bale-scale': 0,
  'bale-scale-rtu': 0,
  press: 0,
  'energy-meter': 0,
  line: 0,
  'label-printer': 0,
  control: 0,
};

function floatFields(target: string): readonly string[] {
  const fields = target === 'infeed-scale' ? infeedScaleMap.fields : energyMeterMap.fields;
  return fields.filter(({ type }) => type === 'float32' || type === 'float64').map(({ name }) => name);
}

/** Builds the running simulation step by step; `stop` undoes whatever was reached. */
class SimulationBuilder {
  #options: SimulationOptions;
  #store: PlantStore;
  #clock: SimulationClock;
  #runner: PlantRunner;
  #desk: PlcDesk;
  #showcase: Showcase;
  #devices: Device[] = [];
  #faults: FaultBoard;
  #printer: LabelPrinter;
  #control: ControlApi | null = null;
  #truth: PlantTruth;
  #timers: NodeJS.Timeout[] = [];
  #crewTimer: NodeJS.Timeout | null = null;
  #password: string;

  constructor(options: SimulationOptions, store: PlantStore, plant: Plant) {
    const clock = options.clock ?? systemClock;
    this.#options = options;
    this.#store = store;
    this.#clock = clock;
    this.#password = opcUaPassword(options.directory);
    this.#printer = new LabelPrinter({
      directory: `${options.directory}/printer`,
      port: options.ports?.['label-printer'] ?? 0,
      clock,
      log: options.log,
    });
    this.#showcase = new Showcase(plant, store, clock);
    this.#truth = this.#showcase.truth(options.speed ?? 1);
    this.#runner = new PlantRunner({
      plant,
      store,
      clock,
      log: options.log,
      speed: options.speed ?? 1,
      incidents: options.incidents ?? true,
      outside: () => this.#desk,
      onSaved: (saved) => this.#show(saved),
    });
    this.#desk = new PlcDesk(
      plant,
      clock.monotonicMs,
      () => this.#runner.inputs(clock.wallMs()),
      () => this.#runner.showSoon(),
    );
    this.#faults = new FaultBoard({
      now: () => new Date(clock.wallMs()),
      onChange: () => this.#faultsChanged(),
      onError: (error) => options.log.error({ error }, 'a fault could not be put or mended'),
    });
  }

  async start(): Promise<Simulation> {
    const options = this.#options;
    const wanted = options.only ?? new Set(deviceIds);
    const ports = { ...anyPorts, ...options.ports };
    const views = this.#showcase.views(this.#runner.inputs(this.#clock.wallMs()), false);
    const written = { keys: this.#desk.scaleKeys(), line: this.#desk.lineWrites() };
    const modbus = modbusDevices(views, ports, written, this.#clock).filter(({ id }) => wanted.has(id));
    for (const device of modbus) await this.#listen(device);
    const opcUa = await opcUaDevices(
      wanted,
      views,
      ports,
      this.#opcUaOptions(),
      { writes: this.#desk.writes(), methods: this.#desk.methods() },
      this.#clock,
      options.log,
    );
    for (const device of opcUa) await this.#listen(device);
    await this.#printer.listen();
    const control = new ControlApi({
      faults: this.#faults,
      truth: () => this.#truth,
      items: (from, limit) => this.#showcase.items(from, limit),
      speed: () => this.#runner.speed,
      setSpeed: (factor) => this.#setSpeed(factor),
      vocabulary: this.#vocabulary(),
      hand: automaticHand(() => this.#showcase.hand()),
      panel: panelApi(this.#desk),
      printerJobs: () => this.#printer.jobs,
      log: options.log,
    });
    await control.listen(ports.control);
    this.#control = control;
    this.#runner.start();
    this.#crewIn(options.crewAtLatestMs ?? 15_000);
    return this.#simulation(control);
  }

  async #listen(device: Device): Promise<void> {
    this.#devices.push(device);
    await device.listen();
  }

  #opcUaOptions() {
    const options = this.#options;
    return {
      pkiDirectory: `${options.directory}/pki`,
      user: { name: opcUaUser, password: this.#password },
      anonymous: options.anonymous ?? false,
      strictTrust: options.strictTrust ?? false,
      benchClock: options.bench === true ? this.#clock : null,
      onSubscribed: () => {
        if (this.#crewTimer === null)
          this.#crewTimer = this.#crewIn(options.crewAfterSubscriptionMs ?? 3_000);
      },
    };
  }

  #vocabulary(): FaultVocabulary {
    return {
      has: (_kind, target) => target !== 'platform-scale',
      fields: floatFields,
      nodes: (target) => this.#devices.find(({ id }) => id === target)?.nodes() ?? [],
    };
  }

  #crewIn(delayMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#runner.bringCrew(), delayMs);
    this.#timers.push(timer);
    return timer;
  }

  #setSpeed(factor: number): void {
    this.#runner.speed = factor;
  }

  #show(saved: Saved): void {
    this.#showcase.add(saved);
    this.#truth = this.#showcase.truth(this.#runner.speed);
    this.#desk.observe();
    const views = this.#showcase.views(saved.inputs, this.#desk.localEnable);
    const at = new Date(this.#clock.wallMs());
    for (const device of this.#devices) device.show(views, at);
  }

  async #faultsChanged(): Promise<void> {
    const faults = this.#faults.active;
    this.#runner.hazards = hazardsOf(faults);
    for (const device of this.#devices) await device.behave(faults);
    await this.#printer.behave(faults);
  }

  #simulation(control: ControlApi): Simulation {
    const ports: Record<string, number> = { control: control.port, 'label-printer': this.#printer.port };
    for (const device of this.#devices) Object.assign(ports, device.ports());
    return {
      ports,
      opcUaUser: { name: opcUaUser, password: this.#password },
      faults: this.#faults,
      truth: () => this.#truth,
      setSpeed: (factor) => this.#setSpeed(factor),
      stop: () => this.stop(true),
    };
  }

  /** Ends what runs. `save` is false when the simulation never came to run. */
  async stop(save: boolean): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#faults.stop();
    if (save) this.#runner.stop();
    await this.#control?.close();
    await Promise.all(this.#devices.map((device) => device.close()));
    await this.#printer.close();
    this.#store.close();
  }
}

/** Why a simulation could not start, in one line. */
export function reasonOf(error: unknown): string {
  const failure = error as NodeJS.ErrnoException & { readonly port?: number };
  if (failure.code === 'EADDRINUSE') return `port ${failure.port ?? '?'} is in use by another program`;
  return failure instanceof Error ? failure.message : String(error);
}

/**
 * Starts a plant with its devices and its control API, continuing the one that the directory holds. Gives
 * the reason in one line when it cannot: the directory is in use or cannot be written, a port is taken.
 */
export async function startSimulation(options: SimulationOptions): Promise<StartedSimulation> {
  const opened = openStore(options.directory);
  if (opened.kind === 'refused') return opened;
  const seed = options.seed ?? 1;
  if (opened.plant !== null && options.seed !== undefined && opened.plant.seed !== options.seed) {
    options.log.warn({ seed: opened.plant.seed, asked: options.seed }, 'the saved plant keeps its own seed');
  }
  const builder = new SimulationBuilder(options, opened.store, opened.plant ?? newPlant(seed));
  try {
    return { kind: 'started', simulation: await builder.start() };
  } catch (error) {
    await builder.stop(false);
    return { kind: 'refused', reason: reasonOf(error) };
  }
}
