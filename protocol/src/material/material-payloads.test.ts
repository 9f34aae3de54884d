import { describe, expect, it } from 'vitest';
import { PAYLOAD_BYTES_MAX } from '../ledger-event.ts';
import { canonicalJson } from '../canonical-json.ts';
import { knownEvent, payloadFault } from '../ledger-payloads.ts';
import { accountKind, accountName, binAccount, isHeld } from './accounts.ts';
import { isMaterialType, MATERIAL_PAYLOADS, movesOf, type MaterialEventType } from './material-payloads.ts';
import { SHARES_MAX } from './move.ts';
import { MATERIAL_EXAMPLES } from './test-material.ts';

const types = Object.keys(MATERIAL_PAYLOADS) as MaterialEventType[];

describe('events about material', () => {
  it.each(types)('%s: an example is right, and nothing more or less than it', (type) => {
    const payload: Readonly<Record<string, unknown>> = MATERIAL_EXAMPLES[type];
    expect(payloadFault(type, payload)).toBeNull();
    expect(knownEvent({ type, payload })).toStrictEqual({ type, payload });
    expect(payloadFault(type, { ...payload, operator: 'Jeanne' })).toMatch(new RegExp(`^${type}`, 'u'));
    for (const member of Object.keys(payload)) {
      const { [member]: _left, ...rest } = payload;
      expect([member, payloadFault(type, rest)]).not.toContain(null);
    }
  });

  it('has no member that could hold who did it', () => {
    const said = JSON.stringify(MATERIAL_PAYLOADS);
    expect(said).not.toMatch(/"(?:operator|worker|login|badge|person|user|actor)\w*":/iu);
  });

  it('moves whole grams between accounts that there can be', () => {
    const moved = MATERIAL_EXAMPLES['output.weighed'];
    for (const from of ['bin:tri-1', 'bin:a/b/c', 'table:1', 'lot:', 'lot:a b', 'output:B1/2', 'LOT:1', '']) {
      const moves = [{ from, to: 'output:B1', shares: [{ lot: 'L1', grams: 1 }] }];
      expect([from, payloadFault('output.weighed', { ...moved, moves })]).not.toContain(null);
    }
    for (const grams of [0, -1, 1.5, 2_000_000_000]) {
      const moves = [{ from: 'lot:L1', to: 'output:B1', shares: [{ lot: 'L1', grams }] }];
      expect([grams, payloadFault('output.weighed', { ...moved, moves })]).not.toContain(null);
    }
  });

  it('fits into the ledger with as many source lots as one movement tells apart', () => {
    const shares = Array.from({ length: SHARES_MAX }, (_, index) => ({
      lot: `L${1_000_000 + index}`,
      grams: 1_000_000 + index,
    }));
    const moves = [{ from: 'bin:tri-1/wipers', to: 'output:B1', shares }];
    const payload = { ...MATERIAL_EXAMPLES['output.weighed'], moves };
    expect(payloadFault('output.weighed', payload)).toBeNull();
    expect(Buffer.byteLength(canonicalJson(payload))).toBeLessThan(PAYLOAD_BYTES_MAX);
  });

  it('says what it moves', () => {
    expect(movesOf({ type: 'lot.split', payload: MATERIAL_EXAMPLES['lot.split'] })).toHaveLength(1);
    expect(movesOf({ type: 'note.written', payload: MATERIAL_EXAMPLES['note.written'] })).toEqual([]);
    expect([isMaterialType('lot.split'), isMaterialType('edge.started')]).toEqual([true, false]);
  });
});

describe('accounts', () => {
  it('are of a kind and have a name', () => {
    const bin = binAccount('tri-1', 'wipers');
    expect([accountKind(bin), accountName(bin), isHeld(bin)]).toEqual(['bin', 'tri-1/wipers', true]);
    expect([accountKind('client:x'), isHeld('client:x'), isHeld('difference:tri-1')]).toEqual([
      'client',
      false,
      false,
    ]);
    expect(() => accountKind('table:1')).toThrow('table:1');
  });
});
