/** What events of EPCIS are put together from. */
import { classUri, eventUri, NAMESPACE, outputUri, stepUri, uri, type Naming } from './epcis-names.ts';
import type {
  MaterialEvent,
  MaterialEventType,
  MaterialPayloads,
} from '@trame/protocol/material/material-payloads';

export type Members = Readonly<Record<string, unknown>>;

/** A movement as the book has it. */
export interface BookedMove {
  readonly fromAccount: string;
  readonly toAccount: string;
  readonly lot: string;
  readonly grams: number;
}

export interface ToldEvent {
  readonly id: string;
  readonly said: MaterialEvent;
  /** ms since 1970 UTC, by the best clock known. */
  readonly at: number;
  readonly recordedAt: number;
  readonly moves: readonly BookedMove[];
  /** Outlet of the output that it is about; null: of none. */
  readonly outlet: string | null;
  /** What it says was wrong, as it was told. */
  readonly corrected: readonly ToldEvent[];
}

/** An event of EPCIS without its times. */
export type Draft = { readonly eventID: string; readonly type: string } & Members;

/** How events of one type are told; none: EPCIS has no words for them. */
export type Teller<K extends MaterialEventType> = (
  payload: MaterialPayloads[K],
  telling: Telling,
) => readonly Draft[];
export type Tellers = { readonly [K in MaterialEventType]: Teller<K> };

/** One event that is being told, and the words for it. */
export class Telling {
  readonly told: ToldEvent;
  readonly naming: Naming;

  constructor(told: ToldEvent, naming: Naming) {
    this.told = told;
    this.naming = naming;
  }

  event(type: string, members: Members, part = ''): Draft {
    return { eventID: eventUri(this.naming, this.told.id, part), type, ...members };
  }

  observe(bizStep: string, members: Members): Draft[] {
    return [this.event('ObjectEvent', { action: 'OBSERVE', bizStep, ...members })];
  }

  ownStep(step: string): string {
    return stepUri(this.naming, step);
  }

  outputs(...outputs: string[]): Members {
    return { epcList: outputs.map((output) => outputUri(this.naming, output)) };
  }

  lotKg(lot: string, grams: number): object {
    return kg(classUri(this.naming, 'lot', lot), grams);
  }

  /** @param grams null: not weighed yet, so the lot is named and no quantity of it. */
  lot(lot: string, grams: number | null): Members {
    return grams === null
      ? { epcList: [classUri(this.naming, 'lot', lot)] }
      : { quantityList: [this.lotKg(lot, grams)] };
  }

  /** What is sorted into an outlet; null: that of the output which the event is about. */
  fractionKg(outlet: string | null, grams: number): object {
    return kg(classUri(this.naming, 'fraction', outlet ?? this.outlet), grams);
  }

  get outlet(): string {
    return this.told.outlet ?? 'unknown';
  }

  get movedGrams(): number {
    return sumOf(this.told.moves);
  }

  place(kind: string, name: string): Members {
    return { bizLocation: { id: uri(this.naming, kind, name) } };
  }

  shipment(shipment: string): Members {
    return {
      bizTransactionList: [{ type: 'desadv', bizTransaction: uri(this.naming, 'shipment', shipment) }],
    };
  }
}

export function kg(epcClass: string, grams: number): object {
  return { epcClass, quantity: inKg(grams), uom: 'KGM' };
}

export function inKg(grams: number): number {
  return grams / 1000;
}

export function sumOf(moves: readonly { readonly grams: number }[]): number {
  return moves.reduce((sum, { grams }) => sum + grams, 0);
}

/** Members of Trame's own, named so that EPCIS takes them. */
export function extra(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`${NAMESPACE}:${name}`, value]));
}
