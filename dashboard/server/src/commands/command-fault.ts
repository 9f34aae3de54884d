/** Requests that a person may make of a line over HTTP; what each wants to know. */
import { CONTROL_ARGS } from '@trame/protocol/control/control-args';
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

const COMMANDS: Readonly<Record<string, TSchema>> = {
  'scale.verify': ScaleVerify,
  'clock.confirm': ClockConfirm,
  ...CONTROL_ARGS,
};

export interface CommandFault {
  /** JSON pointer into the body. */
  readonly path: string;
  readonly message: string;
}

/** @returns what of a command cannot be, or null. Whether it fits the line is the edge's to say. */
export function commandFault(command: string, args: Readonly<Record<string, unknown>>): CommandFault | null {
  const schema = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (schema === undefined) {
    return { path: '/body/command', message: `expected one of ${Object.keys(COMMANDS).join(', ')}` };
  }
  const [first] = Value.Errors(schema, args);
  if (first !== undefined) return { path: `/body/args${pointerOf(first)}`, message: first.message };
  return command === 'scale.verify' ? verificationFault(Value.Parse(ScaleVerify, args)) : null;
}

/** To the member that is missing or too many, where it is one. */
function pointerOf({
  instancePath,
  params,
}: {
  readonly instancePath: string;
  readonly params: object;
}): string {
  const { requiredProperties, additionalProperties }: Record<string, unknown> = { ...params };
  const [name]: unknown[] = [requiredProperties, additionalProperties].find(Array.isArray) ?? [];
  return typeof name === 'string' ? `${instancePath}/${name}` : instancePath;
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
