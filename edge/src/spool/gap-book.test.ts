import { GAP_REASONS } from '@trame/protocol/ledger-names';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_GAP_BOOK,
  GAP_GATHER_MS,
  GAP_RETELL_MS,
  gapPayload,
  mergeGaps,
  noteLoss,
  settleGaps,
  tellGaps,
  type Loss,
  type ToldGap,
} from './gap-book.ts';

function loss(
  fromMs: number,
  toMs: number,
  samples: number | null,
  reason: Loss['reason'] = 'spool-full',
): Loss {
  return { fromMs, toMs, samples, reason };
}

function keys(): () => string {
  let count = 0;
  return () => `key-${(count += 1)}`;
}

describe('losses', () => {
  it('of one reason gather into one gap, and are told when they have gathered', () => {
    let book = noteLoss(EMPTY_GAP_BOOK, loss(10, 20, 5), 100);
    book = noteLoss(book, loss(21, 30, 7), 500);
    book = noteLoss(book, loss(40, 50, 1, 'too-old'), 600);
    expect(tellGaps(book, 99, keys()).due).toEqual([]);
    const { due } = tellGaps(book, 100, keys());
    expect(due).toEqual([{ ...loss(10, 30, 12), key: 'key-1', toldAtMs: 100 }]);
  });

  it('that nobody can count make a gap that nobody can count', () => {
    const book = noteLoss(noteLoss(EMPTY_GAP_BOOK, loss(1, 2, 3), 0), loss(2, 3, null), 0);
    expect(book.open.get('spool-full')?.samples).toBeNull();
  });

  it('that were told are told again, unchanged, until they are recorded; the next ones wait meanwhile', () => {
    const newKey = keys();
    let { book } = tellGaps(noteLoss(EMPTY_GAP_BOOK, loss(1, 2, 3), 0), 0, newKey);
    book = noteLoss(book, loss(3, 4, 5), 0);
    expect(tellGaps(book, GAP_RETELL_MS - 1, newKey).due).toEqual([]);
    const again = tellGaps(book, GAP_RETELL_MS, newKey);
    expect(again.due).toEqual([{ ...loss(1, 2, 3), key: 'key-1', toldAtMs: GAP_RETELL_MS }]);
    const settled = settleGaps(again.book, (key) => key === 'key-1');
    expect(tellGaps(settled, GAP_RETELL_MS, newKey).due).toMatchObject([{ ...loss(3, 4, 5), key: 'key-2' }]);
  });

  it('of two books are all in one, and what a ledger may already have stays as it was told', () => {
    const told = tellGaps(noteLoss(EMPTY_GAP_BOOK, loss(1, 2, 3), 0), 0, () => 'a').book;
    const other = tellGaps(noteLoss(EMPTY_GAP_BOOK, loss(5, 6, 7), 0), 0, () => 'b').book;
    const merged = mergeGaps(told, noteLoss(other, loss(8, 9, 1), 0));
    expect(merged.told.get('spool-full')).toMatchObject({ ...loss(1, 2, 3), key: 'a' });
    expect(merged.open.get('spool-full')).toMatchObject(loss(5, 9, 8));
    expect(mergeGaps(EMPTY_GAP_BOOK, other).told.get('spool-full')?.key).toBe('b');
  });

  it('before any event may be dated are dated as early as may be', () => {
    const earliest = Date.UTC(2020, 0, 1);
    const payload = gapPayload(loss(5000.7, 9000.2, 1), earliest);
    expect(payload).toEqual({ from: earliest, to: earliest, samples: 1, reason: 'spool-full' });
    expect(payloadFault('telemetry.gap', payload)).toBeNull();
  });

  it('are told whole and once each, at most one of a reason at a time, however they come', () => {
    const step = fc.record({
      passMs: fc.integer({ min: 0, max: 2 * GAP_GATHER_MS }),
      samples: fc.integer({ min: 0, max: 1000 }),
      reason: fc.constantFrom(...GAP_REASONS),
      records: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const recorded = new Map<string, ToldGap>();
        const newKey = keys();
        let book = EMPTY_GAP_BOOK;
        let atMs = 0;
        const turn = (records: boolean): void => {
          book = settleGaps(book, (key) => recorded.has(key));
          const told = tellGaps(book, atMs, newKey);
          book = told.book;
          expect(new Set(told.due.map(({ reason }) => reason)).size).toBe(told.due.length);
          for (const gap of records ? told.due : []) recorded.set(gap.key, recorded.get(gap.key) ?? gap);
        };
        for (const { passMs, samples, reason, records } of steps) {
          atMs += passMs;
          book = noteLoss(book, loss(atMs, atMs, samples, reason), atMs + GAP_GATHER_MS);
          turn(records);
        }
        for (let index = 0; index < 4; index += 1) {
          atMs += GAP_RETELL_MS;
          turn(true);
        }
        const total = [...recorded.values()].reduce((sum, { samples }) => sum + (samples ?? 0), 0);
        expect(total).toBe(steps.reduce((sum, { samples }) => sum + samples, 0));
      }),
    );
  });
});
