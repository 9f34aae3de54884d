/** The words for how compositions and classes came about. */
import type { COMPOSITION_SOURCES, LOT_CLASS_BASES } from '@trame/protocol/classification/composition-names';
import type { MessageKey } from '../messages/translate.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

export const SOURCE_WORDS: Words<(typeof COMPOSITION_SOURCES)[number]> = {
  items: 'fractions.sourceItems',
  hand: 'fractions.sourceHand',
  both: 'fractions.sourceBoth',
  unknown: 'fractions.sourceUnknown',
};

export const BASIS_WORDS: Words<(typeof LOT_CLASS_BASES)[number]> = {
  own: 'lotClass.basisOwn',
  like: 'lotClass.basisLike',
  site: 'lotClass.basisSite',
  unknown: 'lotClass.basisUnknown',
};

export const MOISTURE_WORDS: Words<'measured' | 'conventional'> = {
  measured: 'composition.measured',
  conventional: 'composition.conventional',
};
