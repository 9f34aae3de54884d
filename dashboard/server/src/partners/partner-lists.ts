/** Collection points and communes of a partner, as its row keeps them. */
import type { PartnerDeclared } from '@trame/protocol/material/lot-events';
import type { PartnerTable } from '../material/material-tables.ts';
import type { CommunePart } from './communes.ts';

export type CollectionPoint = PartnerDeclared['points'][number];

export function pointsOf(partner: PartnerTable | undefined): readonly CollectionPoint[] {
  return partner === undefined ? [] : (JSON.parse(partner.points) as readonly CollectionPoint[]);
}

export function communesOfPartner(partner: PartnerTable | undefined): readonly CommunePart[] {
  return partner === undefined ? [] : (JSON.parse(partner.communes) as readonly CommunePart[]);
}
