/** Every event about material, by its type. */
import type { Static } from 'typebox';
import {
  AuditVoided,
  CampaignClosed,
  CampaignOpened,
  LineEmptied,
  LineLoaded,
  LineUnloaded,
  MassMoved,
  MonthClosed,
  OutletAudited,
  RestartAnswered,
  ScaleLogged,
  ShiftClosed,
  ShiftOpened,
} from './line-events.ts';
import {
  ContainerDeclared,
  ContainerPlaced,
  DocumentAttached,
  LotAmended,
  LotAttributed,
  LotDried,
  LotPlaced,
  LotReceived,
  LotRefused,
  LotReturned,
  LotSplit,
  LotsMerged,
  LotVoided,
  LotWeighed,
  NoteWritten,
  PartnerDeclared,
} from './lot-events.ts';
import type { Move } from './move.ts';
import {
  OutputDamaged,
  OutputExamined,
  OutputFound,
  OutputLabelled,
  OutputMissing,
  OutputOpened,
  OutputPlaced,
  OutputPressed,
  OutputReclassified,
  OutputRepressed,
  OutputStarted,
  OutputVoided,
  OutputWeighed,
  ShipmentAmended,
  ShipmentCancelled,
  ShipmentDispatched,
  ShipmentLoaded,
  ShipmentOpened,
  ShipmentReceived,
  ShipmentReturned,
  ShipmentUnloaded,
  StockCounted,
  SubcontractFinished,
  SubcontractReturned,
} from './output-events.ts';
import { PROGRAMME_PAYLOADS } from '../sort-programmes/programme-events.ts';
import { STOP_PAYLOADS } from '../stops/stop-events.ts';

/**
 * Beside what moves or names material: what people say of the stops and shifts of a line, and what they do with sort
 * programmes, in the same ledger.
 */
export const MATERIAL_PAYLOADS = {
  ...STOP_PAYLOADS,
  ...PROGRAMME_PAYLOADS,
  'partner.declared': PartnerDeclared,
  'container.declared': ContainerDeclared,
  'container.placed': ContainerPlaced,
  'lot.received': LotReceived,
  'lot.placed': LotPlaced,
  'lot.weighed': LotWeighed,
  'lot.dried': LotDried,
  'lot.refused': LotRefused,
  'lot.returned': LotReturned,
  'lot.attributed': LotAttributed,
  'lot.split': LotSplit,
  'lot.merged': LotsMerged,
  'lot.voided': LotVoided,
  'lot.amended': LotAmended,
  'document.attached': DocumentAttached,
  'note.written': NoteWritten,
  'line.loaded': LineLoaded,
  'line.unloaded': LineUnloaded,
  'line.emptied': LineEmptied,
  'mass.moved': MassMoved,
  'outlet.audited': OutletAudited,
  'audit.voided': AuditVoided,
  'shift.opened': ShiftOpened,
  'shift.closed': ShiftClosed,
  'campaign.opened': CampaignOpened,
  'campaign.closed': CampaignClosed,
  'month.closed': MonthClosed,
  'restart.answered': RestartAnswered,
  'scale.logged': ScaleLogged,
  'output.started': OutputStarted,
  'output.pressed': OutputPressed,
  'output.weighed': OutputWeighed,
  'output.labelled': OutputLabelled,
  'output.placed': OutputPlaced,
  'output.reclassified': OutputReclassified,
  'output.opened': OutputOpened,
  'output.repressed': OutputRepressed,
  'output.voided': OutputVoided,
  'output.damaged': OutputDamaged,
  'output.examined': OutputExamined,
  'output.missing': OutputMissing,
  'output.found': OutputFound,
  'stock.counted': StockCounted,
  'shipment.opened': ShipmentOpened,
  'shipment.amended': ShipmentAmended,
  'shipment.loaded': ShipmentLoaded,
  'shipment.unloaded': ShipmentUnloaded,
  'shipment.dispatched': ShipmentDispatched,
  'shipment.cancelled': ShipmentCancelled,
  'shipment.received': ShipmentReceived,
  'shipment.returned': ShipmentReturned,
  'subcontract.returned': SubcontractReturned,
  'subcontract.finished': SubcontractFinished,
} as const;
export type MaterialPayloads = {
  [K in keyof typeof MATERIAL_PAYLOADS]: Static<(typeof MATERIAL_PAYLOADS)[K]>;
};
export type MaterialEventType = keyof MaterialPayloads;

/** An event about material, its payload typed. */
export type MaterialEvent = {
  [K in MaterialEventType]: { readonly type: K; readonly payload: MaterialPayloads[K] };
}[MaterialEventType];

export function isMaterialType(type: string): type is MaterialEventType {
  return Object.hasOwn(MATERIAL_PAYLOADS, type);
}

/** @returns what mass the event moves; none: it only says something. */
export function movesOf({ payload }: MaterialEvent): readonly Move[] {
  return 'moves' in payload ? payload.moves : [];
}
