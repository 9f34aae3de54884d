/** What the session machine asks its shell to do. Effects are performed in order. */
import type { Sample } from '../domain/tag-state.ts';

export type SessionEffect =
  /** Keep the number on disk if it takes it, then connect with a will that carries the number. */
  | { readonly kind: 'connect'; readonly bdSeq: number }
  | { readonly kind: 'retry-later'; readonly attempt: number }
  | { readonly kind: 'rebirth-later'; readonly delayMs: number }
  | { readonly kind: 'nbirth'; readonly seq: number; readonly bdSeq: number }
  | { readonly kind: 'dbirth'; readonly seq: number; readonly device: string }
  | { readonly kind: 'ddeath'; readonly seq: number; readonly device: string }
  | {
      readonly kind: 'ddata';
      readonly seq: number;
      readonly device: string;
      readonly samples: readonly Sample[];
      readonly historical: boolean;
    }
  | { readonly kind: 'ndeath'; readonly bdSeq: number }
  /** End the connection: with a DISCONNECT packet, or without, so that the broker sends the will. */
  | { readonly kind: 'disconnect'; readonly packet: boolean }
  /** Samples that cannot be sent now. */
  | {
      readonly kind: 'unsent';
      readonly device: string;
      readonly samples: readonly Sample[];
      readonly historical: boolean;
    };
