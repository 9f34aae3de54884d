import { LotBody, LotRefuseBody } from '@trame/protocol/material/lot-acts';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { ScaleReading } from '../kiosk/scale-reading.ts';
import { byFrequency } from './frequent.ts';
import { lotDraft, refuseDraft } from './reception-acts.ts';
import { NEW_DELIVERY, nextReception, type ReceptionEvent, type ReceptionState } from './reception-state.ts';

const AT = 1_790_000_000_000;
const CAGE = { container: 'cage-7', tareGrams: 38_000 };
const isLot = Compile(LotBody);

const scale = (reading: ScaleReading, nowMs = 0): ReceptionEvent => ({ type: 'scale', reading, nowMs });
const stable = (grams: number): ReceptionEvent => scale({ kind: 'value', grams, stable: true });
const UNLINKED = scale({ kind: 'unlinked', why: 'no-link' });
const WHO: ReceptionEvent = { type: 'collector', collector: 'emmaus' };
const VESSEL: ReceptionEvent = { type: 'vessel', vessel: CAGE };
const WEIGH: ReceptionEvent = { type: 'weigh', nowMs: 0, weighing: null };
const RECEIVE: ReceptionEvent = { type: 'receive' };

function keys(text: string): ReceptionEvent[] {
  return text.split('').map((key) => ({ type: 'key', key: key as '1' }) as const);
}

function play(...events: readonly ReceptionEvent[]): { state: ReceptionState; received: boolean } {
  let state = NEW_DELIVERY;
  let received = false;
  for (const event of events) {
    const step = nextReception(state, event);
    state = step.state;
    received ||= step.receive;
  }
  return { state, received };
}

/** What a hand did: the scale speaks by itself. */
function touches(events: readonly ReceptionEvent[]): number {
  return events.filter(({ type }) => type !== 'scale').length;
}

describe('a known collector with one container', () => {
  it('is received in four touches with a linked scale', () => {
    const events = [stable(248_000), WHO, VESSEL, WEIGH, RECEIVE];
    const { state, received } = play(...events);
    expect(received).toBe(true);
    expect(touches(events)).toBe(4);
    const { body } = lotDraft(state, 'bascule', AT);
    expect(isLot.Check(body)).toBe(true);
    expect(body).toEqual({
      occurredAt: AT,
      collector: 'emmaus',
      skimming: 'original',
      legalStatus: 'waste',
      condition: 'dry',
      family: 'mixed-tlc',
      loads: [{ container: 'cage-7', weight: { how: 'typed', scale: 'bascule', grossGrams: 248_000 } }],
    });
  });

  it('is received in at most eight touches with a typed weight', () => {
    const events = [UNLINKED, WHO, VESSEL, ...keys('248'), WEIGH, RECEIVE];
    expect(play(...events).received).toBe(true);
    expect(touches(events)).toBeLessThanOrEqual(8);
  });

  it('claims the weighing of the scale when it is known', () => {
    const { state } = play(stable(248_000), WHO, VESSEL, {
      ...WEIGH,
      weighing: 'a'.repeat(32),
    });
    const { body } = lotDraft(state, 'bascule', AT);
    expect(isLot.Check(body)).toBe(true);
    expect(body['loads']).toEqual([
      { container: 'cage-7', weight: { how: 'scale', weighing: 'a'.repeat(32) } },
    ]);
  });
});

const refusing = (value: ReceptionState['details']['refusing']): ReceptionEvent => ({
  type: 'details',
  details: { refusing: value },
});

const one = (id: string, retired = false) => ({ id, name: id.toUpperCase(), retired, points: [] });

describe('what is missing or wrong is said', () => {
  it.each([
    [[stable(248_000), RECEIVE], 'choose-collector'],
    [[stable(248_000), WHO, RECEIVE], 'need-load'],
    [[stable(248_000), WHO, WEIGH], 'choose-container'],
    [[stable(0), WHO, VESSEL, WEIGH], 'empty'],
    [[scale({ kind: 'value', grams: 248_000, stable: false }), WHO, VESSEL, WEIGH], 'moving'],
    [[stable(38_000), WHO, VESSEL, WEIGH], 'tare-above'],
    [[UNLINKED, WHO, VESSEL, WEIGH], 'type-weight'],
    [[stable(248_000), WHO, VESSEL, WEIGH, VESSEL], 'container-twice'],
    [
      [
        stable(248_000),
        WHO,
        VESSEL,
        WEIGH,
        { type: 'vessel', vessel: { container: 'b', tareGrams: 0 } },
        WEIGH,
      ],
      'spent',
    ],
  ] as const)('%#: %s', (events, hint) => {
    const { state, received } = play(...events);
    expect(state.hint).toBe(hint);
    expect(received).toBe(false);
  });

  it('a refusal needs its reason, and of a part its weight', () => {
    const before = [stable(248_000), WHO, VESSEL, WEIGH];
    expect(play(...before, refusing({ how: 'all', reason: null }), RECEIVE).state.hint).toBe('need-reason');
    const part = play(...before, refusing({ how: 'part', reason: 'wet', text: '' }), RECEIVE);
    expect(part.state).toMatchObject({ hint: 'need-refused-weight', step: 'details' });
    const whole = play(...before, refusing({ how: 'part', reason: 'wet', text: '12,5' }), RECEIVE);
    expect(whole.received).toBe(true);
    const draft = refuseDraft(whole.state, 'key-1', AT);
    expect(draft).toMatchObject({ path: '/api/v1/lots/{id}/refuse', after: 'key-1' });
    expect(Compile(LotRefuseBody).Check(draft?.body)).toBe(true);
    expect(draft?.body).toMatchObject({ reason: 'wet', grams: 12_500 });
    expect(refuseDraft(play(...before).state, 'key-1', AT)).toBeNull();
  });
});

it('an unknown origin is received as such, loose, with its weight to come', () => {
  const { state, received } = play({ type: 'collector', collector: null }, { type: 'later' }, RECEIVE);
  expect(received).toBe(true);
  const { body } = lotDraft(state, null, AT);
  expect(isLot.Check(body)).toBe(true);
  expect(body).toMatchObject({ collector: null, loads: [] });
});

it('several containers, points and vehicle are one lot', () => {
  const second = { type: 'vessel', vessel: { container: null, tareGrams: 0 } } as const;
  const { state } = play(stable(248_000), WHO, VESSEL, WEIGH, stable(0), stable(90_000), second, WEIGH, {
    type: 'details',
    details: { points: { 'p-1': 75, 'p-2': null }, vehicle: ' AB-123-CD ', condition: 'wet' },
  });
  const { body, about } = lotDraft(state, 'bascule', AT);
  expect(isLot.Check(body)).toBe(true);
  expect(body).toMatchObject({
    vehicle: 'AB-123-CD',
    condition: 'wet',
    points: [
      { point: 'p-1', fillPercent: 75 },
      { point: 'p-2', fillPercent: null },
    ],
  });
  expect(body['loads']).toHaveLength(2);
  expect(about).toEqual({ kind: 'lot', collector: 'emmaus', grossGrams: 300_000 });
  const fresh = nextReception(state, { type: 'next' }).state;
  expect(fresh).toMatchObject({ loads: [], collector: undefined, step: 'who', spent: 90_000 });
});

it('who comes most often stands first, who does not come any more not at all', () => {
  const lots = ['b', 'b', 'c', null].map((collector, index) => ({ id: String(index), at: index, collector }));
  const order = byFrequency([one('a'), one('z', true), one('c'), one('b')], lots);
  expect(order.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});
