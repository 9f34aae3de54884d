import { deepStrictEqual as same } from 'node:assert';
import type { LineCommand } from '@trame/protocol/control/control-names';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { ANNA, BEN, TestLine, TICK_MS } from './test-control.ts';
import { testConfig } from './test-control-config.ts';
import { STATE } from './test-plc.ts';

/** What a person at the line knows, without any of the code under test. */
interface Knows {
  doors: boolean | null;
  remote: boolean | null;
  mode: number | null;
  /** Ms of virtual time since the enable went down. */
  sincePressMs: number;
  /** How much had been asked for by then. */
  askedBefore: number;
  holder: string | null;
  /** What is being carried out. */
  busy: { readonly id: string; readonly command: LineCommand } | null;
}

const IN_MOTION: readonly number[] = [STATE.starting, STATE.execute, STATE.suspended, STATE.unholding];
const NOTHING_TO_STOP: readonly number[] = [STATE.stopped, STATE.stopping, STATE.aborted, STATE.clearing];

/** The rules of commanding, as a person would check them off. */
function because(command: LineCommand, actor: string, knows: Knows, line: TestLine): readonly string[] {
  const { state, emergencyStop } = line.plc;
  const why: string[] = [];
  if (command === 'line.stop' || command === 'line.hold') {
    if (emergencyStop && NOTHING_TO_STOP.includes(state)) why.push('emergency-stop');
    if (command === 'line.hold' && knows.busy?.command === 'line.stop') why.push('busy');
    const isIdle = command === 'line.stop' ? NOTHING_TO_STOP.includes(state) : !IN_MOTION.includes(state);
    if (isIdle) why.push('wrong-state');
    return why;
  }
  if (emergencyStop) why.push('emergency-stop');
  const sets = command === 'line.start' || command === 'line.unhold';
  if (sets && knows.doors !== true) why.push('interlock');
  if (sets && (knows.sincePressMs >= 10_000 || isUsedUp(knows, line))) why.push('no-local-enable');
  if (sets && knows.mode !== 1 && knows.mode !== 4) why.push('wrong-mode');
  if (knows.remote !== true) why.push('not-remote');
  if (knows.busy !== null) why.push('busy');
  if (knows.holder !== actor) why.push('not-in-control');
  const from: Partial<Record<LineCommand, readonly number[]>> = {
    'line.start': [STATE.idle],
    'line.unhold': [STATE.held],
    'line.reset': [STATE.stopped, STATE.aborted],
    'line.mode': [STATE.stopped, STATE.idle, STATE.aborted],
  };
  if (from[command]?.includes(state) !== true) why.push('wrong-state');
  return why;
}

/** Since the enable went down the PLC was asked to set the line in motion. */
function isUsedUp({ askedBefore }: Knows, line: TestLine): boolean {
  return line
    .written()
    .slice(askedBefore)
    .some((what) => ['Start()', 'Unhold()', 'code=2', 'code=5'].includes(what));
}

class Ask implements fc.Command<Knows, TestLine> {
  readonly command: LineCommand;
  readonly actor: string;
  constructor(command: LineCommand, actor: string) {
    this.command = command;
    this.actor = actor;
  }
  check = () => true;
  run(knows: Knows, line: TestLine): void {
    const { command, actor } = this;
    line.look();
    settle(knows, line);
    const before = line.effects.length;
    const expected = because(command, actor, knows, line);
    const pressed = knows.busy;
    const id = line.ask(command, command === 'line.mode' ? { mode: 'school' } : {}, { actor });
    const told = line.answers(id).at(0);
    const codes = told?.code === 'refused' ? told.reasons.map(({ code }) => code) : [];
    same([...codes].toSorted(), [...expected].toSorted());
    const wrote =
      line.effects.slice(before).filter(({ kind }) => kind === 'write' || kind === 'call').length > 0;
    if (expected.length > 0) same(wrote, false);
    if (expected.length === 0 && pressed !== null && pressed.command !== command)
      same(line.final(pressed.id)?.code, 'failed');
    settle(knows, line);
    if (expected.length === 0 && line.final(id) === undefined) knows.busy = { id, command };
  }
  toString = () => `${this.actor} asks ${this.command}`;
}

class Press implements fc.Command<Knows, TestLine> {
  check = () => true;
  run(knows: Knows, line: TestLine): void {
    knows.askedBefore = line.written().length;
    line.pressEnable();
    knows.sincePressMs = TICK_MS;
    settle(knows, line);
  }
  toString = () => 'somebody presses the local enable';
}

class Take implements fc.Command<Knows, TestLine> {
  check = (knows: Readonly<Knows>) => knows.holder === null;
  run(knows: Knows, line: TestLine): void {
    line.ask('control.take', {}, { actor: BEN });
    knows.holder = BEN;
  }
  toString = () => 'Ben takes the line';
}

class Release implements fc.Command<Knows, TestLine> {
  check = (knows: Readonly<Knows>) => knows.holder !== null;
  run(knows: Knows, line: TestLine): void {
    line.ask('control.release', {}, { actor: knows.holder });
    knows.holder = null;
  }
  toString = () => 'the line is given back';
}

class Set implements fc.Command<Knows, TestLine> {
  readonly name: 'doors' | 'remote' | 'mode';
  readonly value: boolean | number | null;
  constructor(name: 'doors' | 'remote' | 'mode', value: boolean | number | null) {
    this.name = name;
    this.value = value;
  }
  check = () => true;
  run(knows: Knows, line: TestLine): void {
    line.tags.set(`plc/${this.name}`, this.value);
    Object.assign(knows, { [this.name]: this.value });
    passTime(knows, line, TICK_MS);
  }
  toString = () => `${this.name} is ${String(this.value)}`;
}

class EmergencyStop implements fc.Command<Knows, TestLine> {
  readonly isOpen: boolean;
  constructor(isOpen: boolean) {
    this.isOpen = isOpen;
  }
  check = () => true;
  run(knows: Knows, line: TestLine): void {
    if (this.isOpen) line.plc.pressEmergencyStop();
    else line.plc.emergencyStop = false;
    passTime(knows, line, TICK_MS);
  }
  toString = () => `the emergency stop is ${this.isOpen ? 'open' : 'released'}`;
}

class Pass implements fc.Command<Knows, TestLine> {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(knows: Knows, line: TestLine): void {
    passTime(knows, line, this.ms);
  }
  toString = () => `${this.ms} ms pass`;
}

function passTime(knows: Knows, line: TestLine, ms: number): void {
  line.pass(ms);
  knows.sincePressMs += ms;
  settle(knows, line);
}

function settle(knows: Knows, line: TestLine): void {
  if (line.tags.get('plc/mode') !== undefined) knows.mode = line.tags.get('plc/mode') as number | null;
  if (knows.busy !== null && line.final(knows.busy.id) !== undefined) knows.busy = null;
}

describe.each(['methods', 'handshake'] as const)('a line asked by %s', (channel) => {
  it('follows and refuses as the rules say, whatever order things come in', () => {
    const command = fc.constantFrom<LineCommand>(
      'line.start',
      'line.start',
      'line.stop',
      'line.hold',
      'line.unhold',
      'line.reset',
      'line.mode',
    );
    const commands = fc.commands(
      [
        fc.tuple(command, fc.constantFrom(ANNA, ANNA, ANNA, BEN)).map(([what, who]) => new Ask(what, who)),
        fc.constant(new Press()),
        fc.constant(new Take()),
        fc.constant(new Release()),
        fc.constantFrom(true, true, true, false, null).map((value) => new Set('doors', value)),
        fc.constantFrom(true, true, true, false, null).map((value) => new Set('remote', value)),
        fc.constantFrom(1, 1, 1, 2, 4, null).map((value) => new Set('mode', value)),
        fc.constantFrom(true, false, false).map((isOpen) => new EmergencyStop(isOpen)),
        fc.constantFrom(200, 1_000, 5_000, 12_000).map((ms) => new Pass(ms)),
      ],
      { maxCommands: 30 },
    );
    fc.assert(
      fc.property(commands, (sequence) => {
        const line = new TestLine(testConfig(channel));
        line.ready();
        const knows: Knows = {
          doors: true,
          remote: true,
          mode: 1,
          sincePressMs: TICK_MS,
          askedBefore: 0,
          holder: ANNA,
          busy: null,
        };
        fc.modelRun(() => ({ model: knows, real: line }), sequence);
      }),
      { numRuns: 250 },
    );
  });
});
