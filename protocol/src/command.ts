/**
 * Requests to an edge, `…/command`, and its answers, `…/reply`. A request is signed (Ed25519, RFC 8032, over its
 * canonical JSON) by a key that the edge's configuration trusts, and done once however often it arrives: the
 * ledger keeps its id. One to *move* something, or to have the line in hand, quotes a heartbeat of the edge and expires
 * {@link MOTION_EXPIRY_MS} after it; so does one about an alarm. What *records* anything else never expires.
 */
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ALARM_REFUSALS } from './alarms/alarm-names.ts';
import { canonicalJson } from './canonical-json.ts';
import { SORTING_REFUSALS } from './classification/item-names.ts';
import { CommandReason } from './control/control-events.ts';
import { ACTOR_REF_PATTERN, OPAQUE_ID_PATTERN } from './ledger-event.ts';
import { closed, literals } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

export const MOTION_EXPIRY_MS = 10_000;
/** Largest request or answer, bytes. */
export const COMMAND_BYTES_MAX = 64 * 1024;

const Id = Type.String({ pattern: ID_PATTERN });

export const CommandRequest = Type.Object(
  {
    v: Type.Literal(1),
    /** Drawn by the sender; the same request sent again keeps it. */
    id: Type.String({ pattern: OPAQUE_ID_PATTERN }),
    site: Id,
    line: Id,
    /** `scale.verify`, `clock.confirm`… */
    command: Type.String({ pattern: '^[a-z][A-Za-z]{0,31}\\.[a-z][A-Za-z]{0,31}$' }),
    args: Type.Record(Type.String(), Type.Unknown()),
    actorRef: Type.Union([Type.String({ pattern: ACTOR_REF_PATTERN }), Type.Null()]),
    /** Sender's clock, ms since 1970 UTC; for the record, never for deciding. */
    at: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
    /** Only of a request that expires: the heartbeat that the sender had in mind. */
    heartbeat: Type.Optional(
      Type.Object(
        { boot: Type.String({ pattern: '^[0-9a-f]{16}$' }), tick: Type.Integer({ minimum: 1 }) },
        closed,
      ),
    ),
  },
  closed,
);
export type CommandRequest = Static<typeof CommandRequest>;

export const SignedCommand = Type.Object(
  {
    request: CommandRequest,
    /** Which key: {@link keyId} of its public half. */
    key: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** Base64. */
    signature: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
  },
  closed,
);
export type SignedCommand = Static<typeof SignedCommand>;

export const REPLY_CODES = [
  'done',
  /** Recorded and being carried out: another answer with the outcome follows, and the event `command.ended`. */
  'accepted',
  /** Recorded before: the answer is the same. */
  'already-done',
  'unknown-key',
  'bad-signature',
  'wrong-line',
  'unknown-command',
  'invalid-args',
  'expired',
  /** The disk refuses: nothing was done, the request may be sent again. */
  'not-stored',
  /** Decided without knowing what was recorded since: nothing was done, decide again. */
  'stale',
  /** What it asks for cannot be now; `detail` says why, of a request to move something `reasons`. */
  'refused',
  /** It was asked of the device and did not come about within its bound. */
  'failed',
  /** It was written; what is read back differs, or nothing is read back. */
  'unconfirmed',
] as const;
export type ReplyCode = (typeof REPLY_CODES)[number];

export const CommandReply = Type.Object(
  {
    v: Type.Literal(1),
    /** Of the request; null when it could not be read. */
    id: Type.Union([Type.String({ pattern: OPAQUE_ID_PATTERN }), Type.Null()]),
    code: Type.Unsafe<ReplyCode>(Type.Union(REPLY_CODES.map((code) => Type.Literal(code)))),
    /** In words for a person. */
    detail: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
    /** Number of the event that recorded it. */
    seq: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    epoch: Type.Union([Type.String({ pattern: OPAQUE_ID_PATTERN }), Type.Null()]),
    /** Of a request to move something that is not done: why. */
    reasons: Type.Optional(Type.Array(CommandReason, { maxItems: 16 })),
    /** Of a request about an alarm, about pieces or about their programme that is refused: why. */
    refusal: Type.Optional(literals([...ALARM_REFUSALS, ...SORTING_REFUSALS] as const)),
    /** Of a request that reads: what it asked for. Of a sort programme that is refused: what is wrong with it. */
    data: Type.Optional(Type.Unknown()),
  },
  closed,
);
export type CommandReply = Static<typeof CommandReply>;

const signedValidator = Compile(SignedCommand);
const replyValidator = Compile(CommandReply);

/** @returns which key this is: the first 16 hex digits of the SHA-256 of its public half (SPKI, DER). */
export function keyId(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

/** @param privateKey Ed25519. */
export function signCommand(request: CommandRequest, privateKey: KeyObject): SignedCommand {
  const signature = sign(null, Buffer.from(canonicalJson(request)), privateKey).toString('base64');
  return { request, key: keyId(privateKey), signature };
}

export function isSignedBy({ request, signature }: SignedCommand, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(canonicalJson(request)), publicKey, Buffer.from(signature, 'base64'));
}

/** @returns null when these bytes are no signed request. */
export function decodeCommand(bytes: Uint8Array): SignedCommand | null {
  const value = parse(bytes);
  return signedValidator.Check(value) ? value : null;
}

/** @returns null when these bytes are no answer. */
export function decodeReply(bytes: Uint8Array): CommandReply | null {
  const value = parse(bytes);
  return replyValidator.Check(value) ? value : null;
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > COMMAND_BYTES_MAX) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
