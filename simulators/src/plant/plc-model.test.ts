import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noHazards, type PlantInputs } from './hazards.ts';
import { plcCommands, type PlcCommand } from './packml.ts';
import type { Plant } from './plant-state.ts';
import { askMode, commandPlc, type Origin } from './plc-command.ts';
import { pass, quiet, workingLine } from './test-line.ts';

/**
 * The line as the standard's figure draws it, with no times and no stations: where it is going, and what its
 * surroundings are like. A transient state is named by the two words «from which, to which».
 */
type Rest = 'stopped' | 'idle' | 'execute' | 'held' | 'aborted';
interface Model {
  /** Where it will come to rest if nothing happens. */
  goal: Rest;
  /** Whether it is there. */
  settled: boolean;
  remote: boolean;
  enabled: boolean;
  estop: boolean;
  guard: boolean;
  jam: boolean;
  mode: number;
}

interface Real {
  readonly plant: Plant;
  inputs: PlantInputs;
}

const inputsOf = (model: Model): PlantInputs => ({
  ...quiet,
  enabled: model.enabled,
  hazards: {
    ...noHazards,
    emergencyStop: model.estop,
    guardOpen: model.guard,
    beltJam: model.jam,
  },
});

/** Whether the figure has an arrow for a command, and where it leads. */
function arrow(model: Model, command: PlcCommand): Rest | null {
  const going = `${model.goal}${model.settled ? '' : '…'}`;
  const arrows: Record<PlcCommand, readonly [readonly string[], Rest]> = {
    reset: [['stopped'], 'idle'],
    start: [['idle'], 'execute'],
    stop: [['idle', 'idle…', 'execute', 'execute…', 'held', 'held…'], 'stopped'],
    hold: [['execute', 'execute…'], 'held'],
    unhold: [['held'], 'execute'],
    clear: [['aborted'], 'stopped'],
  };
  const [from, to] = arrows[command];
  return from.includes(going) && !(command === 'stop' && model.goal === 'stopped') ? to : null;
}

function isTaken(model: Model, command: PlcCommand, origin: Origin): boolean {
  if (arrow(model, command) === null) return false;
  if (command === 'stop' || command === 'hold') return true;
  if (origin === 'outside' && !model.remote) return false;
  if (command === 'clear') return !model.estop;
  if (command === 'reset') return true;
  const safe = !model.estop && !model.guard && !model.jam;
  return safe && (model.mode === 1 || model.mode === 4) && (origin === 'panel' || model.enabled);
}

/** What the surroundings do to the line as soon as its program looks at them. */
function impose(model: Model): void {
  if (model.estop) {
    if (model.goal !== 'aborted') Object.assign(model, { goal: 'aborted', settled: false });
    return;
  }
  const halts = model.jam || model.guard;
  if (halts && model.goal === 'execute') Object.assign(model, { goal: 'held', settled: false });
}

/** Longer than any way from one rest to another: horn, eight stations, belts that run out. */
const longMs = 16_000;
const shortMs = 150;

const restOf: Readonly<Record<string, Rest>> = {
  stopped: 'stopped',
  idle: 'idle',
  execute: 'execute',
  suspending: 'execute',
  suspended: 'execute',
  unsuspending: 'execute',
  held: 'held',
  aborted: 'aborted',
  starting: 'execute',
  unholding: 'execute',
  stopping: 'stopped',
  clearing: 'stopped',
  resetting: 'idle',
  holding: 'held',
  aborting: 'aborted',
};
const acting = ['starting', 'unholding', 'stopping', 'clearing', 'resetting', 'holding', 'aborting'];

function expectSame(model: Model, { plant }: Real, asForeseen = true): void {
  expect(asForeseen).toBe(true);
  expect(`${plant.plc.state} goes to ${restOf[plant.plc.state]}`).toBe(
    `${plant.plc.state} goes to ${model.goal}`,
  );
  expect(plant.plc.mode).toBe(model.mode);
  if (model.settled) expect(acting).not.toContain(plant.plc.state);
  const standing = Object.values(plant.plc.motions).every((motion) => motion === 'standing');
  if (model.settled) expect(standing).toBe(model.goal !== 'execute');
  if (plant.infeedBelt.speedMmS > 0) expect(['running', 'leaving']).toContain(plant.plc.motions.infeedBelt);
}

function give(model: Model, real: Real, command: PlcCommand, origin: Origin): void {
  const taken = isTaken(model, command, origin);
  const refusal = commandPlc(real.plant, command, origin, real.inputs);
  expect(`${command} ${refusal === null}`).toBe(`${command} ${taken}`);
  if (taken) Object.assign(model, { goal: arrow(model, command), settled: false });
  pass(real.plant, 50, real.inputs);
  impose(model);
  // A line that already stands has nothing to bring to a stand.
  model.settled ||= !acting.includes(real.plant.plc.state);
  expectSame(model, real);
}

class Command implements fc.Command<Model, Real> {
  readonly command: PlcCommand;
  readonly origin: Origin;
  constructor(command: PlcCommand, origin: Origin) {
    this.command = command;
    this.origin = origin;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    give(model, real, this.command, this.origin);
  }
  toString = () => `${this.origin} ${this.command}`;
}

/** What somebody asks for who wants the line to move on, so that every corner is reached. */
class Onward implements fc.Command<Model, Real> {
  readonly origin: Origin;
  constructor(origin: Origin) {
    this.origin = origin;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const next = {
      stopped: 'reset',
      idle: 'start',
      execute: 'hold',
      held: 'unhold',
      aborted: 'clear',
    } as const;
    give(model, real, next[model.goal], this.origin);
  }
  toString = () => `${this.origin} onward`;
}

class Change implements fc.Command<Model, Real> {
  readonly change: Partial<Omit<Model, 'goal' | 'settled' | 'mode'>>;
  constructor(change: Partial<Omit<Model, 'goal' | 'settled' | 'mode'>>) {
    this.change = change;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    Object.assign(model, this.change);
    real.inputs = inputsOf(model);
    real.plant.panel.remote = model.remote;
    pass(real.plant, 50, real.inputs);
    impose(model);
    model.settled ||= !acting.includes(real.plant.plc.state);
    expectSame(model, real);
  }
  toString = () => JSON.stringify(this.change);
}

class Mode implements fc.Command<Model, Real> {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const rests = model.settled && ['stopped', 'idle', 'aborted'].includes(model.goal);
    const taken = rests && model.remote && this.number >= 1 && this.number <= 4;
    const refusal = askMode(real.plant, this.number, 'outside');
    if (taken) model.mode = this.number;
    expectSame(model, real, (refusal === null) === taken);
  }
  toString = () => `mode ${this.number}`;
}

class Wait implements fc.Command<Model, Real> {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    pass(real.plant, this.ms, real.inputs);
    impose(model);
    model.settled ||= this.ms === longMs || !acting.includes(real.plant.plc.state);
    expectSame(model, real);
  }
  toString = () => `wait ${this.ms}`;
}

const flags = (name: 'remote' | 'enabled' | 'estop' | 'guard' | 'jam') =>
  fc.boolean().map((value) => new Change({ [name]: value }));

const origin = fc.constantFrom<Origin>('outside', 'panel');

const commands = fc.commands(
  [
    fc.tuple(fc.constantFrom(...plcCommands), origin).map(([command, who]) => new Command(command, who)),
    origin.map((who) => new Onward(who)),
    origin.map((who) => new Onward(who)),
    fc.constantFrom(new Wait(longMs), new Wait(shortMs)),
    fc.constantFrom(new Wait(longMs), new Wait(1_000)),
    fc.constantFrom(new Change({ estop: false, guard: false, jam: false }), new Change({ enabled: true })),
    flags('remote'),
    flags('enabled'),
    flags('estop'),
    flags('guard'),
    flags('jam'),
    fc.integer({ min: 0, max: 5 }).map((number) => new Mode(number)),
  ],
  { maxCommands: 60, size: 'max' },
);

describe('the PLC', () => {
  it('goes where the figure of the standard says, whatever comes', { timeout: 60_000 }, () => {
    const image = JSON.stringify(workingLine());
    fc.assert(
      fc.property(commands, (list) => {
        const model: Model = {
          goal: 'execute',
          settled: true,
          remote: true,
          enabled: true,
          estop: false,
          guard: false,
          jam: false,
          mode: 1,
        };
        const real: Real = { plant: JSON.parse(image) as Plant, inputs: inputsOf(model) };
        fc.modelRun(() => ({ model, real }), list);
      }),
      { numRuns: 500 },
    );
  });
});
