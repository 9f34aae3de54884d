/** `POST /bales/repress`: several outputs are pressed into one new one. */
import type { RepressBody } from '@trame/protocol/material/bale-acts';
import type { Share } from '@trame/protocol/material/move';
import {
  recording,
  refused,
  type ActContext,
  type Decide,
  type Draft,
  type Refused,
} from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { resolveWeight, type ResolvedWeight } from '../material/resolve-weight.ts';
import { joinShares, sum } from '../material/shares.ts';
import { knownOutput } from './known-output.ts';
import { madeAt } from './made-at.ts';
import { changeMoves, moveAll, outputAccount, takeForOutput, type Taken } from './output-account.ts';
import { firstLabel } from './output-code.ts';
import { chosenZone, placing } from './output-zone.ts';
import { weighedOutput } from './weighed-output.ts';
import { weightLimitGrams } from './weight-limit.ts';

/**
 * The mass is kept: what the new weight differs from the sum of the old ones is the line's difference. Heavier than
 * all of them by more than the scale may err is refused unless somebody says that more was put in: that is taken as
 * any output takes.
 */
export const repressBales: Decide<RepressBody> = async (context, body) => {
  const sources = await sourcesOf(context, body.bales);
  if (sources.kind === 'refused') return sources;
  const [first] = sources.outputs;
  const outlet = body.outlet ?? onlyOutlet(sources.outputs);
  if (first === undefined || outlet === null)
    return refused('unknown-outlet', 'they are of several outlets: of which is the new one?', { outlet: '' });
  const { press = null } = body;
  const where = madeAt(context, press === null ? { line: first.line, outlet } : { press, outlet });
  if (where.kind === 'refused') return where;
  const zone = chosenZone(context, body.zone);
  if (zone.kind === 'refused') return zone;
  const tareGrams = body.packagingGrams ?? where.outlet.packagingGrams;
  const weight =
    body.weight == null ? null : await resolveWeight(context, body.weight, { tareGrams, use: 'bale' });
  if (weight?.kind === 'refused') return weight;
  const heavier = weight === null || body.unusual === true ? null : tooHeavy(sources, weight);
  if (heavier !== null) return heavier;

  const number = await context.book.nextNumber('outputs');
  const output = `B${number}`;
  const { line, outlet: known } = where;
  const unit = body.unit ?? known.unit;
  const made = { output, number, line, press, outlet, unit };
  const { occurredAt } = context;
  const moves = sources.parts.flatMap(({ from, contents }) => moveAll(from, outputAccount(made), contents));
  const outputs = sources.outputs.map((source) => source.output);
  const drafts: Draft[] = [
    {
      type: 'output.started',
      occurredAt,
      payload: { ...made, entry: body.entry ?? 'screen', sheet: null },
    },
    { type: 'output.repressed', occurredAt, payload: { outputs, into: output, moves } },
    { type: 'output.pressed', occurredAt, payload: { output, toWeigh: false } },
  ];
  const warnings: string[] = [];
  if (weight !== null) {
    const { netGrams } = weight;
    const taken = await differing(context, made, sources, weight);
    const change = { corrects: null, changeGrams: netGrams, moves: taken.moves };
    const weighed = weighedOutput(context, made, weight, body, change);
    const placed = await placing(
      context,
      output,
      zone.zone,
      leavesZone(sources.outputs, zone.zone, netGrams),
    );
    drafts.push(weighed.draft, ...(await firstLabel(context, { ...made, code: null })), ...placed.drafts);
    warnings.push(...weighed.warnings, ...placed.warnings);
  }
  return fitting(recording(output, drafts, { number, warnings }));
};

interface Sources {
  readonly kind: 'sources';
  readonly outputs: readonly OutputTable[];
  readonly parts: readonly { readonly from: string; readonly contents: readonly Share[] }[];
  /** Of all of them together. */
  readonly contents: readonly Share[];
  /** One of them was never weighed: what is in it still lies in its bin, by the book. */
  readonly unweighed: boolean;
}

async function sourcesOf(context: ActContext, bales: readonly string[]): Promise<Sources | Refused> {
  const outputs: OutputTable[] = [];
  const parts: { from: string; contents: Share[] }[] = [];
  for (const id of new Set(bales)) {
    const known = await knownOutput(context, id, ['pressed', 'to-weigh', 'stock']);
    if (known.kind === 'refused') return known;
    const from = outputAccount(known.output);
    outputs.push(known.output);
    parts.push({ from, contents: await context.book.contents(from) });
  }
  const contents = joinShares(...parts.map((part) => part.contents));
  const unweighed = outputs.some(({ netGrams }) => netGrams === null);
  return { kind: 'sources', outputs, parts, contents, unweighed };
}

function onlyOutlet(outputs: readonly OutputTable[]): string | null {
  const [one, another] = new Set(outputs.map(({ outlet }) => outlet));
  return another === undefined ? (one ?? null) : null;
}

function tooHeavy({ contents, unweighed }: Sources, { netGrams, weight }: ResolvedWeight): Refused | null {
  const thereGrams = sum(contents);
  const limitGrams = weightLimitGrams(thereGrams, weight.intervalGrams);
  if (unweighed || netGrams <= thereGrams + limitGrams) return null;
  return refused(
    'more-than-there-is',
    `${netGrams} g cannot come of ${thereGrams} g; the scale may err by ${limitGrams} g`,
    { grams: netGrams, thereGrams, limitGrams },
  );
}

/** What must be added or taken off so that the new output holds what it weighs. */
async function differing(
  context: ActContext,
  made: { readonly output: string; readonly line: string; readonly outlet: string },
  { contents, unweighed }: Sources,
  { netGrams, weight }: ResolvedWeight,
): Promise<Taken> {
  const thereGrams = sum(contents);
  const changeGrams = netGrams - thereGrams;
  const isMore = changeGrams > weightLimitGrams(thereGrams, weight.intervalGrams);
  return changeGrams > 0 && (unweighed || isMore || thereGrams === 0)
    ? takeForOutput(context.book, made, changeGrams)
    : { moves: changeMoves(made, contents, changeGrams), shortGrams: 0 };
}

/** What the zone gets when the outputs that stood in it are taken away. */
function leavesZone(outputs: readonly OutputTable[], zone: string | null, netGrams: number): number {
  const stood = outputs.filter((output) => output.zone === zone);
  return netGrams - stood.reduce((grams, output) => grams + (output.netGrams ?? 0), 0);
}
