/** Whether a request is what it says it is: pure but for the cryptography. Nothing of it is believed before. */
import {
  decodeCommand,
  isSignedBy,
  type CommandRequest,
  type ReplyCode,
  type SignedCommand,
} from '@trame/protocol/command';
import { OPAQUE_ID_PATTERN } from '@trame/protocol/ledger-event';
import type { KeyObject } from 'node:crypto';

export type RequestReading =
  | { readonly kind: 'signed'; readonly command: SignedCommand }
  /** `id` null: there is nobody to answer. */
  | { readonly kind: 'malformed'; readonly id: string | null };

const ID = new RegExp(OPAQUE_ID_PATTERN, 'u');

/** @param payload not larger than a request may be. */
export function readRequest(payload: Uint8Array): RequestReading {
  const command = decodeCommand(payload);
  return command === null ? { kind: 'malformed', id: idIn(payload) } : { kind: 'signed', command };
}

export type RequestJudgement =
  | { readonly kind: 'genuine'; readonly request: CommandRequest }
  | { readonly kind: 'refused'; readonly code: ReplyCode; readonly detail: string };

/** @param key the trusted key that the request names; null: it is not trusted. */
export function judgeRequest(
  command: SignedCommand,
  key: KeyObject | null,
  site: string,
  line: string,
): RequestJudgement {
  const { request } = command;
  if (key === null) {
    return {
      kind: 'refused',
      code: 'unknown-key',
      detail: `this edge does not trust the key ${command.key}`,
    };
  }
  if (!isGenuine(command, key)) {
    return { kind: 'refused', code: 'bad-signature', detail: 'the signature is not that of this request' };
  }
  if (request.site !== site || request.line !== line) {
    return { kind: 'refused', code: 'wrong-line', detail: `this is the line ${line} of ${site}` };
  }
  return { kind: 'genuine', request };
}

function isGenuine(command: SignedCommand, key: KeyObject): boolean {
  try {
    return isSignedBy(command, key);
  } catch (error) {
    // What has no canonical text (a lone surrogate, nesting without end) nobody can have signed.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** @returns the id in a message that is not a request, so that its sender can be told. */
function idIn(payload: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    const request = memberOf(value, 'request');
    const id = memberOf(request, 'id');
    return typeof id === 'string' && ID.test(id) ? id : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
