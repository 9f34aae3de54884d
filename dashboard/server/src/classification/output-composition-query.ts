/** What an output is made of, its moisture, and the mass that it has without water and with what is agreed of it. */
import type {
  EstimatedComposition,
  OutputComposition,
} from '@trame/protocol/classification/classification-answers';
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import {
  conventionalMass,
  dryMass,
  moistureOfRegain,
  regainOfMixPercent,
} from '@trame/protocol/classification/regain';
import type { ConditionGrade } from '@trame/protocol/sort-programmes/programme-inputs';
import { sortingErrorOf } from '../audits/sorting-error.ts';
import type { OutputTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import { estimateComposition } from './estimate-composition.ts';
import { misplacingOf, type SaidCompositions } from './fraction-query.ts';
import { heapOf, NO_BATCHES, type BatchSums } from './heap-sums.ts';
import { SUM_COLUMNS } from './item-tables.ts';
import { madeBefore, makingOf, openedInto, type OutputPart } from './output-making.ts';
import { joinedCompositions } from './joined-compositions.ts';

export interface OutputAsked {
  readonly site: string;
  readonly output: string;
  readonly said: SaidCompositions;
}

/** Outputs pressed of outputs, or of what was opened: so deep; what lies deeper is not known. */
const DEPTH_MAX = 8;
/** Nothing is known of what is nothing any more. */
const GONE: ReadonlySet<string> = new Set(['voided', 'opened']);
const NOTHING: EstimatedComposition = {
  source: 'unknown',
  pieces: 0,
  described: 0,
  describedPercent: 0,
  shares: [],
  audit: null,
};

/** @returns null: there is no such output. */
export async function outputCompositionOf(
  records: Records,
  { site, output, said }: OutputAsked,
): Promise<OutputComposition | null> {
  const found = await outputOf(records, site, output);
  if (found === undefined) return null;
  const known = GONE.has(found.status) ? null : await contentOf(records, found, said, DEPTH_MAX);
  const composition = known?.composition ?? NOTHING;
  return {
    output,
    outlet: found.outlet,
    netGrams: found.netGrams,
    fromMs: known?.fromMs ?? null,
    toMs: known?.toMs ?? null,
    composition,
    ...massesOf(found, composition),
    grade: found.grade as ConditionGrade | null,
  };
}

function outputOf(records: Records, site: string, output: string): Promise<OutputTable | undefined> {
  return records
    .selectFrom('outputs')
    .selectAll()
    .where('site', '=', site)
    .where('output', '=', output)
    .executeTakeFirst();
}

interface Content {
  readonly composition: EstimatedComposition;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

async function contentOf(
  records: Records,
  output: OutputTable,
  said: SaidCompositions,
  depth: number,
): Promise<Content> {
  const making = await makingOf(records, output);
  const parts = await contentsOf(records, output.site, making.parents, said, depth);
  if (parts.length > 0) return joined(parts, output);
  const { site, line } = output;
  const { bin, madeAt, month } = making;
  const fromMs = await madeBefore(records, making);
  const opened = await contentsOf(records, site, await openedInto(records, making, fromMs), said, depth);
  const read = heapOf(await batchesBetween(records, { site, line, outlet: bin }, fromMs, madeAt));
  const openedGrams = opened.reduce((sum, { grams }) => sum + grams, 0);
  const netGrams = output.netGrams ?? 0;
  // What was opened may fill it: part of that stays in the bin, as part of what was read does.
  const fellGrams =
    openedGrams === 0 ? netGrams : Math.max(netGrams - openedGrams, read.pieces * ASSUMED_PIECE_G, 0);
  const composition = estimateComposition({
    read,
    countedGrams: fellGrams,
    handGrams: 0,
    said: said[line]?.[output.outlet] ?? null,
    misplacing: await misplacingOf(records, { site, line, outlet: output.outlet, month }, said),
    audit: await sortingErrorOf(records, { site, line, outlet: bin, month }),
    grams: output.netGrams === null ? null : fellGrams,
  });
  const fell = { composition, fromMs, toMs: madeAt };
  return opened.length === 0 ? fell : joined([{ ...fell, grams: fellGrams }, ...opened], output);
}

type PartContent = Content & { readonly grams: number };

async function contentsOf(
  records: Records,
  site: string,
  parts: readonly OutputPart[],
  said: SaidCompositions,
  depth: number,
): Promise<readonly PartContent[]> {
  const contents: PartContent[] = [];
  for (const { output, grams } of parts) {
    const found = depth > 0 ? await outputOf(records, site, output) : undefined;
    const content =
      found === undefined
        ? { composition: NOTHING, fromMs: null, toMs: null }
        : await contentOf(records, found, said, depth - 1);
    contents.push({ ...content, grams });
  }
  return contents;
}

function joined(contents: readonly PartContent[], { netGrams }: Pick<OutputTable, 'netGrams'>): Content {
  const times = contents.map(({ fromMs }) => fromMs);
  const ends = contents.flatMap(({ toMs }) => toMs ?? []);
  return {
    composition: joinedCompositions(contents, netGrams),
    fromMs: times.some((time) => time === null) ? null : Math.min(...times.flatMap((time) => time ?? [])),
    toMs: ends.length === 0 ? null : Math.max(...ends),
  };
}

/** @param after null: since ever. @param upTo included; null: until now. */
async function batchesBetween(
  records: Records,
  { site, line, outlet }: { readonly site: string; readonly line: string; readonly outlet: string },
  after: number | null,
  upTo: number | null,
): Promise<BatchSums> {
  const sums = await records
    .selectFrom('item_batches')
    .select((of) => SUM_COLUMNS.map((column) => of.fn.sum<number | null>(column).as(column)))
    .where('site', '=', site)
    .where('line', '=', line)
    .where('outlet', '=', outlet)
    .$if(after !== null, (select) => select.where('toAt', '>', after ?? 0))
    .$if(upTo !== null, (select) => select.where('toAt', '<=', upTo ?? 0))
    .executeTakeFirst();
  if (sums === undefined || sums.items === null) return NO_BATCHES;
  return Object.fromEntries(SUM_COLUMNS.map((column) => [column, sums[column] ?? 0])) as BatchSums;
}

type Masses = Pick<
  OutputComposition,
  'moisturePercent' | 'moistureSource' | 'dryGrams' | 'conventionalGrams'
>;

function massesOf(
  { moistureHundredths, netGrams }: Pick<OutputTable, 'moistureHundredths' | 'netGrams'>,
  { shares }: EstimatedComposition,
): Masses {
  const regain = regainOfMixPercent(shares);
  const measured = moistureHundredths === null ? null : moistureHundredths / 100;
  const moisture = measured ?? (regain === null ? null : moistureOfRegain(regain));
  const dry = netGrams === null || moisture === null ? null : dryMass(netGrams, moisture);
  return {
    moisturePercent: moisture === null ? null : Math.round(moisture * 100) / 100,
    moistureSource: moisture === null ? null : measured === null ? 'conventional' : 'measured',
    dryGrams: dry === null ? null : Math.round(dry),
    conventionalGrams: dry === null || regain === null ? null : Math.round(conventionalMass(dry, regain)),
  };
}
