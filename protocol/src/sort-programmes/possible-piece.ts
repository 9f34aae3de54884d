/**
 * Whether there can be a piece in a box, and one that is. What boxes do not say: shares of fibres add up to 100, a group
 * is the sum of its fibres, shares are known all or none, and only of what was read as one fibre or as a blend.
 */
import { RECOGNISED_FIBRES, type RecognisedFibre } from '../classification/fibre-names.ts';
import { hasCell, runsOf, type Run } from './cell-runs.ts';
import { asWritten } from './decimals.ts';
import { otherFacts, type OtherFacts } from './other-facts.ts';
import {
  cellsOf,
  isInBox,
  isShare,
  unknownBit,
  type Box,
  type NumberAxis,
  type PieceSpace,
} from './piece-space.ts';
import { READINGS, type FibreReading, type PieceFacts } from './programme-inputs.ts';
import { innerPoint, type Inequality } from './solve-inequalities.ts';

export interface FoundPiece {
  readonly facts: PieceFacts;
  /** In which cell of each axis it lies. */
  readonly cells: readonly number[];
}

/** How much may be tried; what is left of it is shared by those who are given the same. */
export interface Budget {
  tries: number;
}

/** Readings after which shares may be known. */
const READ: readonly FibreReading[] = ['pure', 'blend'];
/** Points away from the limits that do for an example. */
const ENOUGH_POINTS = 5;
/** A strip between two limits that is narrower, in points, counts as none. */
const STRIP_POINTS = 1e-6;

/** @returns null: there can be none; `given-up`: the budget did not do. */
export function possiblePiece(space: PieceSpace, box: Box, budget: Budget): FoundPiece | null | 'given-up' {
  const readings = readingsIn(space, box);
  const shares = space.axes.flatMap((axis, index) =>
    isShare(axis) ? [{ axis, bits: box[index] ?? 0n }] : [],
  );
  const others = otherFacts(space, box);
  if (others === null) return null;
  const mayBeKnown = readings.some((reading) => READ.includes(reading));
  if (shares.length > 0 && mayBeKnown) {
    const piece = readPiece(space, shares, budget, (blend) => placed(space, box, blend, readings, others));
    if (piece !== null) return piece;
  }
  if (shares.some(({ axis, bits }) => (bits & unknownBit(axis)) === 0n)) return null;
  return placed(space, box, null, readings, others);
}

function readingsIn({ axes }: PieceSpace, box: Box): readonly FibreReading[] {
  const index = axes.findIndex(({ input }) => input === 'reading');
  if (index === -1) return READINGS;
  return READINGS.filter((_, cell) => hasCell(box[index], cell));
}

interface Shares {
  readonly axis: NumberAxis & { readonly fibres: readonly RecognisedFibre[] };
  readonly bits: bigint;
}

interface Blend {
  readonly composition: Readonly<Partial<Record<RecognisedFibre, number>>>;
  readonly errorPoints: number;
}

/** Of every choice of runs, one for each axis, the first that some blend satisfies. */
function readPiece(
  space: PieceSpace,
  shares: readonly Shares[],
  budget: Budget,
  place: (blend: Blend) => FoundPiece | null,
): FoundPiece | null | 'given-up' {
  const choices = shares.map(({ axis, bits }) => runsOf(axis, bits));
  const lumps = lumpsOf(shares);
  const chosen: Run[] = [];
  const tryFrom = (index: number): FoundPiece | null | 'given-up' => {
    const runs = choices[index];
    if (runs === undefined) {
      if (budget.tries <= 0) return 'given-up';
      budget.tries -= 1;
      const blend = blendBetween(space, lumps, chosen);
      return blend === null ? null : place(blend);
    }
    for (const run of runs) {
      chosen[index] = run;
      const found = tryFrom(index + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return tryFrom(0);
}

/** Fibres that no axis tells apart, named by the first of them, and the axes that count them. */
interface Lump {
  readonly fibre: RecognisedFibre;
  readonly isCounted: readonly boolean[];
}

function lumpsOf(shares: readonly Shares[]): Lump[] {
  const lumps = new Map<string, Lump>();
  for (const fibre of RECOGNISED_FIBRES) {
    const isCounted = shares.map(({ axis }) => axis.fibres.includes(fibre));
    const key = isCounted.join();
    if (!lumps.has(key)) lumps.set(key, { fibre, isCounted });
  }
  return [...lumps.values()];
}

/** Unknowns: the share of each lump, and how much the error is above the least of the slice. */
function blendBetween({ slice }: PieceSpace, lumps: readonly Lump[], runs: readonly Run[]): Blend | null {
  const ones = lumps.map(() => 1);
  const fixed: Inequality[] = [
    { coefficients: [...ones, 0], atMost: 100, inside: false },
    { coefficients: [...ones.map(() => -1), 0], atMost: -100, inside: false },
    { coefficients: [...ones.map(() => 0), 1], atMost: slice.to - slice.from, inside: false },
  ];
  const limits = runs.flatMap(({ lower, upper }, axis) => {
    const counted = lumps.map(({ isCounted }) => (isCounted[axis] === true ? 1 : 0));
    const found: { readonly isUpper: boolean; readonly row: Inequality }[] = [];
    if (lower !== null) {
      const coefficients = [...counted.map((one) => -one), lower.perError];
      const atMost = -lower.at - lower.perError * slice.from;
      found.push({ isUpper: false, row: { coefficients, atMost, inside: true } });
    }
    if (upper !== null) {
      const coefficients = [...counted, -upper.perError];
      const atMost = upper.at + upper.perError * slice.from;
      found.push({ isUpper: true, row: { coefficients, atMost, inside: true } });
    }
    return found;
  });
  const variables = lumps.length + 1;
  const rows = [...fixed, ...limits.map(({ row }) => row)];
  let point = innerPoint(variables, rows, ENOUGH_POINTS);
  if (point === null) return null;
  if (point.distance <= STRIP_POINTS) {
    // A lower limit may be touched, an upper one not.
    const strict = limits.map(({ isUpper, row }) => ({ ...row, inside: isUpper }));
    point = innerPoint(variables, [...fixed, ...strict], ENOUGH_POINTS);
    if (point === null || point.distance <= STRIP_POINTS) return null;
  }
  const { values } = point;
  const composition = Object.fromEntries(
    lumps.flatMap(({ fibre }, index) => {
      const share = asWritten(values[index] ?? 0);
      return share > 0 ? [[fibre, share]] : [];
    }),
  );
  return { composition, errorPoints: asWritten(slice.from + (values[lumps.length] ?? 0)) };
}

/**
 * Puts a piece together, in round figures where those lie in the box as well.
 * @returns null where limits only touch in a point that decimals cannot write.
 */
function placed(
  space: PieceSpace,
  box: Box,
  blend: Blend | null,
  readings: readonly FibreReading[],
  others: OtherFacts,
): FoundPiece | null {
  const withBlend = (one: Blend | null): FoundPiece => {
    const facts: PieceFacts = {
      ...others,
      reading: fittingReading(one, readings),
      composition: one?.composition ?? null,
      errorPoints: one?.errorPoints ?? 0,
    };
    return { facts, cells: cellsOf(space, facts) };
  };
  if (blend !== null) {
    for (const places of [0, 1]) {
      const round = withBlend(roundBlend(blend, places));
      const { errorPoints } = round.facts;
      const isInSlice = errorPoints >= space.slice.from && errorPoints <= space.slice.to;
      if (isInSlice && isInBox(box, round.cells)) return round;
    }
  }
  const exact = withBlend(blend);
  return isInBox(box, exact.cells) ? exact : null;
}

function fittingReading(blend: Blend | null, readings: readonly FibreReading[]): FibreReading {
  const order: readonly FibreReading[] =
    blend === null
      ? ['none', 'unknown', 'see-through', 'unreadable', 'blend', 'pure']
      : Object.keys(blend.composition).length > 1
        ? ['blend', 'pure']
        : ['pure', 'blend'];
  return order.find((reading) => readings.includes(reading)) ?? 'none';
}

/** To so many places, still adding up to 100: what rounding leaves goes to the largest share. */
function roundBlend({ composition, errorPoints }: Blend, places: number): Blend {
  const scale = 10 ** places;
  const round = (value: number) => Math.round(value * scale) / scale;
  const shares = Object.entries(composition).map(([fibre, share]) => ({ fibre, share: round(share) }));
  const [largest] = shares.toSorted((a, b) => b.share - a.share);
  const left = 100 - shares.reduce((sum, { share }) => sum + share, 0);
  if (largest !== undefined) largest.share = asWritten(largest.share + left);
  return {
    composition: Object.fromEntries(
      shares.filter(({ share }) => share > 0).map((one) => [one.fibre, one.share]),
    ),
    errorPoints: round(errorPoints),
  };
}
