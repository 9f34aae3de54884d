/**
 * What a person or a screen says of a weight, made into figures and the weighing that it claims.
 *
 * A claimed weighing belongs to one load or one output: so the scale's record and what was made of it can be laid side
 * by side, and what nobody claimed is seen at the end of the shift.
 */
import type { WeightBody } from '@trame/protocol/material/act-parts';
import type { Weight } from '@trame/protocol/material/move';
import type { WeighingTable } from '../ledger/ledger-tables.ts';
import { refused, type ActContext, type Refused } from './decision.ts';
import { scaleOf } from './reference.ts';

/** A figure typed from an indicator or copied from paper is not above this: 10 t. */
export const TYPED_GRAMS_MAX = 10_000_000;
/** A weighbridge ticket or an estimate is not above this: 100 t, as for a weighing. */
export const WEIGHBRIDGE_GRAMS_MAX = 100_000_000;
/** A typed weight claims a weighing from so long before it… */
export const TYPED_BEFORE_MS = 15 * 60_000;
/** …to so long after it: clocks of kiosks and scales differ. */
export const TYPED_AFTER_MS = 2 * 60_000;
/** Times on paper are rounded, or guessed in the evening. */
export const PAPER_AROUND_MS = 6 * 3_600_000;
/** Weighings looked at to find the one that a typed figure means. */
const CANDIDATES_MAX = 500;

export interface ResolvedWeight {
  readonly kind: 'weight';
  readonly grossGrams: number | null;
  readonly tareGrams: number | null;
  /** Above 0. */
  readonly netGrams: number;
  readonly weight: Weight;
  /** `scale-expired`, `scale-refused`, `typed`. */
  readonly warnings: readonly string[];
}

export interface WeightDefaults {
  /** Tare or packaging where the weight itself says none; null: not known, taken as nothing. */
  readonly tareGrams: number | null;
  /** Which scales a figure may have been read from when none is named. */
  readonly use: 'reception' | 'bale';
  /** Account that is weighed: a weighing which it claims already may be claimed by it again. */
  readonly claimant?: string;
}

type Typed = Exclude<WeightBody, { how: 'scale' }>;

/** @returns whole grams; gross − tare = net wherever all three are known. */
export async function resolveWeight(
  context: ActContext,
  body: WeightBody,
  defaults: WeightDefaults,
): Promise<ResolvedWeight | Refused> {
  return body.how === 'scale'
    ? fromWeighing(context, body.weighing, defaults)
    : fromFigures(context, body, defaults);
}

async function fromWeighing(
  context: ActContext,
  id: string,
  defaults: WeightDefaults,
): Promise<ResolvedWeight | Refused> {
  const found = await context.book.weighing(id);
  if (found === null)
    return refused('unknown-weighing', `no scale recorded a weighing «${id}»`, { weighing: id });
  const { weighing, claimedBy } = found;
  if (weighing.kind !== 'recorded') {
    const reason = weighing.reason ?? weighing.kind;
    return refused('weighing-refused', `weighing «${id}» does not count: ${reason}`, {
      weighing: id,
      reason,
    });
  }
  if (weighing.contradicts !== null) {
    return refused(
      'weighing-refused',
      `weighing «${id}» contradicts «${weighing.contradicts}» of the same number`,
      {
        weighing: id,
        reason: 'contradicts',
      },
    );
  }
  if (claimedBy !== null && !(await mayClaimAgain(context, claimedBy, defaults.claimant))) {
    return refused('weighing-claimed', `weighing «${id}» is that of ${claimedBy} already`, {
      weighing: id,
      by: claimedBy,
    });
  }
  const shownGrams = weighing.netGrams ?? 0;
  const tared = weighing.tareKind !== 'none' && weighing.tareKind !== null;
  // An indicator that tells the net alone, and was not tared, shows the gross.
  const grossGrams = weighing.grossGrams ?? (tared ? null : shownGrams);
  const taredGrams = weighing.tareGrams ?? (grossGrams === null ? null : grossGrams - shownGrams);
  const tareGrams = tared ? taredGrams : (defaults.tareGrams ?? 0);
  const netGrams = tared || grossGrams === null ? shownGrams : grossGrams - (tareGrams ?? 0);
  return (
    impossible({ grossGrams, tareGrams, netGrams }) ?? {
      kind: 'weight',
      grossGrams,
      tareGrams,
      netGrams,
      weight: {
        how: 'scale',
        weighing: weighing.id,
        scale: weighing.scale,
        intervalGrams:
          weighing.intervalGrams ?? scaleOf(context.reference, weighing.scale)?.intervalGrams ?? null,
      },
      warnings: verificationWarnings(weighing),
    }
  );
}

/** What was voided never was: its weighing is free for what is logged in its place. */
async function mayClaimAgain(
  context: ActContext,
  claimedBy: string,
  claimant: string | undefined,
): Promise<boolean> {
  if (claimedBy === claimant) return true;
  if (!claimedBy.startsWith('output:')) return false;
  return (await context.book.output(claimedBy.slice('output:'.length)))?.status === 'voided';
}

async function fromFigures(
  context: ActContext,
  body: Typed,
  defaults: WeightDefaults,
): Promise<ResolvedWeight | Refused> {
  const scale = body.scale ?? null;
  if (scale !== null && scaleOf(context.reference, scale) === undefined)
    return refused('unknown-scale', `no scale «${scale}»`, { scale });
  const figures = figuresOf(body, defaults.tareGrams);
  if (figures === null) return refused('impossible-weight', 'neither a gross nor a net weight is given');
  const maxGrams = body.how === 'typed' || body.how === 'paper' ? TYPED_GRAMS_MAX : WEIGHBRIDGE_GRAMS_MAX;
  const largest = Math.max(figures.grossGrams ?? 0, figures.netGrams);
  if (largest > maxGrams) {
    return refused('impossible-weight', `${largest} g is more than the ${maxGrams} g that can be typed`, {
      grams: largest,
      maxGrams,
    });
  }
  const wrong = impossible(figures);
  if (wrong !== null) return wrong;
  const claimed = await meant(context, body, figures.grossGrams ?? figures.netGrams, defaults);
  return {
    kind: 'weight',
    ...figures,
    weight: {
      how: body.how,
      weighing: claimed?.id ?? null,
      scale: scale ?? claimed?.scale ?? null,
      intervalGrams: claimed?.intervalGrams ?? intervalOf(context, scale ?? claimed?.scale ?? null),
    },
    warnings: [
      ...(body.how === 'typed' ? ['typed'] : []),
      ...(claimed === null ? [] : verificationWarnings(claimed)),
    ],
  };
}

interface Figures {
  readonly grossGrams: number | null;
  readonly tareGrams: number | null;
  readonly netGrams: number;
}

/** @returns null when there is nothing to weigh by. A net that is said outright is taken as it is. */
function figuresOf(body: Typed, defaultTareGrams: number | null): Figures | null {
  const gross = body.grossGrams ?? null;
  const tare = body.tareGrams ?? null;
  const net = body.netGrams ?? null;
  if (gross !== null) {
    const tareGrams = tare ?? (net === null ? (defaultTareGrams ?? 0) : gross - net);
    return { grossGrams: gross, tareGrams, netGrams: gross - tareGrams };
  }
  if (net === null) return null;
  return { grossGrams: tare === null ? null : net + tare, tareGrams: tare, netGrams: net };
}

function impossible({ grossGrams, tareGrams, netGrams }: Figures): Refused | null {
  if (tareGrams !== null && tareGrams < 0) {
    return refused(
      'impossible-weight',
      `a net of ${netGrams} g is more than the gross of ${grossGrams ?? 0} g`,
      {
        netGrams,
        grossGrams: grossGrams ?? 0,
      },
    );
  }
  if (grossGrams !== null && tareGrams !== null && tareGrams >= grossGrams) {
    return refused('tare-above-gross', `the tare of ${tareGrams} g leaves nothing of ${grossGrams} g`, {
      tareGrams,
      grossGrams,
    });
  }
  return netGrams > 0 ? null : refused('net-not-positive', `the net is ${netGrams} g`, { netGrams });
}

/**
 * The weighing that a figure was read off: the nearest in time of the scale that is named. Of paper, or when no scale
 * is named, only one that cannot be taken for another.
 */
async function meant(
  context: ActContext,
  body: Typed,
  shownGrams: number,
  { use }: WeightDefaults,
): Promise<WeighingTable | null> {
  if (body.how !== 'typed' && body.how !== 'paper') return null;
  const at = context.occurredAt;
  const [fromMs, toMs] =
    body.how === 'paper'
      ? [at - PAPER_AROUND_MS, at + PAPER_AROUND_MS]
      : [at - TYPED_BEFORE_MS, at + TYPED_AFTER_MS];
  const scale = body.scale ?? undefined;
  const near = await context.book.unclaimed(fromMs, toMs, CANDIDATES_MAX, scale);
  const fitting = near.filter(
    (weighing) =>
      (scale !== undefined || weighing.use === use) &&
      isShown(weighing, shownGrams, weighing.intervalGrams ?? intervalOf(context, weighing.scale) ?? 0),
  );
  if (body.how === 'paper' || scale === undefined) return fitting.length === 1 ? (fitting[0] ?? null) : null;
  return fitting.sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0] ?? null;
}

function isShown({ grossGrams, netGrams }: WeighingTable, grams: number, intervalGrams: number): boolean {
  return [grossGrams, netGrams].some((shown) => shown !== null && Math.abs(shown - grams) <= intervalGrams);
}

function intervalOf({ reference }: ActContext, scale: string | null): number | null {
  return scale === null ? null : (scaleOf(reference, scale)?.intervalGrams ?? null);
}

/** Such a scale goes on working for internal use; for payment it is blocked. */
function verificationWarnings({ verification }: WeighingTable): string[] {
  if (verification === 'expired') return ['scale-expired'];
  return verification === 'refused' ? ['scale-refused'] : [];
}
