/** The weight of an output as the event says it: gross − packaging = net, and whether somebody should look again. */
import type { MaterialPayloads } from '@trame/protocol/material/material-payloads';
import type { ActContext, Draft } from '../material/decision.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { outletOf } from '../material/reference.ts';
import type { ResolvedWeight } from '../material/resolve-weight.ts';

/** What the body of an act says beside the weight itself. */
export interface SaidOfWeight {
  readonly pieces?: number | null;
  readonly pairs?: number | null;
  /** Somebody said yes to a weight outside the usual range. */
  readonly unusual?: boolean;
}

export interface WeighedOutput {
  readonly draft: Draft;
  /** Those of the weight, `unusual-weight`, `not-counted`. */
  readonly warnings: readonly string[];
}

export type WeightChange = Pick<MaterialPayloads['output.weighed'], 'corrects' | 'changeGrams' | 'moves'>;

/** Outside the usual range it is recorded all the same: a re-weigh is asked for. */
export function weighedOutput(
  { reference, occurredAt }: ActContext,
  { output, outlet, unit }: Pick<OutputTable, 'output' | 'outlet' | 'unit'>,
  { grossGrams, tareGrams, netGrams, weight, warnings }: ResolvedWeight,
  said: SaidOfWeight,
  change: WeightChange,
): WeighedOutput {
  const usual = outletOf(reference, outlet)?.usualGrams ?? null;
  const unusual = usual !== null && (netGrams < usual.min || netGrams > usual.max);
  const { pieces = null, pairs = null } = said;
  const uncounted = (unit === 'pieces' && pieces === null) || (unit === 'pairs' && pairs === null);
  return {
    draft: {
      type: 'output.weighed',
      occurredAt,
      payload: {
        output,
        grossGrams,
        packagingGrams: tareGrams ?? 0,
        netGrams,
        weight,
        pieces,
        pairs,
        unusual,
        ...change,
      },
    },
    warnings: [
      ...warnings,
      ...(unusual && said.unusual !== true ? ['unusual-weight'] : []),
      ...(uncounted ? ['not-counted'] : []),
    ],
  };
}
