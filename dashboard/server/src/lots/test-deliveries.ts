/** Deliveries for tests: who brings them, in what, and how they are said. */
import type { LotBody } from '@trame/protocol/material/lot-acts';
import { declareContainer } from '../containers/declare-container.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import { receiveLot } from './receive-lot.ts';

/** A delivery of nobody in particular, whose weight comes later. */
export function delivery(changes: Partial<LotBody> = {}): LotBody {
  return {
    collector: 'emmaus',
    skimming: 'original',
    legalStatus: 'waste',
    condition: 'dry',
    family: 'mixed-tlc',
    loads: [],
    ...changes,
  };
}

/** Weighed on a weighbridge, so that no scale's record is looked for. */
export function loose(netGrams: number): LotBody['loads'][number] {
  return { weight: { how: 'weighbridge', netGrams } };
}

export function inside(container: string, grossGrams: number): LotBody['loads'][number] {
  return { container, weight: { how: 'weighbridge', grossGrams } };
}

/** Two collectors, a client, a transporter; cages of 22 kg. */
export async function declareNeighbours(site: MaterialSite): Promise<void> {
  await site.act(declarePartner, {
    partner: 'emmaus',
    role: 'collector',
    name: 'Emmaüs',
    accredited: true,
    points: [
      { point: 'P1', name: 'Mairie', insee: '76217' },
      { point: 'P2', name: 'École', insee: '76351' },
      { point: 'P3', name: 'Stade' },
    ],
    communes: [
      { insee: '76217', name: 'Dieppe', permille: 600 },
      { insee: '76351', name: 'Le Havre', permille: 400 },
    ],
  });
  await site.act(declarePartner, { partner: 'relais', role: 'collector', name: 'Le Relais' });
  await site.act(declarePartner, { partner: 'frip-nord', role: 'client', name: 'Frip Nord' });
  await site.act(declarePartner, { partner: 'trans-76', role: 'transporter', name: 'Trans 76' });
  for (const container of ['C-1', 'C-2', 'C-3']) {
    await site.act(declareContainer, { container, kind: 'cage', tareGrams: 22_000 });
  }
}

/** @returns the id of a lot that was received. */
export async function received(site: MaterialSite, changes: Partial<LotBody> = {}): Promise<string> {
  return (await site.act(receiveLot, delivery(changes))).id;
}
