/** Reads what a line tells of a piece: what the page could not say in words is not read at all. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { FibreShare, FibreVerdict, GateResult } from '@trame/protocol/classification/fibre-verdict';
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import { OVERRIDE_REASONS, VERDICT_WRITES } from '@trame/protocol/classification/item-names';
import type {
  ItemExplainData,
  ItemOverrideRow,
  ItemRow,
  ItemShape,
} from '@trame/protocol/classification/item-requests';
import { PRODUCT_FAMILIES } from '@trame/protocol/material/material-names';
import type { FailedTest } from '@trame/protocol/sort-programmes/decide-outlet';
import {
  CATEGORIES,
  CHOICE_INPUTS,
  COLOURS,
  CONDITION_GRADES,
  DISRUPTORS,
  NUMBER_INPUTS,
  READINGS,
  SET_INPUTS,
  type PieceFacts,
} from '@trame/protocol/sort-programmes/programme-inputs';
import { REFUSAL_WORDS } from '../pieces/piece-words.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape, type Guard } from './shape.ts';

function oneOf<const T extends string>(words: readonly T[]): Guard<T> {
  return (value): value is T => words.some((word) => word === value);
}

/** Either of them. */
function either<A, B>(first: Guard<A>, second: Guard<B>): Guard<A | B> {
  return (value): value is A | B => first(value) || second(value);
}

const isReading = oneOf(READINGS);
const isFibre = oneOf(RECOGNISED_FIBRES);
const isRefusal = keyOf(REFUSAL_WORDS);
const isShare = shape<FibreShare>({ fibre: isFibre, percent: isNumber });
const isNumbers = listOf(isNumber);

export const isItem = shape<ItemRow>({
  id: isText,
  readAt: isNumber,
  reading: isReading,
  fibre: orNull(isFibre),
  refusal: orNull(isRefusal),
  probability: orNull(isNumber),
  composition: listOf(isShare),
  errorPoints: orNull(isNumber),
  decided: isText,
  rule: orNull(isText),
  wrote: oneOf(VERDICT_WRITES),
  outlet: isText,
  overrides: isNumber,
  overriddenTo: orNull(isText),
});

const isGate = shape<GateResult>({
  gate: isRefusal,
  passed: isFlag,
  measured: orNull(isNumber),
  limit: orNull(isNumber),
});

const isVerdict = shape<FibreVerdict>({
  fibre: orNull(isFibre),
  refusal: orNull(isRefusal),
  probability: orNull(isNumber),
  composition: listOf(isShare),
  errorPoints: orNull(isNumber),
  background: orNull(isNumber),
  gates: listOf(isGate),
  model: orNull(shape<NonNullable<FibreVerdict['model']>>({ id: isText, sha256: isText })),
});

const isComposition: Guard<NonNullable<PieceFacts['composition']>> = (
  value,
): value is NonNullable<PieceFacts['composition']> =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([fibre, percent]) => isFibre(fibre) && isNumber(percent));

const isFacts = shape<PieceFacts>({
  reading: isReading,
  composition: orNull(isComposition),
  errorPoints: isNumber,
  colour: orNull(oneOf(COLOURS)),
  moisturePercent: orNull(isNumber),
  disruptors: orNull(listOf(oneOf(DISRUPTORS))),
  grade: orNull(oneOf(CONDITION_GRADES)),
  weightG: orNull(isNumber),
  category: orNull(oneOf(CATEGORIES)),
  family: orNull(oneOf(PRODUCT_FAMILIES)),
});

/** The member of the union that one of these words may stand in. */
type Failed<W extends FailedTest['why'], F extends FailedTest = FailedTest> = F extends FailedTest
  ? W extends F['why']
    ? F
    : never
  : never;

const isNumberInput = keyOf(NUMBER_INPUTS);
const isChoiceInput = keyOf(CHOICE_INPUTS);
const isSetInput = keyOf(SET_INPUTS);
const isUnknown = shape<Failed<'not-known'>>({
  why: oneOf(['not-known']),
  input: either(either(isNumberInput, isChoiceInput), isSetInput),
});
const isBeyond = shape<Failed<'under'>>({
  why: oneOf(['under', 'not-under']),
  input: isNumberInput,
  measured: isNumber,
  limit: isNumber,
});
const isOtherWord = shape<Failed<'another-word'>>({
  why: oneOf(['another-word']),
  input: isChoiceInput,
  measured: isText,
  asked: listOf(isText),
});
const isOtherSet = shape<Failed<'none-of'>>({
  why: oneOf(['none-of', 'one-of']),
  input: isSetInput,
  measured: listOf(isText),
  asked: listOf(isText),
});
const isFailed: Guard<FailedTest> = either(either(isUnknown, isBeyond), either(isOtherWord, isOtherSet));

type Rule = NonNullable<ItemExplainData['rules']>[number];
type Spectrum = NonNullable<ItemExplainData['spectrum']>;

const isShape = shape<ItemShape>({
  channelsNm: isNumbers,
  shape: isNumbers,
  fit: isNumbers,
  classMean: isNumbers,
  classFibre: orNull(isFibre),
  residual: isNumber,
  shares: listOf(shape<ItemShape['shares'][number]>({ id: isText, share: isNumber })),
});

export const isExplained = shape<ItemExplainData>({
  item: isItem,
  verdict: isVerdict,
  facts: isFacts,
  programme: orNull(shape<ProgrammeRef>({ id: isText, version: isNumber, hash: isText })),
  rules: orNull(listOf(shape<Rule>({ id: isText, label: isText, outlet: isText, failed: orNull(isFailed) }))),
  spectrum: orNull(
    shape<Spectrum>({
      gridNm: isNumbers,
      absorbance: listOf(orNull(isNumber)),
      shape: orNull(isShape),
    }),
  ),
  noSpectrum: orNull(oneOf(['not-kept', 'another-model'])),
  overrides: listOf(
    shape<ItemOverrideRow>({
      at: isNumber,
      from: isText,
      to: isText,
      reason: oneOf(OVERRIDE_REASONS),
      note: isText,
      actorRef: orNull(isText),
    }),
  ),
});
