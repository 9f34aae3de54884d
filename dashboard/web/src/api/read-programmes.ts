/** Guards of what is answered about sort programmes. */
import type { ProgrammeDryRunData } from '@trame/protocol/classification/item-requests';
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { DryRunExample, DryRunFlow } from '@trame/protocol/sort-programmes/dry-run';
import { isChoiceInput, isNumberInput } from '@trame/protocol/sort-programmes/input-words';
import { READINGS, type PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';
import type {
  LineProgrammeRow,
  LineProgrammes,
  ProgrammeAnswer,
  ProgrammeRow,
  ProgrammeVersionRow,
} from '@trame/protocol/sort-programmes/programme-answers';
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import type { RuleTests, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import type { Page } from '../material/material-reads.ts';
import { isRecord } from './json.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orLeftOut, orNull, shape, type Guard } from './shape.ts';

/** Its words say it all; a later server may know other faults. */
const isFault = (value: unknown): value is ToldFinding['fault'] => isText(value);

const isFinding = shape<ToldFinding>({
  fault: isFault,
  weight: keyOf({ error: null, warning: null, note: null }),
  about: listOf(isText),
  at: isText,
  words: isText,
});

export const isFindings = shape<{ rows: ToldFinding[] }>({ rows: listOf(isFinding) });

/** @returns those of a refusal; none when it brought none that can be read. */
export function readFindings(value: unknown): readonly ToldFinding[] {
  return listOf(isFinding)(value) ? value : [];
}

export const isSaved = shape<ActAnswer>({
  id: isText,
  number: orNull(isNumber),
  events: listOf(isText),
  warnings: listOf(isText),
  findings: orLeftOut(listOf(isFinding)),
  replayed: isFlag,
});

/** Tests of inputs that this page knows; of another one it could not say what it asks. */
const isTests = (value: unknown): value is RuleTests =>
  isRecord(value) && Object.entries(value).every(([input, test]) => isTest(input, test));

function isTest(input: string, test: unknown): boolean {
  if (!isRecord(test) || !orLeftOut(isFlag)(test['orUnknown'])) return false;
  if (isNumberInput(input)) {
    const { atLeast, below, guard } = test;
    return orLeftOut(isText)(atLeast) && orLeftOut(isText)(below) && orLeftOut(isNumber)(guard);
  }
  if (isChoiceInput(input)) return listOf(isText)(test['in']);
  return (
    input === 'disruptors' &&
    orLeftOut(listOf(isText))(test['anyOf']) &&
    orLeftOut(listOf(isText))(test['noneOf'])
  );
}

const isThresholds = (value: unknown): value is SortProgramme['thresholds'] =>
  isRecord(value) &&
  Object.values(value).every(
    (one) =>
      isRecord(one) &&
      isText(one['source']) &&
      (isNumber(one['value']) || (isText(one['of']) && isNumber(one['plus']))),
  );

const isFormat = (value: unknown): value is SortProgramme['format'] => value === 'trame-sort-programme';

export const isSortProgramme = shape<SortProgramme>({
  format: isFormat,
  id: isText,
  version: isNumber,
  label: isText,
  note: orLeftOut(isText),
  example: isFlag,
  thresholds: isThresholds,
  ceilings: listOf(
    shape<SortProgramme['ceilings'][number]>({
      outlet: isText,
      substance: isText,
      mgPerKgDry: isNumber,
      source: isText,
    }),
  ),
  rules: listOf(
    shape<SortProgramme['rules'][number]>({
      id: isText,
      label: isText,
      when: isTests,
      outlet: isText,
      note: orLeftOut(isText),
    }),
  ),
});

export const isExamples = shape<{ rows: SortProgramme[] }>({ rows: listOf(isSortProgramme) });

const isLineVersion = shape<ProgrammeRow['followed'][number]>({
  line: isText,
  version: isNumber,
  at: isNumber,
});

const isProgrammeRow = shape<ProgrammeRow>({
  id: isText,
  version: isNumber,
  hash: isText,
  label: isText,
  example: isFlag,
  note: isText,
  savedAt: isNumber,
  followed: listOf(isLineVersion),
  waiting: listOf(
    shape<ProgrammeRow['waiting'][number]>({ line: isText, version: isNumber, at: isNumber, byYou: isFlag }),
  ),
});

const versionMembers = {
  version: isNumber,
  hash: isText,
  label: isText,
  note: isText,
  savedAt: isNumber,
  byYou: isFlag,
};
const isVersionRow = shape<ProgrammeVersionRow>(versionMembers);

function isPage<T>(guard: Guard<T>): Guard<Page<T>> {
  return shape<{ rows: T[]; next: string | null }>({ rows: listOf(guard), next: orNull(isText) });
}
export const isProgrammePage = isPage(isProgrammeRow);
export const isVersionPage = isPage(isVersionRow);

export const isProgrammeAnswer = shape<ProgrammeAnswer>({
  ...versionMembers,
  lastVersion: isNumber,
  programme: isSortProgramme,
});

const isLineRow = shape<LineProgrammeRow>({
  line: isText,
  outlets: listOf(isText),
  follows: orNull(
    shape<NonNullable<LineProgrammeRow['follows']>>({
      programme: orNull(isText),
      version: orNull(isNumber),
      hash: orNull(isText),
      label: orNull(isText),
      at: isNumber,
      by: keyOf({ line: null, approval: null }),
    }),
  ),
  approved: orNull(
    shape<NonNullable<LineProgrammeRow['approved']>>({
      programme: isText,
      version: isNumber,
      hash: isText,
      at: isNumber,
    }),
  ),
  waiting: orNull(
    shape<NonNullable<LineProgrammeRow['waiting']>>({
      programme: isText,
      version: isNumber,
      hash: isText,
      note: isText,
      at: isNumber,
      byYou: isFlag,
    }),
  ),
});

export const isLineProgrammes = shape<Omit<LineProgrammes, 'next'>>({
  approvals: isNumber,
  rows: listOf(isLineRow),
}) as Guard<LineProgrammes>;

/** A change in words; what stood there is told by them. */
export interface Diff {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly { readonly kind: string; readonly about: string; readonly words: string }[];
}

export const isDiff = shape<Diff>({
  from: isNumber,
  to: isNumber,
  rows: listOf(shape<Diff['rows'][number]>({ kind: isText, about: isText, words: isText })),
});

const isReading = (value: unknown): value is PieceFacts['reading'] => READINGS.some((word) => word === value);

/** Words of a piece that this page does not know are said as they stand: no more than their kind is asked here. */
const isFacts = ((value: unknown): boolean =>
  isRecord(value) && isReading(value['reading']) && isNumber(value['errorPoints'])) as Guard<PieceFacts>;

const isExample = shape<DryRunExample>({ facts: isFacts, grams: isNumber, rule: orNull(isText) });
const isSum = { pieces: isNumber, grams: isNumber };

export const isDryRun = shape<ProgrammeDryRunData>({
  report: shape<ProgrammeDryRunData['report']>({
    ...isSum,
    changed: shape<ProgrammeDryRunData['report']['changed']>(isSum),
    changedPercent: shape<ProgrammeDryRunData['report']['changedPercent']>({
      pieces: orNull(isNumber),
      grams: orNull(isNumber),
    }),
    flows: listOf(shape<DryRunFlow>({ from: isText, to: isText, ...isSum, examples: listOf(isExample) })),
    rules: listOf(shape<ProgrammeDryRunData['report']['rules'][number]>({ rule: isText, ...isSum })),
  }),
  assumedWeights: isNumber,
  isWhole: isFlag,
});
