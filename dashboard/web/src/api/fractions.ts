/** What the page asks about what outlets, outputs and lots are made of, and about audits. */
import type {
  AuditPlanRow,
  AuditRow,
  EstimatedComposition,
  EstimatedShare,
  FractionRow,
  LotClass,
  OutputComposition,
  SortingError,
} from '@trame/protocol/classification/classification-answers';
import type { LineProgrammeRow, ProgrammeAnswer } from '@trame/protocol/sort-programmes/programme-answers';
import { FIBRE_WORDS } from '@trame/protocol/sort-programmes/input-words';
import {
  CONDITION_GRADES,
  READINGS,
  type ConditionGrade,
  type FibreReading,
} from '@trame/protocol/sort-programmes/programme-inputs';
import type { Ceiling } from '@trame/protocol/sort-programmes/sort-programme';
import { BASIS_WORDS, SOURCE_WORDS } from '../fractions/fraction-words.ts';
import { address, type Query } from '../material/address.ts';
import type { Page } from '../material/material-reads.ts';
import { request, type Answer } from './request.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape, type Guard } from './shape.ts';

const someNumber = orNull(isNumber);
const isReadings = shape<FractionRow['readings']>(
  Object.fromEntries(READINGS.map((one) => [one, isNumber])) as Record<FibreReading, Guard<number>>,
);
const GRADES = Object.fromEntries(CONDITION_GRADES.map((one) => [one, true])) as Record<ConditionGrade, true>;

const isError = shape<SortingError>({
  audits: isNumber,
  sampledGrams: isNumber,
  misplacedGrams: isNumber,
  percent: isNumber,
  lowPercent: isNumber,
  highPercent: isNumber,
});

const isComposition = shape<EstimatedComposition>({
  source: keyOf(SOURCE_WORDS),
  pieces: isNumber,
  described: isNumber,
  describedPercent: isNumber,
  shares: listOf(
    shape<EstimatedShare>({
      fibre: keyOf(FIBRE_WORDS),
      percent: isNumber,
      errorPoints: isNumber,
      grams: someNumber,
      errorGrams: someNumber,
    }),
  ),
  audit: orNull(isError),
});

const isFraction = shape<FractionRow>({
  line: isText,
  outlet: isText,
  month: isText,
  grams: isNumber,
  composition: isComposition,
  readings: isReadings,
  late: isNumber,
  programmes: listOf(
    shape<FractionRow['programmes'][number]>({ id: isText, version: isNumber, hash: isText }),
  ),
  models: listOf(isText),
});

const isOutputComposition = shape<OutputComposition>({
  output: isText,
  outlet: isText,
  netGrams: someNumber,
  fromMs: someNumber,
  toMs: someNumber,
  composition: isComposition,
  moisturePercent: someNumber,
  moistureSource: orNull(keyOf({ measured: true, conventional: true })),
  dryGrams: someNumber,
  conventionalGrams: someNumber,
  grade: orNull(keyOf(GRADES)),
});

const isLotClass = shape<LotClass>({
  lot: isText,
  class: listOf(isText),
  basis: keyOf(BASIS_WORDS),
  likeLots: isNumber,
  receivedGrams: isNumber,
  sortedGrams: isNumber,
  outlets: listOf(
    shape<LotClass['outlets'][number]>({
      outlet: isText,
      foundGrams: isNumber,
      expectedPercent: isNumber,
      lowPercent: isNumber,
      highPercent: isNumber,
      forecastGrams: isNumber,
    }),
  ),
});

const isAudit = shape<AuditRow>({
  line: isText,
  outlet: isText,
  month: isText,
  error: isError,
  misplaced: listOf(shape<AuditRow['misplaced'][number]>({ outlet: isText, grams: isNumber })),
  samples: listOf(shape<AuditRow['samples'][number]>({ event: isText, day: isText, sampledGrams: isNumber })),
});

const isAuditPlan = shape<AuditPlanRow>({
  line: isText,
  outlet: isText,
  expectedPercent: isNumber,
  isAssumed: isFlag,
  neededGrams: isNumber,
  sampledGrams: isNumber,
  missingGrams: isNumber,
});

function ask<T>(guard: Guard<T>, path: string, query: Query, signal: AbortSignal): Promise<Answer<T>> {
  return request({
    method: 'GET',
    path: address(`/api/v1${path}`, query),
    read: (body) => (guard(body) ? body : null),
    signal,
  });
}

function pageOf<T>(guard: Guard<T>): Guard<Page<T>> {
  return shape<{ rows: T[]; next: string | null }>({ rows: listOf(guard), next: orNull(isText) });
}

const isFractions = pageOf(isFraction);
const isAudits = pageOf(isAudit);
const isPlan = shape<{ rows: AuditPlanRow[] }>({ rows: listOf(isAuditPlan) });

export const listFractions = (query: Query, signal: AbortSignal): Promise<Answer<Page<FractionRow>>> =>
  ask(isFractions, '/fractions', query, signal);

export const listAudits = (query: Query, signal: AbortSignal): Promise<Answer<Page<AuditRow>>> =>
  ask(isAudits, '/audits', query, signal);

/** How much to sample of each outlet this month. @param margin points. */
export const getAuditPlan = (
  line: string,
  margin: number,
  signal: AbortSignal,
): Promise<Answer<{ rows: AuditPlanRow[] }>> => ask(isPlan, '/audits/plan', { line, margin }, signal);

export const getOutputComposition = (id: string, signal: AbortSignal): Promise<Answer<OutputComposition>> =>
  ask(isOutputComposition, `/bales/${encodeURIComponent(id)}/composition`, {}, signal);

export const getLotClass = (id: string, signal: AbortSignal): Promise<Answer<LotClass>> =>
  ask(isLotClass, `/lots/${encodeURIComponent(id)}/class`, {}, signal);

type Follows = Pick<LineProgrammeRow, 'line'> & {
  readonly follows: Pick<NonNullable<LineProgrammeRow['follows']>, 'programme' | 'version'> | null;
};
const isLineProgrammes = shape<{ rows: Follows[] }>({
  rows: listOf(
    shape<Follows>({
      line: isText,
      follows: orNull(
        shape<NonNullable<Follows['follows']>>({ programme: orNull(isText), version: someNumber }),
      ),
    }),
  ),
});

/** Which programme each line follows. */
export const getFollowed = (signal: AbortSignal): Promise<Answer<{ rows: Follows[] }>> =>
  ask(isLineProgrammes, '/sort-programmes/lines', {}, signal);

type WithCeilings = Pick<ProgrammeAnswer, 'version'> & {
  readonly programme: { readonly ceilings: Ceiling[] };
};
const isWithCeilings = shape<WithCeilings>({
  version: isNumber,
  programme: shape<WithCeilings['programme']>({
    ceilings: listOf(
      shape<Ceiling>({ outlet: isText, substance: isText, mgPerKgDry: isNumber, source: isText }),
    ),
  }),
});

/** Of a version of a programme what outlets may hold at most. */
export const getProgrammeCeilings = (
  id: string,
  version: number,
  signal: AbortSignal,
): Promise<Answer<WithCeilings>> =>
  ask(isWithCeilings, `/sort-programmes/${encodeURIComponent(id)}`, { version }, signal);
