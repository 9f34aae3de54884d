/** Names of everything that events about material may change, so that its rows are read at once. */
import { account, binAccount, isHeld } from '@trame/protocol/material/accounts';
import { movesOf, type MaterialEvent } from '@trame/protocol/material/material-payloads';
import type { Weight } from '@trame/protocol/material/move';
import { correctedBy } from './event-subjects.ts';
import type { MaterialChange } from './material-change.ts';

export class NeededNames {
  readonly partners = new Set<string>();
  readonly containers = new Set<string>();
  readonly lots = new Set<string>();
  readonly outputs = new Set<string>();
  readonly shipments = new Set<string>();
  readonly shifts = new Set<string>();
  readonly campaigns = new Set<string>();
  readonly months = new Set<string>();
  readonly boots = new Set<string>();
  /** Whose contents are looked at. */
  readonly accounts = new Set<string>();
  /** Lines whose infeed is looked at. */
  readonly lines = new Set<string>();
  /** Of which it counts how much went back. */
  readonly returned = new Set<string>();
  readonly weighings = new Set<string>();
  /** Events whose claims may be given free. */
  readonly corrected = new Set<string>();
  /** Outputs that get a label. */
  readonly labelled = new Set<string>();
  /** Outputs whose weight is set right: what they left with weighs otherwise too. */
  readonly setRight = new Set<string>();
  /** Lines for which a sort programme may wait. */
  readonly programmeLines = new Set<string>();
  /** Things whose claims may be given free. */
  readonly freed = new Set<string>();

  constructor(changes: readonly MaterialChange[]) {
    for (const change of changes) this.#add(change);
  }

  #add(change: MaterialChange): void {
    const { line } = change.event;
    switch (change.kind) {
      case 'counted':
        this.lines.add(line);
        this.accounts.add(account('line', line));
        for (const { outlet } of change.counted.outlets) this.accounts.add(binAccount(line, outlet));
        return;
      case 'edge-started':
        this.boots.add(change.said.boot);
        return;
      case 'scale-verified':
        return;
      case 'material':
        this.#addThings(change.said);
        this.#addWeights(change.said);
        for (const { from, to, shares } of movesOf(change.said)) {
          if (isHeld(from) || shares === null) this.accounts.add(from);
          if (isHeld(to)) this.accounts.add(to);
          this.#addSides(from, to);
        }
    }
  }

  /** Of what is moved it counts what it is. */
  #addSides(...sides: readonly string[]): void {
    for (const side of sides) {
      if (side.startsWith('lot:')) add(this.lots, nameOf(side));
      if (side.startsWith('output:')) add(this.outputs, nameOf(side));
    }
  }

  /** Which fields name what. */
  #addThings({ type, payload }: MaterialEvent): void {
    if ('partner' in payload && type === 'partner.declared') add(this.partners, payload.partner);
    if ('container' in payload) add(this.containers, payload.container);
    if ('lot' in payload) add(this.lots, payload.lot);
    if ('output' in payload) add(this.outputs, payload.output);
    if ('shipment' in payload) add(this.shipments, payload.shipment);
    if ('shift' in payload) add(this.shifts, payload.shift);
    if ('campaign' in payload) add(this.campaigns, payload.campaign);
    switch (type) {
      case 'lot.received':
        return add(this.containers, ...payload.loads.flatMap(({ container }) => container ?? []));
      case 'lot.weighed':
        add(this.freed, account('lot', payload.lot));
        return add(
          this.lots,
          ...payload.moves
            .flatMap(({ from, to }) => [from, to])
            .filter((name) => name.startsWith('lot:'))
            .map(nameOf),
        );
      case 'lot.voided':
        return add(this.freed, account('lot', payload.lot));
      case 'lot.returned':
        return add(this.returned, payload.lot);
      case 'lot.split':
        return add(this.lots, ...payload.into.map(({ lot }) => lot));
      case 'lot.merged':
        return add(this.lots, ...payload.lots, payload.into);
      case 'line.loaded':
        add(this.lines, payload.line);
        return add(this.accounts, ...payload.from);
      case 'line.unloaded':
        return add(this.lines, payload.line);
      case 'mass.moved':
        return add(
          this.containers,
          ...[payload.from, payload.to].filter((name) => name.startsWith('container:')).map(nameOf),
        );
      case 'programme.stepped':
        return add(this.programmeLines, payload.line);
      case 'month.closed':
        return add(this.months, payload.month);
      case 'restart.answered':
        return add(this.boots, payload.boot);
      case 'output.labelled':
        return add(this.labelled, payload.output);
      case 'output.weighed':
        return payload.corrects === null ? undefined : add(this.setRight, payload.output);
      case 'output.reclassified':
        return add(this.accounts, account('output', payload.output));
      case 'output.repressed':
        return add(this.outputs, ...payload.outputs, payload.into);
      case 'output.voided':
        return add(this.freed, account('output', payload.output));
      case 'stock.counted':
        return add(this.outputs, ...payload.missing, ...payload.found);
      case 'shipment.returned':
        return add(this.outputs, ...payload.outputs);
      default:
    }
  }

  #addWeights(said: MaterialEvent): void {
    const corrected = correctedBy(said);
    if (corrected !== null) this.corrected.add(corrected);
    for (const { weighing } of weightsOf(said)) if (weighing !== null) this.weighings.add(weighing);
  }
}

function add(names: Set<string>, ...given: readonly string[]): void {
  for (const name of given) names.add(name);
}

function weightsOf({ type, payload }: MaterialEvent): readonly Weight[] {
  if (type === 'lot.received') return payload.loads.map(({ weight }) => weight);
  return 'weight' in payload && payload.weight !== null ? [payload.weight] : [];
}

/** @returns `C-017` of `container:C-017`. */
function nameOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
