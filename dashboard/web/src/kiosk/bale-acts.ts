/** The acts of the bale kiosk as they go into the outbox. */
import type { ReasonBody, WeightBody } from '@trame/protocol/material/act-parts';
import type { BaleBody, BaleLabelBody, BaleWeighBody } from '@trame/protocol/material/bale-acts';
import type { EntryDraft } from '../outbox/entry.ts';
import type { KioskEffect } from './kiosk-state.ts';
import type { LastBale } from './last-bale.ts';

export interface KioskPlace {
  readonly press: string | null;
  readonly line: string | undefined;
  readonly scale: string | null;
  /** Several presses share the scale: what has no weight yet waits for its turn on it. */
  readonly shared: boolean;
}

/** A weighing of the scale that nothing claims yet, with the gross weight that the indicator showed. */
export interface Claim {
  readonly weighing: string;
  readonly grams: number;
}

/** What somebody logged with two touches: a new bale, or the weight of one that waits. */
export function logDraft(
  { choice, weight, unusual }: KioskEffect,
  place: KioskPlace,
  claim: Claim | null,
  occurredAt: number,
): EntryDraft {
  const grossGrams = weight?.grams ?? null;
  const told = weight === null ? null : weightBody(weight, place.scale, claim);
  if (choice.kind === 'bale' && told !== null) {
    const body: BaleWeighBody = { occurredAt, weight: told, ...(unusual ? { unusual } : {}) };
    return {
      path: `/api/v1/bales/${encodeURIComponent(choice.id)}/weigh`,
      after: null,
      body: { ...body, occurredAt },
      files: [],
      about: { kind: 'bale', press: place.press, outlet: choice.outlet, grossGrams, number: choice.number },
    };
  }
  const body: BaleBody = {
    occurredAt,
    outlet: choice.outlet,
    press: place.press,
    ...(place.line === undefined ? {} : { line: place.line }),
    stage: told !== null ? 'done' : place.shared ? 'pressed' : 'to-weigh',
    ...(told === null ? {} : { weight: told }),
    ...(unusual ? { unusual } : {}),
    ...(choice.kind === 'outlet' && choice.proposal !== undefined ? { proposal: choice.proposal } : {}),
  };
  return {
    path: '/api/v1/bales',
    after: null,
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'bale', press: place.press, outlet: choice.outlet, grossGrams, number: null },
  };
}

/**
 * The scale's own record is claimed by its event where it is known; else the figure is told, and the server finds the
 * weighing that fits it.
 */
function weightBody(
  weight: NonNullable<KioskEffect['weight']>,
  scale: string | null,
  claim: Claim | null,
): WeightBody {
  if (weight.how === 'live' && claim?.grams === weight.grams)
    return { how: 'scale', weighing: claim.weighing };
  return { how: 'typed', scale, grossGrams: weight.grams };
}

/** Annuls a bale: an event of its own, whether or not the bale has been answered by now. */
export function voidDraft(last: LastBale, reason: string, occurredAt: number): EntryDraft {
  const body: ReasonBody = { occurredAt, reason };
  return {
    ...below(last, 'void'),
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'void', of: last.key, number: last.bale?.number ?? null },
  };
}

/** Binds the code of a pre-printed label to a bale. */
export function bindDraft(last: LastBale, code: string, occurredAt: number): EntryDraft {
  const body: BaleLabelBody = { occurredAt, code };
  return {
    ...below(last, 'label'),
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'label', of: last.key, number: last.bale?.number ?? null },
  };
}

function below(last: LastBale, act: string): Pick<EntryDraft, 'path' | 'after'> {
  if (last.bale === null) return { path: `/api/v1/bales/{id}/${act}`, after: last.key };
  return { path: `/api/v1/bales/${encodeURIComponent(last.bale.id)}/${act}`, after: null };
}
