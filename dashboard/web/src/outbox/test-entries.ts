/** Acts for tests. */
import type { EntryDraft } from './entry.ts';

export function baleDraft(more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    path: '/api/v1/bales',
    after: null,
    body: { occurredAt: 1_700_000_000_000, outlet: 'creme' },
    files: [],
    about: { kind: 'bale', press: 'p1', outlet: 'creme', grossGrams: 248_000, number: null },
    ...more,
  };
}

/** Of a bale that an earlier act made. */
export function voidDraft(of: string): EntryDraft {
  return baleDraft({
    path: '/api/v1/bales/{id}/void',
    after: of,
    body: { occurredAt: 1_700_000_000_001 },
    about: { kind: 'void', of, number: null },
  });
}
