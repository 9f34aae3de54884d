/** Acts about who brings material, what it comes in, and what becomes of it until it goes on a line. */
import * as parts from '@trame/protocol/material/act-parts';
import * as lotActs from '@trame/protocol/material/lot-acts';
import { declareContainer } from '../containers/declare-container.ts';
import { emptyContainer, emptyLot } from '../containers/empty-place.ts';
import { placeContainer } from '../containers/place-container.ts';
import { amendLot } from '../lots/amend-lot.ts';
import { attributeLot } from '../lots/attribute-lot.ts';
import { dryLot } from '../lots/dry-lot.ts';
import { mergeLots } from '../lots/merge-lots.ts';
import { placeLot } from '../lots/place-lot.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { refuseLot } from '../lots/refuse-lot.ts';
import { returnLot } from '../lots/return-lot.ts';
import { splitLot } from '../lots/split-lot.ts';
import { voidLot } from '../lots/void-lot.ts';
import { weighLot } from '../lots/weigh-lot.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import { actsOf, HANDS, LEADS, type Act } from './act.ts';

const partner = actsOf('partners');
const container = actsOf('containers');
const lot = actsOf('lots');

export const LOT_ACTS: readonly Act[] = [
  partner(
    [201, '/partners', LEADS],
    'declarePartner',
    'Declare a partner, or change it',
    lotActs.PartnerBody,
    declarePartner,
  ),
  container(
    [201, '/containers', HANDS],
    'declareContainer',
    'Declare a container with its tare, or change it',
    lotActs.ContainerBody,
    declareContainer,
  ),
  container(
    [200, '/containers/:id/place', HANDS],
    'placeContainer',
    'Put a container into a zone',
    parts.PlaceBody,
    placeContainer,
  ),
  container(
    [200, '/containers/:id/empty', LEADS],
    'emptyContainer',
    'Say that a container is empty: what the book has in it is the difference',
    lotActs.EmptyBody,
    emptyContainer,
  ),
  lot(
    [200, '/lots/:id/empty', LEADS],
    'emptyLot',
    'Say that nothing of a lot lies loose any more: what the book has is the difference',
    lotActs.EmptyBody,
    emptyLot,
  ),
  lot([201, '/lots', HANDS], 'receiveLot', 'Receive a delivery', lotActs.LotBody, receiveLot),
  lot([200, '/lots/:id/place', HANDS], 'placeLot', 'Put a loose lot into a zone', parts.PlaceBody, placeLot),
  lot(
    [200, '/lots/:id/weigh', HANDS],
    'weighLot',
    'Give a lot the weight that comes late, or correct it',
    lotActs.LotWeighBody,
    weighLot,
  ),
  lot([200, '/lots/:id/dry', HANDS], 'dryLot', 'Weigh a lot again after drying', lotActs.LotDryBody, dryLot),
  lot(
    [200, '/lots/:id/refuse', HANDS],
    'refuseLot',
    'Refuse a lot, or part of it',
    lotActs.LotRefuseBody,
    refuseLot,
  ),
  lot([200, '/lots/:id/return', HANDS], 'returnLot', 'Give a lot back', lotActs.LotReturnBody, returnLot),
  lot(
    [200, '/lots/:id/attribute', HANDS],
    'attributeLot',
    'Say later whose a lot was',
    lotActs.LotAttributeBody,
    attributeLot,
  ),
  lot(
    [200, '/lots/:id/void', LEADS],
    'voidLot',
    'A delivery was entered twice: nothing of it was used',
    parts.ReasonBody,
    voidLot,
  ),
  lot(
    [200, '/lots/:id/amend', HANDS],
    'amendLot',
    'Set right what was said of a lot',
    lotActs.LotAmendBody,
    amendLot,
  ),
  lot([201, '/lots/:id/split', HANDS], 'splitLot', 'Split a lot', lotActs.LotSplitBody, splitLot),
  lot([201, '/lots/merge', HANDS], 'mergeLots', 'Merge lots into one', lotActs.LotMergeBody, mergeLots),
];
