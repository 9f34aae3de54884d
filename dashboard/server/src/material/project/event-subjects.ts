/** What an event about material is about, by the names that its journal, and whoever looks there, go by. */
import { account } from '@trame/protocol/material/accounts';
import type { Attachment } from '@trame/protocol/material/move';
import { movesOf, type MaterialEvent } from '@trame/protocol/material/material-payloads';
import {
  isProgrammeEvent,
  programmeSubjects,
  type ProgrammeEvent,
} from '../../sort-programmes/programme-rows.ts';

/** Accounts that are things or places with a history of their own. */
const WITH_HISTORY = ['lot:', 'container:', 'bin:', 'output:'];

/** @returns each once; never none. */
export function subjectsOf(said: MaterialEvent, line: string): readonly string[] {
  const subjects = new Set(isProgrammeEvent(said) ? programmeSubjects(said) : namedIn(said, line));
  for (const { from, to } of movesOf(said)) {
    for (const name of [from, to]) {
      if (WITH_HISTORY.some((kind) => name.startsWith(kind))) subjects.add(name);
    }
  }
  return [...subjects];
}

const output = (id: string) => account('output', id);
const lot = (id: string) => account('lot', id);

function namedIn({ type, payload }: Exclude<MaterialEvent, ProgrammeEvent>, line: string): readonly string[] {
  switch (type) {
    case 'partner.declared':
      return [`partner:${payload.partner}`];
    case 'container.declared':
      return [account('container', payload.container)];
    case 'container.placed':
      return [account('container', payload.container), `zone:${payload.zone}`];
    case 'lot.received':
      return [
        lot(payload.lot),
        ...payload.loads.flatMap(({ container }) =>
          container === null ? [] : account('container', container),
        ),
      ];
    case 'lot.placed':
      return [lot(payload.lot), `zone:${payload.zone}`];
    case 'lot.weighed':
    case 'lot.dried':
    case 'lot.refused':
    case 'lot.returned':
    case 'lot.attributed':
    case 'lot.voided':
    case 'lot.amended':
      return [lot(payload.lot)];
    case 'lot.split':
      return [lot(payload.lot), ...payload.into.map((part) => lot(part.lot))];
    case 'lot.merged':
      return [...payload.lots.map(lot), lot(payload.into)];
    case 'document.attached':
      return [payload.about];
    case 'note.written':
      return [payload.about ?? account('line', line)];
    case 'line.loaded':
      return [account('line', payload.line), ...payload.from];
    case 'line.unloaded':
      return [account('line', payload.line), payload.from];
    case 'line.emptied':
    case 'restart.answered':
    case 'outlet.audited':
    case 'audit.voided':
      return [account('line', payload.line)];
    case 'mass.moved':
      return [payload.from, payload.to];
    case 'stop.explained':
      return [account('line', payload.line)];
    case 'shift.opened':
    case 'shift.closed':
    case 'shift.signed':
      return [`shift:${payload.shift}`];
    case 'campaign.opened':
    case 'campaign.closed':
      return [`campaign:${payload.campaign}`];
    case 'month.closed':
      return [`month:${payload.month}`];
    case 'scale.logged':
      return [`scale:${payload.scale}`];
    case 'output.started':
    case 'output.pressed':
    case 'output.weighed':
    case 'output.labelled':
    case 'output.placed':
    case 'output.reclassified':
    case 'output.opened':
    case 'output.voided':
    case 'output.examined':
    case 'output.damaged':
    case 'output.missing':
    case 'output.found':
      return [output(payload.output)];
    case 'output.repressed':
      return [...payload.outputs.map(output), output(payload.into)];
    case 'stock.counted':
      return [`zone:${payload.zone}`, ...[...payload.missing, ...payload.found].map(output)];
    case 'shipment.loaded':
    case 'shipment.unloaded':
      return [`shipment:${payload.shipment}`, output(payload.output)];
    case 'shipment.received':
      return [`shipment:${payload.shipment}`, ...payload.refused.map(output)];
    case 'shipment.returned':
      return [`shipment:${payload.shipment}`, ...payload.outputs.map(output)];
    case 'subcontract.returned':
      return [`shipment:${payload.shipment}`, lot(payload.lot)];
    case 'shipment.opened':
    case 'shipment.amended':
    case 'shipment.dispatched':
    case 'shipment.cancelled':
    case 'subcontract.finished':
      return [`shipment:${payload.shipment}`];
  }
}

/** @returns event that this one corrects; null: none. */
export function correctedBy({ payload }: MaterialEvent): string | null {
  return 'corrects' in payload ? payload.corrects : null;
}

/** @returns photos and documents of an event, each once. */
export function attachmentsOf({ payload }: MaterialEvent): readonly Attachment[] {
  const all: readonly Attachment[] =
    'attachments' in payload ? payload.attachments : 'attachment' in payload ? [payload.attachment] : [];
  return [...new Map(all.map((one) => [one.sha256, one])).values()];
}
