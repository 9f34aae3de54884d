/**
 * What became of the kilograms of one source lot: from thing to thing (lots, outputs, clients…). Places where material
 * mixes (containers, bins, the line, a subcontractor's yard, a difference) are passed through: each keeps from which
 * things its kilograms came, and what is taken out takes of each in proportion. Pure.
 */
import { account, accountKind, type AccountKind } from '@trame/protocol/material/accounts';
import { scaled } from './proportion.ts';

/** One posting of the lot. */
export interface FlowStep {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly grams: number;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly grams: number;
}

export interface LotFlow {
  readonly lot: string;
  /** From thing to thing; what was undone is not in it. */
  readonly edges: readonly Edge[];
  /** What lies in a mixing place now, by the thing that it came from. */
  readonly held: readonly Edge[];
  /** Net grams by the collector that brought them. */
  readonly origins: readonly { readonly collector: string; readonly grams: number }[];
  /** Things in the order in which something first went into them; the lot itself comes before all. */
  readonly order: ReadonlyMap<string, number>;
}

const MIXING: ReadonlySet<AccountKind> = new Set(['container', 'bin', 'line', 'subcontractor', 'difference']);
/** What a thing gives back by these was never in it: a weight set right, something that never was. */
const UNMAKING: ReadonlySet<string> = new Set(['output.weighed', 'output.voided', 'lot.weighed']);

/** @param steps postings of the lot, in the order in which they were recorded. */
export function lotFlow(lot: string, steps: readonly FlowStep[]): LotFlow {
  const flow = new Flow(account('lot', lot));
  for (const step of steps) flow.carry(step);
  return flow.result(lot);
}

type Parts = ReadonlyMap<string, number>;

class Flow {
  readonly #own: string;
  /** By place or thing, then by the thing that its kilograms came from; below 0: more was taken than was there. */
  readonly #lying = new Map<string, Map<string, number>>();
  readonly #origins = new Map<string, number>();
  readonly #order = new Map<string, number>();

  constructor(own: string) {
    this.#own = own;
    this.#order.set(own, 0);
  }

  carry(step: FlowStep): void {
    this.#give(step.to, this.#take(step));
  }

  /** @returns what is taken, by the things that it comes from. */
  #take({ from, to, type, grams }: FlowStep): Parts {
    const kind = accountKind(from);
    if (kind === 'collector') {
      add(this.#origins, from, grams);
      return new Map([[this.#own, grams]]);
    }
    if (MIXING.has(kind)) return this.#drawn(from, grams);
    const isUndone = from !== this.#own && UNMAKING.has(type) && !isBeyond(to);
    return isUndone ? this.#drawn(from, grams) : new Map([[from, grams]]);
  }

  /** In proportion; what is not there is the lot's own all the same. */
  #drawn(place: string, grams: number): Parts {
    const lying = this.#lying.get(place) ?? new Map<string, number>();
    this.#lying.set(place, lying);
    const there = [...lying].flatMap(([name, some]) => (some > 0 ? [{ name, grams: some }] : []));
    const available = there.reduce((sum, one) => sum + one.grams, 0);
    const taken = new Map(scaled(there, grams).map((one) => [one.name, one.grams]));
    if (grams > available) add(taken, this.#own, grams - available);
    for (const [name, some] of taken) add(lying, name, -some);
    return taken;
  }

  #give(to: string, parts: Parts): void {
    const kind = accountKind(to);
    if (kind === 'collector') {
      for (const grams of parts.values()) add(this.#origins, to, -grams);
      return;
    }
    if (!this.#order.has(to)) this.#order.set(to, this.#order.size);
    const lying = this.#lying.get(to) ?? new Map<string, number>();
    this.#lying.set(to, lying);
    for (const [from, grams] of parts) if (from !== to) add(lying, from, grams);
  }

  result(lot: string): LotFlow {
    const all = [...this.#lying].flatMap(([to, lying]) =>
      settled(lying).map(([from, grams]): Edge => ({ from, to, grams })),
    );
    return {
      lot,
      edges: all.filter(({ to }) => !isMixing(to)),
      held: all.filter(({ to }) => isMixing(to)),
      origins: settled(this.#origins).map(([collector, grams]) => ({ collector, grams })),
      order: this.#order,
    };
  }
}

/** What was taken before it was there is set off against what came later. */
function settled(lying: ReadonlyMap<string, number>): [string, number][] {
  let owed = -[...lying.values()].reduce((sum, grams) => sum + Math.min(0, grams), 0);
  const there = [...lying].filter(([, grams]) => grams > 0).sort(([, a], [, b]) => b - a);
  return there.flatMap(([name, grams]): [string, number][] => {
    const off = Math.min(owed, grams);
    owed -= off;
    return grams > off ? [[name, grams - off]] : [];
  });
}

function add(sums: Map<string, number>, name: string, grams: number): void {
  sums.set(name, (sums.get(name) ?? 0) + grams);
}

export function isMixing(name: string): boolean {
  return MIXING.has(accountKind(name));
}

/** Where material has left the site for. What comes back from there was there before. */
export function isBeyond(name: string): boolean {
  const kind = accountKind(name);
  return kind === 'client' || kind === 'returned' || kind === 'water' || kind === 'missing';
}
