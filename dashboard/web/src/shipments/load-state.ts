/** What the loading of a truck says after each scan. Pure: the screen sends and shows. */
import type { ShipmentLoadBody } from '@trame/protocol/material/shipment-acts';
import type { Sending } from '../material/act-sending.svelte.ts';

export type LoadVerdict =
  /** Nothing is on its way. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'loaded'; readonly warnings: readonly string[] }
  /** Its weight is not that of the book: a person looks, and may say yes. */
  | { readonly kind: 'differs'; readonly params: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused' }
  | { readonly kind: 'not-kept' };

export function loadVerdict(state: Sending): LoadVerdict {
  switch (state.kind) {
    case 'idle':
    case 'gone':
      return { kind: 'ready' };
    case 'not-kept':
      return { kind: 'not-kept' };
    case 'waiting':
      return { kind: 'sending' };
    case 'recorded':
      return { kind: 'loaded', warnings: state.answer.warnings };
    case 'refused':
      return state.refusal.code === 'weight-differs'
        ? { kind: 'differs', params: state.refusal.params }
        : { kind: 'refused' };
  }
}

/** @param checkGrams gross on the scale at the truck; null: not weighed. */
export function loadBody(
  code: string,
  checkGrams: number | null,
  accept: boolean,
): Omit<ShipmentLoadBody, 'occurredAt'> {
  return {
    code,
    ...(checkGrams === null ? {} : { weight: { how: 'typed' as const, grossGrams: checkGrams } }),
    ...(accept ? { accept: true } : {}),
  };
}
