/** The mark that keeps which requests had not ended: read back after a restart, whatever stands there. */
import { isMotionCommand } from '@trame/protocol/control/control-names';
import { ACTOR_REF_PATTERN, OPAQUE_ID_PATTERN } from '@trame/protocol/ledger-event';
import type { OpenRequest } from './control-state.ts';

const ID = new RegExp(OPAQUE_ID_PATTERN, 'u');
const ACTOR = new RegExp(ACTOR_REF_PATTERN, 'u');

/** @returns none when the mark is not one of ours. */
export function readOpenRequests(mark: string | null): readonly OpenRequest[] {
  if (mark === null) return [];
  let value: unknown;
  try {
    value = JSON.parse(mark);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  return Array.isArray(value) ? value.flatMap((one: unknown) => readOne(one) ?? []) : [];
}

function readOne(value: unknown): OpenRequest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { request, command, actor, at } = value as Readonly<Record<string, unknown>>;
  if (typeof request !== 'string' || !ID.test(request)) return null;
  if (typeof command !== 'string' || !isMotionCommand(command)) return null;
  if (actor !== null && (typeof actor !== 'string' || !ACTOR.test(actor))) return null;
  return typeof at === 'number' && Number.isFinite(at) ? { request, command, actor, at } : null;
}
