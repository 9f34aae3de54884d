/** All acts about material: where they are asked for, what of them is checked, who decides, and who may ask. */
import * as bodies from '@trame/protocol/material/act-bodies';
import type { Role } from '@trame/protocol/dashboard-api';
import type { Static, TObject } from 'typebox';
import { declareContainer } from '../containers/declare-container.ts';
import { placeContainer } from '../containers/place-container.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import type { ActDecision } from './act-order.ts';
import type { ActContext } from './decision.ts';

/** Whoever stands at the line, the press or the gate. */
const HANDS: readonly Role[] = ['operator', 'supervisor', 'administrator'];
const LEADS: readonly Role[] = ['supervisor', 'administrator'];

/** Any act's body; what more it holds, its own schema says. */
interface AnyBody {
  readonly occurredAt?: number;
}

export interface Act {
  /** Below `/api/v1`; at most one `:name`, which is the target. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly body: TObject;
  readonly roles: readonly Role[];
  /** 201: it makes something. */
  readonly status: 200 | 201;
  /** @param target what its address names; empty: nothing. */
  readonly decide: (context: ActContext, body: AnyBody, target: string) => Promise<ActDecision>;
}

type Words = Pick<Act, 'path' | 'operationId' | 'summary' | 'tag' | 'roles' | 'status'>;

/** The body was checked against the schema of the same row. */
function act<T extends TObject>(
  words: Words,
  body: T,
  decide: (context: ActContext, body: Static<T>, target: string) => Promise<ActDecision>,
): Act {
  return {
    ...words,
    body,
    decide: (context, checked, target) => decide(context, checked as Static<T>, target),
  };
}

export const ACTS: readonly Act[] = [
  act(
    {
      path: '/partners',
      operationId: 'declarePartner',
      summary: 'Declare a partner, or change it',
      tag: 'partners',
      roles: LEADS,
      status: 201,
    },
    bodies.PartnerBody,
    declarePartner,
  ),
  act(
    {
      path: '/containers',
      operationId: 'declareContainer',
      summary: 'Declare a container with its tare, or change it',
      tag: 'containers',
      roles: HANDS,
      status: 201,
    },
    bodies.ContainerBody,
    declareContainer,
  ),
  act(
    {
      path: '/containers/:id/place',
      operationId: 'placeContainer',
      summary: 'Put a container into a zone',
      tag: 'containers',
      roles: HANDS,
      status: 200,
    },
    bodies.PlaceBody,
    placeContainer,
  ),
];
