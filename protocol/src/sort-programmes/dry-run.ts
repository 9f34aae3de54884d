/** What a programme would have done with pieces that were sorted already: nothing is sorted by it. */
import type { CompiledProgramme } from './compile-programme.ts';
import { decideOutlet } from './decide-outlet.ts';
import type { PieceFacts } from './programme-inputs.ts';

export interface SortedPiece {
  readonly facts: PieceFacts;
  /** Whole grams. */
  readonly grams: number;
  /** Outlet to which it was sent: what became of that on the way is no matter of programmes. */
  readonly was: string;
}

export interface DryRunExample {
  readonly facts: PieceFacts;
  readonly grams: number;
  /** Rule that would take it; null: none would have a say. */
  readonly rule: string | null;
}

export interface DryRunFlow {
  readonly from: string;
  readonly to: string;
  readonly pieces: number;
  readonly grams: number;
  /** The first ones, of those that change outlet. */
  readonly examples: readonly DryRunExample[];
}

export interface DryRunReport {
  readonly pieces: number;
  readonly grams: number;
  /** Those that would go elsewhere. */
  readonly changed: { readonly pieces: number; readonly grams: number };
  /** Of all pieces, and of all grams, %; null of none. */
  readonly changedPercent: { readonly pieces: number | null; readonly grams: number | null };
  /** From each outlet to each, what stays included; most grams first. */
  readonly flows: readonly DryRunFlow[];
  /** How many pieces each rule would take (not those of which none has a say), in the order of the rules; 0 as well. */
  readonly rules: readonly { readonly rule: string; readonly pieces: number; readonly grams: number }[];
}

/** Kept of each flow. */
const EXAMPLES_MAX = 5;

export interface DryRun {
  add(piece: SortedPiece): void;
  /** Of what was added so far. */
  report(): DryRunReport;
}

interface Tally {
  readonly from: string;
  readonly to: string;
  pieces: number;
  grams: number;
  readonly examples: DryRunExample[];
}

/**
 * For pieces that come in parts, from a store that is read page by page. It holds sums and some examples, never all pieces.
 * @param decide where a piece would go, on a line on which the programme is not all that decides; `rule` null: it had no say.
 */
export function newDryRun(
  programme: CompiledProgramme,
  decide: (facts: PieceFacts) => { readonly outlet: string; readonly rule: string | null } = (facts) =>
    decideOutlet(programme, facts),
): DryRun {
  const flows = new Map<string, Tally>();
  const rules = new Map(programme.rules.map(({ id }) => [id, { rule: id, pieces: 0, grams: 0 }]));
  return {
    add({ facts, grams, was }) {
      const { outlet, rule } = decide(facts);
      const key = JSON.stringify([was, outlet]);
      const flow = flows.get(key) ?? { from: was, to: outlet, pieces: 0, grams: 0, examples: [] };
      flows.set(key, flow);
      count(flow, grams);
      if (was !== outlet && flow.examples.length < EXAMPLES_MAX) flow.examples.push({ facts, grams, rule });
      const taken = rule === null ? undefined : rules.get(rule);
      if (taken !== undefined) count(taken, grams);
    },
    report: () => reportOf([...flows.values()], [...rules.values()]),
  };
}

/** The same for pieces that are all at hand. */
export function dryRun(programme: CompiledProgramme, pieces: Iterable<SortedPiece>): DryRunReport {
  const run = newDryRun(programme);
  for (const piece of pieces) run.add(piece);
  return run.report();
}

function count(sum: { pieces: number; grams: number }, grams: number): void {
  sum.pieces += 1;
  sum.grams += grams;
}

function reportOf(tallies: readonly Tally[], rules: DryRunReport['rules']): DryRunReport {
  const all = { pieces: 0, grams: 0 };
  const changed = { pieces: 0, grams: 0 };
  for (const { from, to, pieces, grams } of tallies) {
    for (const sum of from === to ? [all] : [all, changed]) {
      sum.pieces += pieces;
      sum.grams += grams;
    }
  }
  const changedPercent = {
    pieces: percent(changed.pieces, all.pieces),
    grams: percent(changed.grams, all.grams),
  };
  const flows = tallies
    .map((flow) => ({ ...flow, examples: [...flow.examples] }))
    .toSorted((a, b) => b.grams - a.grams || b.pieces - a.pieces);
  return { ...all, changed, changedPercent, flows, rules: rules.map((rule) => ({ ...rule })) };
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
