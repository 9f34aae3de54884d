import { ReasonBody } from '@trame/protocol/material/act-parts';
import { BaleBody, BaleLabelBody, BaleWeighBody } from '@trame/protocol/material/bale-acts';
import { describe, expect, it } from 'vitest';
import { Compile } from 'typebox/compile';
import type { Answered, Entry } from '../outbox/entry.ts';
import { bindDraft, logDraft, voidDraft, type KioskPlace } from './bale-acts.ts';
import type { KioskEffect } from './kiosk-state.ts';
import { lastBale } from './last-bale.ts';

const AT = 1_790_000_000_000;
const PLACE: KioskPlace = { press: 'presse-1', line: 'tri-1', scale: 'bale-scale', shared: false };
const LOG: KioskEffect = {
  type: 'log',
  choice: { kind: 'outlet', outlet: 'creme' },
  weight: { how: 'live', grams: 248_000 },
  unusual: false,
};
const isBale = Compile(BaleBody);

describe('what the kiosk asks of the server', () => {
  it('claims the weighing of the scale when it shows the same weight', () => {
    const draft = logDraft(LOG, PLACE, { weighing: 'a'.repeat(32), grams: 248_000 }, AT);
    expect(isBale.Check(draft.body)).toBe(true);
    expect(draft.body).toMatchObject({ stage: 'done', weight: { how: 'scale', weighing: 'a'.repeat(32) } });
  });

  it('tells the figure when no weighing is known, or another one', () => {
    for (const claim of [null, { weighing: 'a'.repeat(32), grams: 247_500 }]) {
      const draft = logDraft(LOG, PLACE, claim, AT);
      expect(isBale.Check(draft.body)).toBe(true);
      expect(draft.body).toMatchObject({
        weight: { how: 'typed', scale: 'bale-scale', grossGrams: 248_000 },
      });
    }
  });

  it('names the bale of the press that is meant, and none else', () => {
    const choice = { kind: 'outlet', outlet: 'creme', proposal: 'b'.repeat(32) } as const;
    const draft = logDraft({ ...LOG, choice }, PLACE, null, AT);
    expect(isBale.Check(draft.body)).toBe(true);
    expect(draft.body).toMatchObject({ outlet: 'creme', proposal: 'b'.repeat(32) });
    expect(logDraft(LOG, PLACE, null, AT).body).not.toHaveProperty('proposal');
  });

  it('has no weight where there is none, and says how the bale waits', () => {
    const counted = logDraft({ ...LOG, weight: null }, PLACE, null, AT);
    expect(isBale.Check(counted.body)).toBe(true);
    expect(counted.body).toMatchObject({ stage: 'to-weigh' });
    expect(counted.body).not.toHaveProperty('weight');
    const shared = logDraft({ ...LOG, weight: null }, { ...PLACE, shared: true }, null, AT);
    expect(shared.body).toMatchObject({ stage: 'pressed' });
  });

  it('weighs a bale that waits, and does not make another', () => {
    const choice = { kind: 'bale', id: 'B7', number: 7, outlet: 'creme' } as const;
    const draft = logDraft({ ...LOG, choice, unusual: true }, PLACE, null, AT);
    expect(draft.path).toBe('/api/v1/bales/B7/weigh');
    expect(Compile(BaleWeighBody).Check(draft.body)).toBe(true);
    expect(draft.body).toMatchObject({ unusual: true });
  });

  it('annuls and binds the last bale, whether it has been answered or not', () => {
    const waiting = { key: 'k1', outlet: 'creme', grossGrams: 1, occurredAt: AT, bale: null };
    expect(voidDraft(waiting, 'x', AT)).toMatchObject({ path: '/api/v1/bales/{id}/void', after: 'k1' });
    const known = { ...waiting, bale: { id: 'B7', number: 7 } };
    expect(voidDraft(known, 'x', AT)).toMatchObject({ path: '/api/v1/bales/B7/void', after: null });
    expect(Compile(ReasonBody).Check(voidDraft(known, 'x', AT).body)).toBe(true);
    const bound = bindDraft(known, '376130321109103420', AT);
    expect(bound.path).toBe('/api/v1/bales/B7/label');
    expect(Compile(BaleLabelBody).Check(bound.body)).toBe(true);
  });
});

const about = (press: string) =>
  ({ kind: 'bale', press, outlet: 'creme', grossGrams: 248_000, number: null }) as const;

const entry = (order: number, more: Partial<Entry> = {}): Entry => ({
  ...logDraft(LOG, PLACE, null, AT),
  about: about('presse-1'),
  key: `k${order}`,
  order,
  refusal: null,
  ...more,
});
const answered = (order: number, more: Partial<Answered> = {}): Answered => ({
  key: `k${order}`,
  order,
  about: about('presse-1'),
  occurredAt: AT,
  answer: { id: `B${order}`, number: order, events: [], warnings: [], replayed: false },
  ...more,
});

describe('the last bale', () => {
  it('is the latest of this press, sent or not', () => {
    expect(lastBale([], [], 'presse-1')).toBeNull();
    expect(lastBale([], [answered(1), answered(2)], 'presse-1')?.bale?.number).toBe(2);
    expect(lastBale([entry(3)], [answered(1)], 'presse-1')).toMatchObject({ key: 'k3', bale: null });
    expect(lastBale([], [answered(1), answered(2, { about: about('presse-2') })], 'presse-1')?.key).toBe(
      'k1',
    );
  });

  it('is not one that was refused or annulled, even before the server knows', () => {
    const refusal = { status: 409, code: 'x', params: {} };
    expect(lastBale([entry(3, { refusal })], [answered(1)], 'presse-1')?.key).toBe('k1');
    const annul = entry(4, { about: { kind: 'void', of: 'k2', number: 2 } });
    expect(lastBale([annul], [answered(1), answered(2)], 'presse-1')?.key).toBe('k1');
  });
});
