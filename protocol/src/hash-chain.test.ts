import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { eventHash, payloadHash, payloadTextHash, sealEvent, sealFault } from './hash-chain.ts';
import { envelopeOf, type LedgerEvent } from './ledger-event.ts';
import { anyEnvelope, anyPayload, ENVELOPE, PAYLOAD, someEvent } from './test-ledger.ts';

/** SHA-256 of «the event before». */
const PREV = '4c8eff916b537efb16613c5f0625275b42a8fa5e1dd4e13890ec19760196b033';

describe('the seal of an event', () => {
  it('is, for one event written out, what another program computes (Python, hashlib)', () => {
    expect(sealEvent(PREV, ENVELOPE, PAYLOAD)).toStrictEqual({
      ...ENVELOPE,
      payload: PAYLOAD,
      payloadHash: '3da3535ec598aa3bd0b7e4c0035f15f7b08f4555b161418e6d5bc50e928ee3c3',
      prev: PREV,
      hash: 'e9d3557acee49b0718cf6c75a937531dcd713c4b0f0387ceed074b0f3821f72e',
    });
  });

  it('is SHA-256(prev ‖ canonical envelope ‖ SHA-256(canonical payload)) for any event', () => {
    fc.assert(
      fc.property(anyEnvelope, anyPayload, (envelope, payload) => {
        const sealed = createHash('sha256').update(canonicalJson(payload)).digest();
        const expected = createHash('sha256')
          .update(Buffer.from(PREV, 'hex'))
          .update(canonicalJson(envelope))
          .update(sealed)
          .digest('hex');
        expect(eventHash(PREV, envelope, payloadHash(payload))).toBe(expected);
        expect(payloadTextHash(canonicalJson(payload))).toBe(sealed.toString('hex'));
        expect(sealFault(sealEvent(PREV, envelope, payload))).toBeNull();
      }),
    );
  });

  it('survives JSON, and the order in which members arrive', () => {
    fc.assert(
      fc.property(anyEnvelope, anyPayload, (envelope, payload) => {
        const event = sealEvent(PREV, envelope, payload);
        const entries = Object.entries(JSON.parse(JSON.stringify(event)) as object).toReversed();
        expect(sealFault(Object.fromEntries(entries) as LedgerEvent)).toBeNull();
      }),
    );
  });

  it('holds without the payload: withheld or erased, its hash stays', () => {
    const event = someEvent();
    expect(sealFault({ ...event, payload: null })).toBeNull();
  });

  it('breaks when anything of the event is another', () => {
    const event = someEvent();
    const other = '1'.repeat(64);
    expect(sealFault({ ...event, payload: { ...PAYLOAD, device: 'pld' } })).toBe('payload-hash');
    expect(sealFault({ ...event, payload: {} })).toBe('payload-hash');
    const changes: readonly Partial<LedgerEvent>[] = [
      { site: 'caux' },
      { line: 'tri-2' },
      { epoch: other.slice(32) },
      { seq: event.seq + 1 },
      { id: other.slice(32) },
      { type: 'device.stated' },
      { occurredAt: event.occurredAt + 1 },
      { recordedAt: event.recordedAt - 1 },
      { clock: { state: 'unchecked', offsetMs: -1200 } },
      { clock: { state: 'checked', offsetMs: null } },
      { actorRef: '00000000' },
      { prev: other },
      { hash: other },
      { payloadHash: other, payload: null },
    ];
    for (const change of changes) {
      expect([change, sealFault({ ...event, ...change })]).toStrictEqual([change, 'event-hash']);
    }
  });

  it('of the same event does not hang on what was hashed before', () => {
    const event = { ...someEvent(), payload: null };
    for (const broken of ['', 'zz', event.payloadHash.slice(1), `${event.payloadHash.slice(0, 63)}z`]) {
      expect(sealFault(event)).toBeNull();
      expect(sealFault({ ...event, payloadHash: broken })).toBe('event-hash');
    }
  });

  it('seals an envelope, and nothing beside it', () => {
    const event = someEvent();
    expect(Object.keys(envelopeOf(event)).toSorted()).toStrictEqual(Object.keys(ENVELOPE).toSorted());
    expect(eventHash(event.prev, event, event.payloadHash)).toBe(event.hash);
  });
});
