import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealEvent } from './hash-chain.ts';
import { FIRST_PREV, PAYLOAD_BYTES_MAX } from './ledger-event.ts';
import {
  decodeAck,
  decodeEvents,
  encodeAck,
  encodeEvents,
  MESSAGE_BYTES_MAX,
  MESSAGE_EVENTS_MAX,
  type LedgerAck,
} from './ledger-message.ts';
import { REFUSAL_CODES } from './ledger-names.ts';
import { anyEnvelope, anyPayload, EPOCH, someEvent } from './test-ledger.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('messages of events', () => {
  it('bring every event, unchanged and in order', () => {
    const events = fc.array(
      fc
        .tuple(anyEnvelope, anyPayload)
        .map(([envelope, payload]) => sealEvent(FIRST_PREV, envelope, payload)),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(events, (sent) => {
        const received = encodeEvents(sent).flatMap((message) => {
          const reading = decodeEvents(bytes(message));
          return reading.kind === 'events' ? reading.events : [];
        });
        expect(received).toStrictEqual(sent);
      }),
    );
  });

  it('keep within their bounds, in number and in bytes', () => {
    const small = Array.from({ length: 2 * MESSAGE_EVENTS_MAX + 1 }, (_, index) =>
      someEvent({ seq: index + 1 }),
    );
    expect(encodeEvents(small).map((message) => (JSON.parse(message) as unknown[]).length)).toStrictEqual([
      MESSAGE_EVENTS_MAX,
      MESSAGE_EVENTS_MAX,
      1,
    ]);
    // Two bytes a letter, so that characters are not taken for bytes.
    const large = Array.from({ length: 40 }, () =>
      someEvent({}, { text: 'é'.repeat(PAYLOAD_BYTES_MAX / 2 - 20) }),
    );
    const messages = encodeEvents(large);
    expect(messages.length).toBeGreaterThan(4);
    for (const message of messages) {
      expect(bytes(message).length).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
      expect(decodeEvents(bytes(message)).kind).toBe('events');
    }
    expect(encodeEvents([])).toStrictEqual([]);
  });

  it.each([
    ['no JSON', bytes('{'), 'not-json'],
    ['nothing', bytes(''), 'not-json'],
    ['NaN', bytes('[NaN]'), 'not-json'],
    ['bytes that are no UTF-8', new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), 'not-json'],
    ['an event outside a list', bytes(JSON.stringify(someEvent())), 'invalid-event'],
    ['a number', bytes('[7]'), 'invalid-event'],
    ['an event with another member', bytes(JSON.stringify([{ ...someEvent(), more: 1 }])), 'invalid-event'],
    ['10 MB', new Uint8Array(10 * 1024 * 1024).fill(0x20), 'too-large'],
    ['more events than a message holds', bytes(`[${'0,'.repeat(MESSAGE_EVENTS_MAX)}0]`), 'too-large'],
  ])('that are %s are refused with their code', (_what, message, code) => {
    expect(decodeEvents(message)).toMatchObject({ kind: 'refused', code });
  });

  it('say which event is none, and of which member', () => {
    const message = JSON.stringify([someEvent(), { ...someEvent(), seq: 0 }]);
    expect(decodeEvents(bytes(message))).toMatchObject({
      detail: expect.stringMatching(/^\[1\]\/seq: /u) as string,
    });
  });

  it('of any bytes give an answer and never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (message) => {
        const { kind } = decodeEvents(message);
        expect(kind === 'refused' || new TextDecoder().decode(message).trim() === '[]').toBe(true);
        expect(decodeAck(message)).toBeNull();
      }),
    );
  });
});

describe('acknowledgements', () => {
  const ack: LedgerAck = {
    consumer: 'trame',
    epoch: EPOCH,
    upTo: 12,
    hash: 'ab'.repeat(32),
    at: 1_767_225_600_000,
  };

  it('arrive as they were sent, with a refusal of each kind or without', () => {
    const all: readonly LedgerAck[] = [
      ack,
      { ...ack, epoch: null, upTo: 0, hash: null },
      ...REFUSAL_CODES.map((code) => ({ ...ack, refused: { code, epoch: EPOCH, seq: 13 } })),
      { ...ack, refused: { code: 'not-json', epoch: null, seq: null } },
    ];
    for (const one of all) expect(decodeAck(bytes(encodeAck(one)))).toStrictEqual(one);
  });

  it.each([
    ['a consumer that is no name', { consumer: '#' }],
    ['a cursor below nothing', { upTo: -1 }],
    ['half a cursor', { upTo: 0.5 }],
    ['a hash that is none', { hash: 'x' }],
    ['a refusal nobody knows', { refused: { code: 'because', epoch: null, seq: null } }],
    ['no time', { at: undefined }],
    ['more than is known', { note: 1 }],
    ['more than an acknowledgement holds', { consumer: 'a'.repeat(5000) }],
  ])('with %s are none', (_what, change) => {
    expect(decodeAck(bytes(JSON.stringify({ ...ack, ...change })))).toBeNull();
  });
});
