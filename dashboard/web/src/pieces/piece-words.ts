/** The words for what contracts say of pieces by codes. A code without words does not compile. */
import type { RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { FibreRefusal } from '@trame/protocol/classification/fibre-verdict';
import type { OverrideReason, SortingRefusal, VerdictWrite } from '@trame/protocol/classification/item-names';
import type { FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';
import type { MessageKey } from '../messages/translate.ts';

export const READING_WORDS: Readonly<Record<FibreReading, MessageKey>> = {
  pure: 'pieceReading.pure',
  blend: 'pieceReading.blend',
  unknown: 'pieceReading.unknown',
  'see-through': 'pieceReading.seeThrough',
  unreadable: 'pieceReading.unreadable',
  none: 'pieceReading.none',
};

/** Why no fibre is named, as a sentence. */
export const REFUSAL_WORDS: Readonly<Record<FibreRefusal, MessageKey>> = {
  'not-a-number': 'pieceRefusal.notANumber',
  'wrong-length': 'pieceRefusal.wrongLength',
  'wrong-grid': 'pieceRefusal.wrongGrid',
  'wrong-quantity': 'pieceRefusal.wrongQuantity',
  flat: 'pieceRefusal.flat',
  saturated: 'pieceRefusal.saturated',
  background: 'pieceRefusal.background',
  distance: 'pieceRefusal.distance',
  'other-fibre': 'pieceRefusal.otherFibre',
  blend: 'pieceRefusal.blend',
  'out-of-range': 'pieceRefusal.outOfRange',
  'wrong-instrument': 'pieceRefusal.wrongInstrument',
  'no-model': 'pieceRefusal.noModel',
};

/** What each gate asks, as a question that is answered with yes where it is passed. */
export const GATE_WORDS: Readonly<Record<FibreRefusal, MessageKey>> = {
  'not-a-number': 'pieceGate.notANumber',
  'wrong-length': 'pieceGate.wrongLength',
  'wrong-grid': 'pieceGate.wrongGrid',
  'wrong-quantity': 'pieceGate.wrongQuantity',
  flat: 'pieceGate.flat',
  saturated: 'pieceGate.saturated',
  background: 'pieceGate.background',
  distance: 'pieceGate.distance',
  'other-fibre': 'pieceGate.otherFibre',
  blend: 'pieceGate.blend',
  'out-of-range': 'pieceGate.outOfRange',
  'wrong-instrument': 'pieceGate.wrongInstrument',
  'no-model': 'pieceGate.noModel',
};

export const FIBRE_WORDS: Readonly<Record<RecognisedFibre, MessageKey>> = {
  cotton: 'pieceFibre.cotton',
  flax: 'pieceFibre.flax',
  wool: 'pieceFibre.wool',
  viscose: 'pieceFibre.viscose',
  polyester: 'pieceFibre.polyester',
  polyamide: 'pieceFibre.polyamide',
  acrylic: 'pieceFibre.acrylic',
  polypropylene: 'pieceFibre.polypropylene',
  elastane: 'pieceFibre.elastane',
  cellulosic: 'pieceFibre.cellulosic',
  acetate: 'pieceFibre.acetate',
  'polyvinyl-chloride': 'pieceFibre.polyvinylChloride',
};

/** How the verdict came to the sorter, in a few words. */
export const WRITE_WORDS: Readonly<Record<VerdictWrite, MessageKey>> = {
  'in-time': 'pieceWrite.inTime',
  late: 'pieceWrite.late',
  refused: 'pieceWrite.refused',
  'not-written': 'pieceWrite.notWritten',
};

export const OVERRIDE_WORDS: Readonly<Record<OverrideReason, MessageKey>> = {
  'label-says': 'overrideReason.labelSays',
  'seen-by-hand': 'overrideReason.seenByHand',
  soiled: 'overrideReason.soiled',
  'wrong-colour': 'overrideReason.wrongColour',
  disruptor: 'overrideReason.disruptor',
  training: 'overrideReason.training',
  other: 'overrideReason.other',
};

/** Why a question about pieces, or a word about one, is refused by the line. */
export const SORTING_REFUSAL_WORDS: Readonly<Record<SortingRefusal, MessageKey>> = {
  'not-sorting': 'sortingRefusal.notSorting',
  'unknown-item': 'sortingRefusal.unknownItem',
  'unknown-outlet': 'sortingRefusal.unknownOutlet',
  'same-outlet': 'sortingRefusal.sameOutlet',
  'too-many-overrides': 'sortingRefusal.tooManyOverrides',
  'items-away': 'sortingRefusal.itemsAway',
  'bad-programme': 'sortingRefusal.badProgramme',
  'too-large': 'sortingRefusal.tooLarge',
};

/** What the server says in the place of a line, by the codes of its problem documents. */
export const LINE_REFUSAL_WORDS: Readonly<Record<string, MessageKey>> = {
  ...SORTING_REFUSAL_WORDS,
  'answer-too-large': 'sortingRefusal.tooLarge',
  'bad-answer': 'sortingRefusal.badAnswer',
  'edge-silent': 'sortingRefusal.edgeSilent',
  'no-reply': 'sortingRefusal.noReply',
  'not-stored': 'sortingRefusal.notStored',
  'unknown-line': 'sortingRefusal.unknownLine',
};
