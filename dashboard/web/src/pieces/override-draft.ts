/** What a person chose about a piece, and whether it can be sent: pure. */
import type { OverrideReason } from '@trame/protocol/classification/item-names';
import type { OverrideBody } from '../api/pieces.ts';

/** As much as the line keeps of it, characters. */
export const NOTE_MAX = 500;

export interface OverrideDraft {
  /** Null: not chosen. */
  to: string | null;
  reason: OverrideReason | null;
  note: string;
}

/** What is missing: `note` where the reason alone says nothing. */
export type OverrideFault = 'outlet' | 'reason' | 'note';

export type ReadOverride =
  | { readonly kind: 'body'; readonly body: OverrideBody }
  | { readonly kind: 'fault'; readonly fault: OverrideFault };

export function overrideBody({ to, reason, note }: OverrideDraft): ReadOverride {
  const words = note.trim();
  if (to === null) return { kind: 'fault', fault: 'outlet' };
  if (reason === null) return { kind: 'fault', fault: 'reason' };
  if (reason === 'other' && words === '') return { kind: 'fault', fault: 'note' };
  return { kind: 'body', body: { to, reason, ...(words === '' ? {} : { note: words }) } };
}
