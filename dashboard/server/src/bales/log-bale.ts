/** `POST /bales`: an output is started, or started, pressed, weighed and put in stock by one touch. */
import type { BaleBody } from '@trame/protocol/material/bale-acts';
import {
  recording,
  refused,
  type ActContext,
  type Decide,
  type Decision,
  type Draft,
  type Refused,
} from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { resolveWeight, type ResolvedWeight } from '../material/resolve-weight.ts';
import { madeAt } from './made-at.ts';
import { takeForOutput } from './output-account.ts';
import { codeToBind, firstLabel } from './output-code.ts';
import { chosenZone, placing } from './output-zone.ts';
import { weighedOutput } from './weighed-output.ts';

type Stage = 'started' | 'pressed' | 'to-weigh' | 'done';

/** Without any weight `done` is as far as one can get without a scale: `to-weigh`. */
export const logBale: Decide<BaleBody> = async (context, body) => {
  const stage = stageOf(body);
  if (stage === null) {
    return refused(
      'wrong-state',
      `a weight is given, and the output is said to be ${body.stage ?? ''} only`,
      {
        state: body.stage ?? '',
      },
    );
  }
  const where = madeAt(context, body);
  if (where.kind === 'refused') return where;
  const zone = chosenZone(context, body.zone);
  if (zone.kind === 'refused') return zone;
  const double = await sheetDouble(context, body.sheet ?? null);
  if (double !== null) return double;
  const bound = body.code == null ? null : await codeToBind(context, body.code, null);
  if (bound?.kind === 'refused') return bound;
  const tareGrams = body.packagingGrams ?? where.outlet.packagingGrams;
  const weight =
    body.weight == null ? null : await resolveWeight(context, body.weight, { tareGrams, use: 'bale' });
  if (weight?.kind === 'refused') return weight;

  const number = await context.book.nextNumber('outputs');
  const output = `B${number}`;
  const { line, press, outlet } = where;
  const unit = body.unit ?? outlet.unit;
  const made = { output, number, line, press, outlet: outlet.id, unit };
  const sheet = body.sheet ?? null;
  const entry = body.entry ?? (sheet === null ? 'screen' : 'paper');
  const { occurredAt } = context;
  const proposal = body.proposal === undefined ? {} : { proposal: body.proposal };
  const payload = { ...made, entry, sheet, ...proposal };
  const started: Draft = { type: 'output.started', occurredAt, payload };
  const label = await labelOf(context, { ...made, code: bound?.code ?? null }, stage);
  return finished(context, body, { made, stage, zone: zone.zone, weight, before: [started], label });
};

interface Logged {
  readonly made: {
    readonly output: string;
    readonly number: number;
    readonly line: string;
    readonly outlet: string;
    readonly unit: string;
  };
  readonly stage: Stage;
  readonly zone: string | null;
  readonly weight: ResolvedWeight | null;
  readonly before: readonly Draft[];
  readonly label: readonly Draft[];
}

async function finished(
  context: ActContext,
  body: BaleBody,
  { made, stage, zone, weight, before, label }: Logged,
): Promise<Decision> {
  const { occurredAt } = context;
  const { output, number } = made;
  const drafts: Draft[] = [...before];
  const warnings: string[] = [];
  if (stage !== 'started') {
    const toWeigh = stage === 'to-weigh';
    drafts.push({ type: 'output.pressed', occurredAt, payload: { output, toWeigh } });
  }
  if (weight !== null) {
    const { netGrams } = weight;
    const { moves, shortGrams } = await takeForOutput(context.book, made, netGrams);
    const change = { corrects: null, changeGrams: netGrams, moves };
    const weighed = weighedOutput(context, made, weight, body, change);
    drafts.push(weighed.draft);
    warnings.push(...weighed.warnings, ...(shortGrams > 0 ? ['heavier-than-source'] : []));
  }
  drafts.push(...label);
  if (stage === 'to-weigh' || stage === 'done') {
    const placed = await placing(context, output, zone, weight?.netGrams ?? 0);
    drafts.push(...placed.drafts);
    warnings.push(...placed.warnings);
  }
  return fitting(recording(output, drafts, { number, warnings }));
}

/** @returns null when a weight is given for what is not finished. */
function stageOf({ stage, weight }: BaleBody): Stage | null {
  if (weight == null) return stage === 'done' ? 'to-weigh' : (stage ?? 'started');
  return stage === undefined || stage === 'done' ? 'done' : null;
}

/** A line of a paper sheet is entered once. */
async function sheetDouble({ book }: ActContext, sheet: string | null): Promise<Refused | null> {
  if (sheet === null) return null;
  const there = await book.outputBySheet(sheet);
  if (there === undefined || there.status === 'voided') return null;
  return refused('already-done', `line ${sheet} of the paper sheets is output ${there.output} already`, {
    sheet,
    output: there.output,
    number: there.number,
  });
}

async function labelOf(
  context: ActContext,
  made: {
    readonly output: string;
    readonly number: number;
    readonly press: string | null;
    readonly code: string | null;
  },
  stage: Stage,
): Promise<Draft[]> {
  const { output, code } = made;
  if (code !== null) {
    const payload = { output, code, how: 'bound' as const, printer: null };
    return [{ type: 'output.labelled', occurredAt: context.occurredAt, payload }];
  }
  return stage === 'to-weigh' || stage === 'done' ? firstLabel(context, made) : [];
}
