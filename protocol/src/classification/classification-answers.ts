/** What the dashboard answers about what outlets, outputs and lots are made of, and about audits. Masses are whole grams. */
import { Type, type Static } from 'typebox';
import { COMPOSITION_SOURCES, LOT_CLASS_BASES } from './composition-names.ts';
import { literals, nullable } from '../schema.ts';
import { CONDITION_GRADES, READINGS } from '../sort-programmes/programme-inputs.ts';
import { RECOGNISED_FIBRES } from './fibre-names.ts';

const Grams = Type.Integer();
const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Points = Type.Number({ minimum: 0, maximum: 100 });

/** A share of the dry mass with its standard error. */
export const EstimatedShare = Type.Object({
  fibre: literals(RECOGNISED_FIBRES),
  percent: Percent,
  /** Standard error, points. */
  errorPoints: Points,
  grams: nullable(Grams),
  errorGrams: nullable(Grams),
});
export type EstimatedShare = Static<typeof EstimatedShare>;

/** Taux d'erreur de tri of an outlet in a month: misplaced over sampled, of its audits, with an interval of 95 %. */
export const SortingError = Type.Object({
  audits: Type.Integer({ minimum: 0 }),
  sampledGrams: Grams,
  misplacedGrams: Grams,
  percent: Percent,
  lowPercent: Percent,
  highPercent: Percent,
});
export type SortingError = Static<typeof SortingError>;

/** What something is made of, and how well that is known. */
export const EstimatedComposition = Type.Object({
  source: literals(COMPOSITION_SOURCES),
  /** Pieces that were read; of them those with a composition. 0 and 0 where nothing is read. */
  pieces: Type.Integer({ minimum: 0 }),
  described: Type.Integer({ minimum: 0 }),
  /** Of the mass, or of the pieces; what is not described is taken for like the rest. */
  describedPercent: Percent,
  /** Largest first; empty: nothing is known. */
  shares: Type.Array(EstimatedShare),
  /** Sorting error that widened the shares; null: no audit of this outlet and month. */
  audit: nullable(SortingError),
});
export type EstimatedComposition = Static<typeof EstimatedComposition>;

/** An outlet of a line in a month: `GET /fractions`. */
export const FractionRow = Type.Object({
  line: Type.String(),
  outlet: Type.String(),
  /** `YYYY-MM`, local. */
  month: Type.String(),
  grams: Grams,
  composition: EstimatedComposition,
  readings: Type.Object(
    Object.fromEntries(READINGS.map((one) => [one, Type.Integer({ minimum: 0 })])) as Record<
      (typeof READINGS)[number],
      Type.TInteger
    >,
  ),
  /** Verdicts that came too late for the gate. */
  late: Type.Integer({ minimum: 0 }),
  programmes: Type.Array(Type.Object({ id: Type.String(), version: Type.Integer(), hash: Type.String() })),
  models: Type.Array(Type.String()),
});
export type FractionRow = Static<typeof FractionRow>;

/** `GET /bales/{id}/composition`. */
export const OutputComposition = Type.Object({
  output: Type.String(),
  outlet: Type.String(),
  netGrams: nullable(Grams),
  /** When what it is made of fell into the bin; null: not known. */
  fromMs: nullable(Type.Integer()),
  toMs: nullable(Type.Integer()),
  composition: EstimatedComposition,
  /** % of the mass as it is. `conventional`: agreed regain of its fibres (Reg. (EU) 1007/2011 annex IX). */
  moisturePercent: nullable(Percent),
  moistureSource: nullable(literals(['measured', 'conventional'] as const)),
  dryGrams: nullable(Grams),
  /** Dry mass with the agreed regain of its fibres. */
  conventionalGrams: nullable(Grams),
  grade: nullable(literals(CONDITION_GRADES)),
});
export type OutputComposition = Static<typeof OutputComposition>;

/** `GET /lots/{id}/class`: what outlets to expect of it. */
export const LotClass = Type.Object({
  lot: Type.String(),
  /** Outlets by which it is called, largest first; empty: nothing was found of it or of any like it. */
  class: Type.Array(Type.String()),
  basis: literals(LOT_CLASS_BASES),
  /** Lots that the expectation rests on; its own sorted mass. */
  likeLots: Type.Integer({ minimum: 0 }),
  receivedGrams: Grams,
  sortedGrams: Grams,
  /** Outlets, largest expected first. */
  outlets: Type.Array(
    Type.Object({
      outlet: Type.String(),
      foundGrams: Grams,
      expectedPercent: Percent,
      lowPercent: Percent,
      highPercent: Percent,
      /** Of what is still to be sorted. */
      forecastGrams: Grams,
    }),
  ),
});
export type LotClass = Static<typeof LotClass>;

/** `GET /audits`: by outlet and month; never by post. */
export const AuditRow = Type.Object({
  line: Type.String(),
  outlet: Type.String(),
  month: Type.String(),
  error: SortingError,
  /** Where what was misplaced belongs, largest first. */
  misplaced: Type.Array(Type.Object({ outlet: Type.String(), grams: Grams })),
  /**
   * The audits it rests on, oldest first, so that one that was noted wrongly can be taken back (`POST /audits/{event}/void`): the
   * day and how much was looked through, not what each of them found, which would be said of who sorted that day.
   */
  samples: Type.Array(Type.Object({ event: Type.String(), day: Type.String(), sampledGrams: Grams })),
});
export type AuditRow = Static<typeof AuditRow>;

/** `GET /audits/plan`: how much to sample of each outlet this month. */
export const AuditPlanRow = Type.Object({
  line: Type.String(),
  outlet: Type.String(),
  /** What is expected of it before sampling: from its audits of the last months, else {@link ASSUMED_ERROR_PERCENT}. */
  expectedPercent: Percent,
  isAssumed: Type.Boolean(),
  /** So much that the interval is ± the margin asked for; where less falls into the outlet, all of it. */
  neededGrams: Grams,
  sampledGrams: Grams,
  missingGrams: Grams,
});
export type AuditPlanRow = Static<typeof AuditPlanRow>;
