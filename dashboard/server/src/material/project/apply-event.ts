/** Carries one event about material into the rows: its movements first, then what it says of each thing. */
import { movesOf, type MaterialEvent } from '@trame/protocol/material/material-payloads';
import {
  isProgrammeEvent,
  programmeTold,
  type ProgrammeEvent,
} from '../../sort-programmes/programme-rows.ts';
import { freeOfEvent, claim } from './claims.ts';
import { attachmentsOf, correctedBy, subjectsOf } from './event-subjects.ts';
import { sortedAnew, sortedByHand } from './hand-sorted-of.ts';
import type { Happened } from './happened.ts';
import * as lots from './lot-rows.ts';
import { lotAmended, lotVoided } from './lot-mended-rows.ts';
import { lotWeighed } from './lot-weight-rows.ts';
import * as outputs from './output-rows.ts';
import * as shipments from './shipment-rows.ts';
import * as work from './work-rows.ts';
import type { MaterialRows } from './material-rows.ts';

export function applyEvent(rows: MaterialRows, happened: Happened, said: MaterialEvent): void {
  const before = rows.book.postings.length;
  const moved = moveMass(rows, happened, said);
  if (said.type === 'output.reclassified') sortedAnew(rows, happened, said.payload);
  if (isProgrammeEvent(said)) programmeTold(rows, happened, said);
  else applyToThings(rows, happened, said, moved);
  sortedByHand(rows, happened, said, rows.book.postings.slice(before));
  const { site, id: event, line, epoch, seq, at, day, recordedAt, type, actorRef } = happened;
  const corrects = correctedBy(said);
  const subjects = subjectsOf(said, line);
  for (const about of subjects) {
    rows.journal.push({
      site,
      event,
      about,
      line,
      epoch,
      seq,
      at,
      day,
      recordedAt,
      type,
      corrects,
      actorRef,
    });
  }
  const [about = ''] = subjects;
  for (const attachment of attachmentsOf(said)) {
    rows.documents.push({ site, event, about, ...attachment, at });
  }
}

/** @returns grams that left each account. */
function moveMass(rows: MaterialRows, happened: Happened, said: MaterialEvent): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  const entry = rows.book.begin(happened);
  for (const move of movesOf(said)) {
    for (const { grams } of rows.book.move(entry, move)) {
      left.set(move.from, (left.get(move.from) ?? 0) + grams);
    }
  }
  return left;
}

function applyToThings(
  rows: MaterialRows,
  happened: Happened,
  said: Exclude<MaterialEvent, ProgrammeEvent>,
  left: ReadonlyMap<string, number>,
): void {
  switch (said.type) {
    case 'partner.declared':
      return lots.partnerDeclared(rows, happened, said.payload);
    case 'container.declared':
      return lots.containerDeclared(rows, happened, said.payload);
    case 'container.placed':
      return lots.containerPlaced(rows, said.payload.container, said.payload.zone);
    case 'lot.received':
    case 'lot.placed':
    case 'lot.weighed':
    case 'lot.dried':
    case 'lot.refused':
    case 'lot.returned':
    case 'lot.attributed':
    case 'lot.voided':
    case 'lot.amended':
    case 'lot.split':
    case 'lot.merged':
      return applyToLot(rows, happened, said, left);
    case 'line.loaded':
      return work.lineLoaded(rows, happened, said.payload);
    case 'line.unloaded':
      return work.lineUnloaded(rows, said.payload);
    case 'mass.moved': {
      const { from, to, weight, corrects } = said.payload;
      freeOfEvent(rows, corrects);
      claim(rows, happened, weight, to);
      if (weight === null) return;
      for (const one of lots.weighedContainers(from, to)) lots.containerWeighed(rows, one, happened.at);
      return;
    }
    case 'outlet.audited':
      return work.outletAudited(rows, happened, said.payload);
    case 'audit.voided':
      // What it takes back stays, and is looked at no more: the journal says that it was.
      return;
    case 'shift.opened':
      return work.shiftOpened(rows, happened, said.payload);
    case 'shift.closed':
      return work.shiftClosed(rows, happened, said.payload.shift);
    case 'shift.signed':
      return work.shiftSigned(rows, happened, said.payload);
    case 'stop.explained':
      return work.stopExplained(rows, happened, said.payload);
    case 'campaign.opened':
      return work.campaignOpened(rows, happened, said.payload);
    case 'campaign.closed':
      return work.campaignClosed(rows, happened, said.payload.campaign);
    case 'month.closed':
      return work.monthClosed(rows, happened, said.payload.month);
    case 'restart.answered':
      return work.restartAnswered(rows, happened, said.payload);
    case 'scale.logged':
      return work.scaleLogged(rows, happened, { ...said.payload, due: null });
    case 'output.started':
    case 'output.pressed':
    case 'output.weighed':
    case 'output.labelled':
    case 'output.placed':
    case 'output.reclassified':
    case 'output.opened':
    case 'output.repressed':
    case 'output.voided':
    case 'output.examined':
    case 'output.damaged':
    case 'output.missing':
    case 'output.found':
      return applyToOutput(rows, happened, said);
    case 'stock.counted':
      return outputs.stockCounted(rows, happened, said.payload);
    case 'shipment.opened':
    case 'shipment.amended':
    case 'shipment.loaded':
    case 'shipment.unloaded':
    case 'shipment.dispatched':
    case 'shipment.cancelled':
    case 'shipment.received':
    case 'shipment.returned':
      return applyToShipment(rows, happened, said, left);
    case 'subcontract.returned':
      return lots.broughtBack(rows, happened, said.payload);
    case 'line.emptied':
    case 'subcontract.finished':
    case 'note.written':
    case 'document.attached':
      return;
  }
}

type LotEvent = Extract<MaterialEvent, { readonly type: `lot.${string}` }>;

function applyToLot(
  rows: MaterialRows,
  happened: Happened,
  { type, payload }: LotEvent,
  left: ReadonlyMap<string, number>,
): void {
  switch (type) {
    case 'lot.received':
      return lots.lotReceived(rows, happened, payload);
    case 'lot.placed':
      return lots.lotPlaced(rows, happened, payload);
    case 'lot.weighed':
      return lotWeighed(rows, happened, payload);
    case 'lot.dried':
      return lots.lotDried(rows, happened, payload.lot, payload.weight);
    case 'lot.refused':
      return lots.lotRefused(rows, happened, payload);
    case 'lot.returned':
      return lots.lotReturned(rows, happened, payload);
    case 'lot.attributed':
      return lots.lotAttributed(rows, happened, payload);
    case 'lot.voided':
      return lotVoided(rows, happened, payload);
    case 'lot.amended':
      return lotAmended(rows, happened, payload);
    case 'lot.split':
      return lots.lotSplit(rows, happened, payload);
    case 'lot.merged':
      return lots.lotsMerged(rows, happened, payload, total(left));
  }
}

type OutputEvent = Extract<MaterialEvent, { readonly type: `output.${string}` }>;

function applyToOutput(rows: MaterialRows, happened: Happened, { type, payload }: OutputEvent): void {
  switch (type) {
    case 'output.started':
      return outputs.outputStarted(rows, happened, payload);
    case 'output.pressed':
      return outputs.outputPressed(rows, happened, payload.output, payload.toWeigh);
    case 'output.weighed':
      return outputs.outputWeighed(rows, happened, payload);
    case 'output.labelled':
      return outputs.outputLabelled(rows, happened, payload);
    case 'output.placed':
      return outputs.changeOutput(rows, happened, payload.output, () => ({ zone: payload.zone }));
    case 'output.reclassified':
      return outputs.changeOutput(rows, happened, payload.output, () => ({
        outlet: payload.outlet,
      }));
    case 'output.opened':
      return outputs.changeOutput(rows, happened, payload.output, () => ({ status: 'opened' }));
    case 'output.repressed':
      for (const output of payload.outputs) {
        outputs.changeOutput(rows, happened, output, () => ({ status: 'repressed' }));
      }
      return outputs.changeOutput(rows, happened, payload.into, () => ({}));
    case 'output.voided':
      return outputs.outputVoided(rows, happened, payload.output);
    case 'output.examined':
      return outputs.outputExamined(rows, happened, payload);
    case 'output.damaged':
      return outputs.outputDamaged(rows, happened, payload);
    case 'output.missing':
      return outputs.changeOutput(rows, happened, payload.output, () => ({ status: 'missing' }));
    case 'output.found':
      return outputs.outputFound(rows, happened, payload);
  }
}

type ShipmentEvent = Extract<MaterialEvent, { readonly type: `shipment.${string}` }>;

function applyToShipment(
  rows: MaterialRows,
  happened: Happened,
  { type, payload }: ShipmentEvent,
  left: ReadonlyMap<string, number>,
): void {
  switch (type) {
    case 'shipment.opened':
      return shipments.shipmentOpened(rows, happened, payload);
    case 'shipment.amended':
      return shipments.shipmentAmended(rows, happened, payload);
    case 'shipment.loaded':
      return shipments.shipmentLoaded(rows, happened, payload);
    case 'shipment.unloaded':
      return shipments.shipmentUnloaded(rows, happened, payload);
    case 'shipment.dispatched':
      return shipments.shipmentDispatched(rows, happened, payload, left);
    case 'shipment.cancelled':
      return shipments.shipmentCancelled(rows, happened, payload.shipment);
    case 'shipment.received':
      return shipments.shipmentReceived(rows, happened, payload);
    case 'shipment.returned':
      return shipments.shipmentReturned(rows, happened, payload);
  }
}

function total(left: ReadonlyMap<string, number>): number {
  return [...left.values()].reduce((sum, grams) => sum + grams, 0);
}
