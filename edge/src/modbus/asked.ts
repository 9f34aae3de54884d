/** What a poller asks its unit, and why. */
import type { ReadRequest } from './plan-reads.ts';

export type Asked =
  /** The next request of a group's round. */
  | { readonly kind: 'round'; readonly group: number; readonly request: ReadRequest }
  /** A request that the device is silent on, to see whether it still is. */
  | { readonly kind: 'attempt'; readonly group: number; readonly request: ReadRequest }
  /** Whatever may be answered, to see whether the device is there. */
  | { readonly kind: 'sign'; readonly request: ReadRequest };
