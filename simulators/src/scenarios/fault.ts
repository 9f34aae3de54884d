import { Type, type TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { faultKinds, type FaultKindId } from './fault-kinds.ts';

/** A fault as somebody asked for it. Options that its kind does not have are never there. */
export interface FaultRequest {
  readonly kind: FaultKindId;
  readonly target: string;
  /** Mended by itself after so long, in wall-clock ms. */
  readonly durationMs?: number;
  readonly delayMs?: number;
  readonly code?: number;
  readonly field?: string;
  readonly node?: string;
  readonly shiftNm?: number;
}

export type ParsedFault =
  | { readonly kind: 'fault'; readonly fault: FaultRequest }
  | { readonly kind: 'refused'; readonly error: string };

/** What a line has: targets, and the names that the options `field` and `node` may take on one. */
export interface FaultVocabulary {
  readonly has: (kind: FaultKindId, target: string) => boolean;
  readonly fields: (target: string) => readonly string[];
  readonly nodes: (target: string) => readonly string[];
}

const maxDurationMs = 24 * 3_600_000;

function refused(error: string): ParsedFault {
  return { kind: 'refused', error };
}

function isKind(value: unknown): value is FaultKindId {
  return typeof value === 'string' && Object.hasOwn(faultKinds, value);
}

/** Where a kind of fault may lie on a line. */
export function targetsOn(kind: FaultKindId, { has }: FaultVocabulary): readonly string[] {
  return faultKinds[kind].targets.filter((target) => has(kind, target));
}

/** Where and why `value` does not follow `schema`; null when it does. */
function firstError(schema: TSchema, value: unknown): string | null {
  const error = Errors(schema, value)[0];
  if (error === undefined) return null;
  const extra =
    'additionalProperties' in error.params ? ` (${String(error.params.additionalProperties)})` : '';
  return `${error.instancePath === '' ? '/' : error.instancePath}: ${error.message}${extra}`;
}

function unknownName(option: string, name: string | undefined, known: readonly string[]): string | null {
  if (name === undefined || known.includes(name)) return null;
  return `/${option}: unknown ${option} ${JSON.stringify(name)}; known: ${known.join(', ')}`;
}

/**
 * Reads a fault from JSON. An unknown kind or target is refused with the list of those that exist, anything
 * else with the place and what was expected. `target` may be left out where a kind has only one.
 */
export function parseFault(json: unknown, vocabulary: FaultVocabulary): ParsedFault {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refused('/: expected an object');
  const body = { ...json } as Record<string, unknown>;
  const kind = body['kind'];
  if (!isKind(kind)) {
    const known = Object.keys(faultKinds).join(', ');
    return refused(`/kind: unknown kind ${JSON.stringify(kind) ?? 'undefined'}; known: ${known}`);
  }
  const { options } = faultKinds[kind];
  const known = targetsOn(kind, vocabulary);
  if (known.length === 0) return refused(`/kind: nothing on this line can have ${kind}`);
  if (known.length === 1) body['target'] ??= known[0];
  const target = body['target'];
  if (typeof target !== 'string' || !known.includes(target)) {
    const given = JSON.stringify(target) ?? 'undefined';
    return refused(`/target: ${kind} cannot lie on ${given}; possible: ${known.join(', ')}`);
  }
  const optional = Object.entries({
    durationMs: Type.Integer({ minimum: 1, maximum: maxDurationMs }),
    ...options,
  }).map(([name, schema]) => [name, Type.Optional(schema)] as const);
  const schema = Type.Object(
    { kind: Type.String(), target: Type.String(), ...Object.fromEntries(optional) },
    { additionalProperties: false },
  );
  const error = firstError(schema, body);
  if (error !== null) return refused(error);
  const { usualMs } = faultKinds[kind] as { readonly usualMs?: number };
  if (usualMs !== undefined) body['durationMs'] ??= usualMs;
  const fault = body as unknown as FaultRequest;
  const unknown =
    unknownName('field', fault.field, vocabulary.fields(target)) ??
    unknownName('node', fault.node, vocabulary.nodes(target));
  return unknown === null ? { kind: 'fault', fault } : refused(unknown);
}
