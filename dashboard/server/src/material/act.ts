/** One kind of act about material: where it is asked for, what of it is checked, who decides, and who may ask. */
import type { Role } from '@trame/protocol/dashboard-api';
import type { Static, TObject } from 'typebox';
import type { ActDecision } from './act-order.ts';
import type { ActContext } from './decision.ts';

/** Whoever stands at the gate, the line or the press. */
export const HANDS: readonly Role[] = ['operator', 'supervisor', 'administrator'];
/** Whoever answers for the shift. */
export const LEADS: readonly Role[] = ['supervisor', 'administrator'];

/** What every body may hold; what more, its own schema says. */
export interface ActBody {
  /** When it happened, ms since 1970 UTC; left out: now. */
  readonly occurredAt?: number;
}

interface ActWords {
  /** Below `/api/v1`; at most one `:name`, which is the target. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly roles: readonly Role[];
  /** 201: it makes something. */
  readonly status: 200 | 201;
}

export interface Act extends ActWords {
  readonly body: TObject;
  /** @param target what its address names; empty: nothing. */
  readonly decide: (context: ActContext, body: ActBody, target: string) => Promise<ActDecision>;
}

/** Acts of one tag. @param decide takes what `body` describes: it is checked before. */
export function actsOf(tag: string) {
  return <T extends TObject>(
    [status, path, roles]: readonly [status: 200 | 201, path: string, roles: readonly Role[]],
    operationId: string,
    summary: string,
    body: T,
    decide: (context: ActContext, body: Static<T>, target: string) => Promise<ActDecision>,
  ): Act => ({
    path,
    operationId,
    summary,
    tag,
    roles,
    status,
    body,
    decide: (context, checked, target) => decide(context, checked as Static<T>, target),
  });
}
