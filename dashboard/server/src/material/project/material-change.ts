/** What the events of a line's ledger say about material, in their order. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { EdgeStarted, ScaleVerified } from '@trame/protocol/ledger-payloads';
import type { MaterialEvent } from '@trame/protocol/material/material-payloads';
import type { Counted } from './attribute-counts.ts';

export type MaterialChange = { readonly event: LedgerEvent } & (
  | { readonly kind: 'material'; readonly said: MaterialEvent }
  /** `at`: end of the period, by the best clock known, ms since 1970 UTC. */
  | { readonly kind: 'counted'; readonly at: number; readonly counted: Counted }
  | { readonly kind: 'edge-started'; readonly said: EdgeStarted }
  | { readonly kind: 'scale-verified'; readonly said: ScaleVerified }
);
