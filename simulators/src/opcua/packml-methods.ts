import {
  DataType,
  StatusCodes,
  type CallMethodResultOptions,
  type Namespace,
  type StatusCode,
  type UAObject,
  type Variant,
} from 'node-opcua';
import { plcCommands, type PlcCommand } from '../plant/packml.ts';
import type { PlcMethods, Taken } from './plc-writes.ts';

/** A PLC that says nothing lets a call hang; after so long the server gives it up. */
const noAnswerMs = 30_000;

const methodNames: Readonly<Record<PlcCommand, string>> = {
  reset: 'Reset',
  start: 'Start',
  stop: 'Stop',
  hold: 'Hold',
  unhold: 'Unhold',
  clear: 'Clear',
};

const statusOf: Readonly<Record<Taken, StatusCode>> = {
  taken: StatusCodes.Good,
  'wrong-state': StatusCodes.BadInvalidState,
  'out-of-range': StatusCodes.BadOutOfRange,
};

type Done = (error: Error | null, result?: CallMethodResultOptions) => void;

/** Calls that the PLC has not answered; bounded in time, and given up when the server closes. */
class Unanswered {
  #waiting = new Map<NodeJS.Timeout, () => void>();

  add(done: Done): void {
    const giveUp = (): void => done(null, { statusCode: StatusCodes.BadTimeout });
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      giveUp();
    }, noAnswerMs);
    this.#waiting.set(timer, giveUp);
  }

  close(): void {
    for (const [timer, giveUp] of this.#waiting) {
      clearTimeout(timer);
      giveUp();
    }
    this.#waiting.clear();
  }
}

/** The PackML object of a machine, and what ends its waiting calls. */
export interface PackMlObject {
  readonly object: UAObject;
  readonly close: () => void;
}

/** Adds the object `s=PackML` below a machine, with OPC 30050's methods under fixed node ids (`s=PackML.Start`…). */
export function addPackMlMethods(
  namespace: Namespace,
  machine: UAObject,
  packMlIndex: number,
  methods: PlcMethods,
): PackMlObject {
  const object = namespace.addObject({ componentOf: machine, browseName: 'PackML', nodeId: 's=PackML' });
  const unanswered = new Unanswered();
  const add = (name: string, mode: boolean, work: (inputs: readonly Variant[]) => Taken | 'no-answer') => {
    const requested = { name: 'RequestedMode', dataType: DataType.Int32, description: '1 to 4' };
    const method = namespace.addMethod(object, {
      browseName: { name, namespaceIndex: packMlIndex },
      nodeId: `s=PackML.${name}`,
      inputArguments: mode ? [requested] : [],
      outputArguments: [],
    });
    method.bindMethod((inputs: Variant[], _context: unknown, done: Done) => {
      const taken = work(inputs);
      if (taken === 'no-answer') unanswered.add(done);
      else done(null, { statusCode: statusOf[taken] });
    });
  };
  for (const command of plcCommands) add(methodNames[command], false, () => methods.command(command));
  add('SetUnitMode', true, ([mode]) => methods.setMode(Number(mode?.value)));
  return { object, close: () => unanswered.close() };
}
