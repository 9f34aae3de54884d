/** What the reception kiosk says. */
import type {
  ContainerKind,
  Condition,
  LegalStatus,
  ProductFamily,
  Skimming,
} from '@trame/protocol/material/material-names';
import { t, type MessageKey } from '../messages/translate.ts';
import type { ReceptionHint, RefuseReason } from './reception-state.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

const HINT_WORDS: Words<ReceptionHint> = {
  'choose-collector': 'reception.notEnough',
  'choose-container': 'reception.noLoadsHint',
  empty: 'reception.hintEmpty',
  moving: 'reception.hintMoving',
  spent: 'reception.hintSpent',
  'type-weight': 'kiosk.hintTypeWeight',
  'tare-above': 'reception.tareAbove',
  'container-twice': 'reception.containerTwice',
  'need-load': 'reception.needLoad',
  'need-reason': 'reception.needRefuseReason',
  'need-refused-weight': 'reception.needRefuseWeight',
  'not-saved': 'kiosk.hintNotSaved',
};

export function receptionHint(hint: ReceptionHint): string {
  return t(HINT_WORDS[hint]);
}

export const CONDITION_WORDS: Words<Condition> = {
  dry: 'reception.conditionDry',
  wet: 'reception.conditionWet',
  soiled: 'reception.conditionSoiled',
};

export const SKIMMING_WORDS: Words<Skimming> = {
  original: 'reception.skimmingOriginal',
  skimmed: 'reception.skimmingSkimmed',
};

export const LEGAL_WORDS: Words<LegalStatus> = {
  waste: 'reception.legalWaste',
  donation: 'reception.legalDonation',
  'to-check': 'reception.legalToCheck',
};

export const FAMILY_WORDS: Words<ProductFamily> = {
  'mixed-tlc': 'reception.familyMixedTlc',
  clothing: 'reception.familyClothing',
  linen: 'reception.familyLinen',
  shoes: 'reception.familyShoes',
  leather: 'reception.familyLeather',
  'non-tlc': 'reception.familyNonTlc',
};

export const REASON_WORDS: Words<RefuseReason> = {
  wet: 'reception.refuseWet',
  soiled: 'reception.refuseSoiled',
  'not-textile': 'reception.refuseNotTextile',
  dangerous: 'reception.refuseDangerous',
  'no-room': 'reception.refuseNoRoom',
  other: 'reception.refuseOther',
};

const KIND_WORDS: Words<ContainerKind> = {
  cage: 'reception.kindCage',
  trolley: 'reception.kindTrolley',
  pallet: 'reception.kindPallet',
  skip: 'reception.kindSkip',
  'big-bag': 'reception.kindBigBag',
};

/** @param kind as the server names it; one that has no word stands for itself. */
export function kindWord(kind: string): string {
  const words: Readonly<Record<string, MessageKey>> = KIND_WORDS;
  const key = Object.hasOwn(words, kind) ? words[kind] : undefined;
  return key === undefined ? kind : t(key);
}
