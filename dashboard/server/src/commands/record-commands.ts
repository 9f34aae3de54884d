/** Requests that only record something; what each wants to know. */
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** A person states the outcome of a scale's yearly verification. */
const ScaleVerify = Type.Object(
  {
    scale: Type.String({ pattern: ID_PATTERN }),
    outcome: Type.Union([Type.Literal('accepted'), Type.Literal('refused')]),
    on: Day,
    /** Null when refused. */
    due: Type.Union([Day, Type.Null()]),
  },
  { additionalProperties: false },
);

/** A person says that the line's clock is right. */
const ClockConfirm = Type.Object({}, { additionalProperties: false });

const RECORD_COMMANDS: Readonly<Record<string, TSchema>> = {
  'scale.verify': ScaleVerify,
  'clock.confirm': ClockConfirm,
};

export interface CommandFault {
  /** JSON pointer into the body. */
  readonly path: string;
  readonly message: string;
}

/** @returns what of a command cannot be, or null. Whether it fits the line is the edge's to say. */
export function commandFault(command: string, args: Readonly<Record<string, unknown>>): CommandFault | null {
  const schema = Object.hasOwn(RECORD_COMMANDS, command) ? RECORD_COMMANDS[command] : undefined;
  if (schema === undefined) {
    return { path: '/body/command', message: `expected one of ${Object.keys(RECORD_COMMANDS).join(', ')}` };
  }
  const [first] = Value.Errors(schema, args);
  if (first !== undefined) return { path: `/body/args${first.instancePath}`, message: first.message };
  return command === 'scale.verify' ? verificationFault(Value.Parse(ScaleVerify, args)) : null;
}

function verificationFault({
  outcome,
  on,
  due,
}: {
  readonly outcome: string;
  readonly on: string;
  readonly due: string | null;
}): CommandFault | null {
  if (!isDay(on)) return { path: '/body/args/on', message: 'is no day of the calendar' };
  if (due === null) {
    return outcome === 'refused'
      ? null
      : { path: '/body/args/due', message: 'expected a day: it was accepted' };
  }
  if (outcome === 'refused') return { path: '/body/args/due', message: 'expected null: it was refused' };
  if (!isDay(due)) return { path: '/body/args/due', message: 'is no day of the calendar' };
  return due > on ? null : { path: '/body/args/due', message: `expected a day after ${on}` };
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === text;
}
