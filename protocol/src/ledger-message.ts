/**
 * What edge and consumers of a ledger tell each other. Delivery is at least once: a consumer stores what it is
 * sent once, by (site, line, epoch, seq), and says how far it has come; the edge sends again what lies beyond.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { EVENT_TIME_MIN_MS, HASH_PATTERN, LedgerEvent, OPAQUE_ID_PATTERN } from './ledger-event.ts';
import { REFUSAL_CODES, type RefusalCode } from './ledger-names.ts';
import { ID_PATTERN } from './topics.ts';

/** Events in one message, in the order of their numbers. */
export const MESSAGE_EVENTS_MAX = 200;
/** Largest message that is made and read, bytes. */
export const MESSAGE_BYTES_MAX = 256 * 1024;

const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Epoch = Type.String({ pattern: OPAQUE_ID_PATTERN });

/** Published every few seconds on `…/ledger/ack/{consumer}`. A lower `upTo` than before asks for what follows it. */
export const LedgerAck = Type.Object(
  {
    consumer: Type.String({ pattern: ID_PATTERN }),
    /** Null: nothing of this line is stored yet. */
    epoch: Type.Union([Epoch, Type.Null()]),
    /** Everything up to this number is stored on disk; 0: nothing. */
    upTo: Seq,
    /** Hash of the event `upTo`; null with 0. */
    hash: Type.Union([Type.String({ pattern: HASH_PATTERN }), Type.Null()]),
    /** The consumer's clock when it said so, ms since 1970 UTC. */
    at: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
    /** What it was sent last and does not take. */
    refused: Type.Optional(
      Type.Object(
        {
          code: Type.Unsafe<RefusalCode>(Type.Union(REFUSAL_CODES.map((code) => Type.Literal(code)))),
          epoch: Type.Union([Epoch, Type.Null()]),
          seq: Type.Union([Seq, Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type LedgerAck = Static<typeof LedgerAck>;

const eventValidator = Compile(LedgerEvent);
const ackValidator = Compile(LedgerAck);

/**
 * @param events in the order of their numbers, at least one.
 * @returns the first message: as many of them, from `from` on, as {@link MESSAGE_EVENTS_MAX} and
 * {@link MESSAGE_BYTES_MAX} let in, and how many these are.
 */
export function encodeMessage(
  events: readonly LedgerEvent[],
  from = 0,
): { readonly payload: string; readonly count: number; readonly bytes: number } {
  const texts: string[] = [];
  let bytes = 1;
  while (from + texts.length < events.length && texts.length < MESSAGE_EVENTS_MAX) {
    const text = JSON.stringify(events[from + texts.length]);
    const length = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes + length > MESSAGE_BYTES_MAX) break;
    texts.push(text);
    bytes += length;
  }
  return { payload: `[${texts.join(',')}]`, count: texts.length, bytes };
}

/**
 * @param events in the order of their numbers.
 * @returns messages that hold all of them, each within {@link MESSAGE_EVENTS_MAX} and {@link MESSAGE_BYTES_MAX}.
 */
export function encodeEvents(events: readonly LedgerEvent[]): readonly string[] {
  const messages: string[] = [];
  for (let from = 0; from < events.length;) {
    const { payload, count } = encodeMessage(events, from);
    messages.push(payload);
    from += count;
  }
  return messages;
}

export type EventsReading =
  | { readonly kind: 'events'; readonly events: readonly LedgerEvent[] }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly detail: string;
      /** Events of the message before the one that cannot be read; what follows it was not looked at. */
      readonly before: readonly LedgerEvent[];
      /** Which one it says it is; null when it does not say. */
      readonly place: { readonly epoch: string; readonly seq: number } | null;
    };

/**
 * Reads a message of `…/ledger`: a JSON array of events. Hashes and places in the chain are not looked at. One
 * event that cannot be read does not hide those before it.
 */
export function decodeEvents(bytes: Uint8Array): EventsReading {
  if (bytes.length > MESSAGE_BYTES_MAX) {
    return refused('too-large', `${bytes.length} bytes, at most ${MESSAGE_BYTES_MAX}`);
  }
  const value = parseJson(bytes);
  if (value === undefined) return refused('not-json', 'the message is not JSON in UTF-8');
  if (!Array.isArray(value)) return refused('invalid-event', 'expected an array of events');
  if (value.length > MESSAGE_EVENTS_MAX) {
    return refused('too-large', `${value.length} events, at most ${MESSAGE_EVENTS_MAX}`);
  }
  const events: LedgerEvent[] = [];
  for (const [index, item] of value.entries()) {
    if (!eventValidator.Check(item)) {
      const [first] = eventValidator.Errors(item);
      const where = `[${index}]${first?.instancePath ?? ''}`;
      const code = isImpossibleDate(item) ? 'impossible-date' : 'invalid-event';
      return refused(code, `${where}: ${first?.message ?? 'not an event'}`, events, placeOf(item));
    }
    events.push(item);
  }
  return { kind: 'events', events };
}

export function encodeAck(ack: LedgerAck): string {
  return JSON.stringify(ack);
}

const ACK_BYTES_MAX = 4096;

/** @returns null when these bytes are no acknowledgement. */
export function decodeAck(bytes: Uint8Array): LedgerAck | null {
  if (bytes.length > ACK_BYTES_MAX) return null;
  const value = parseJson(bytes);
  return ackValidator.Check(value) ? value : null;
}

function refused(
  code: RefusalCode,
  detail: string,
  before: readonly LedgerEvent[] = [],
  place: { readonly epoch: string; readonly seq: number } | null = null,
): EventsReading {
  return { kind: 'refused', code, detail, before, place };
}

/** Everything but its dates is right: a clock that was never set, not a stranger's event. */
function isImpossibleDate(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const dated = { ...item, occurredAt: EVENT_TIME_MIN_MS, recordedAt: EVENT_TIME_MIN_MS };
  const dates = [Reflect.get(item, 'occurredAt'), Reflect.get(item, 'recordedAt')];
  return dates.every((date) => typeof date === 'number') && eventValidator.Check(dated);
}

const placeValidator = Compile(Type.Object({ epoch: Epoch, seq: Seq }));

function placeOf(item: unknown): { epoch: string; seq: number } | null {
  return placeValidator.Check(item) ? { epoch: item.epoch, seq: item.seq } : null;
}

/** @returns undefined when it is not JSON: no JSON text means that. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
