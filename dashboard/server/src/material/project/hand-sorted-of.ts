/**
 * What an event says was sorted by hand. Sorted is what lies in bins, in outputs, and in lots that a subcontractor
 * brought back; unsorted what is on the line, in other lots, in containers, or nowhere known. What leaves the site or
 * comes back to it was sorted before or after.
 */
import { account, accountName } from '@trame/protocol/material/accounts';
import type { MaterialEvent } from '@trame/protocol/material/material-payloads';
import type { OutputReclassified } from '@trame/protocol/material/output-events';
import type { PostingTable } from '../material-tables.ts';
import { correctedBy } from './event-subjects.ts';
import type { Happened } from './happened.ts';
import type { MaterialRows } from './material-rows.ts';

/** Where material leaves the site for, and comes back from. */
const BEYOND = ['client:', 'subcontractor:', 'missing:', 'water:', 'returned:'] as const;

/** `line` null: of no line. */
type Side = 'unsorted' | 'beyond' | { readonly line: string | null; readonly outlet: string };

/** Before the output has its other outlet: what it holds is sorted into that one, on the day on which it was said. */
export function sortedAnew(rows: MaterialRows, happened: Happened, said: OutputReclassified): void {
  const name = account('output', said.output);
  const output = rows.outputs.get(said.output);
  if (output === null || output.outlet === said.outlet) return;
  const { line, outlet } = output;
  for (const { lot, grams } of rows.book.contents(name)) {
    const outlets = [
      { line, outlet, grams: -grams },
      { line, outlet: said.outlet, grams },
    ];
    rows.handSorted.add(happened, { lot, judgedDay: null, outlets });
  }
}

/** @param postings of the event. */
export function sortedByHand(
  rows: MaterialRows,
  happened: Happened,
  said: MaterialEvent,
  postings: readonly PostingTable[],
): void {
  if (said.type === 'mass.moved' && said.payload.sortedBefore === true) return;
  for (const { fromAccount, toAccount, lot, grams } of postings) {
    const from = sideOf(rows, fromAccount);
    const to = sideOf(rows, toAccount);
    if (from === 'beyond' || to === 'beyond' || from === to) continue;
    const at = (side: Exclude<Side, string>, other: Side, sorted: number) => ({
      line: side.line ?? (typeof other === 'string' ? null : other.line) ?? happened.line,
      outlet: side.outlet,
      grams: sorted,
    });
    const taken = typeof from === 'string' ? [] : [at(from, to, -grams)];
    const given = typeof to === 'string' ? [] : [at(to, from, grams)];
    const [out, into] = [taken[0], given[0]];
    if (out !== undefined && into !== undefined && out.line === into.line && out.outlet === into.outlet)
      continue;
    const isBetween = out !== undefined && into !== undefined;
    // What is put back on the line will be counted again there, whoever counted it before.
    const isPutBack = out !== undefined && !isWeight(said);
    const judgedDay = isBetween || isPutBack ? null : judgedOn(rows, happened, said);
    rows.handSorted.add(happened, { lot, judgedDay, outlets: [...taken, ...given] });
  }
}

/** Whether it says how much there is, or was; nothing is carried anywhere then. */
function isWeight(said: MaterialEvent): boolean {
  return said.type === 'output.weighed' || correctedBy(said) !== null;
}

/** A correction goes the way of what it corrects. */
function judgedOn(rows: MaterialRows, { day }: Happened, said: MaterialEvent): string {
  const corrected = correctedBy(said);
  if (corrected === null) return day;
  const output = 'output' in said.payload ? rows.outputs.get(said.payload.output) : null;
  return rows.handSorted.judgedDay(corrected) ?? output?.day ?? day;
}

function sideOf(rows: MaterialRows, name: string): Side {
  if (BEYOND.some((kind) => name.startsWith(kind))) return 'beyond';
  if (name.startsWith('bin:')) {
    const [line = '', outlet = ''] = accountName(name).split('/');
    return { line, outlet };
  }
  if (name.startsWith('output:')) {
    const output = rows.outputs.get(accountName(name));
    return output === null ? 'beyond' : { line: output.line, outlet: output.outlet };
  }
  if (name.startsWith('lot:')) {
    const lot = rows.lots.get(accountName(name));
    if (lot?.kind !== 'subcontracted') return 'unsorted';
    return lot.usualName === '' ? 'beyond' : { line: null, outlet: lot.usualName };
  }
  return 'unsorted';
}
