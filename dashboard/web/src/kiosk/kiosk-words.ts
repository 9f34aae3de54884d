/** What the bale kiosk says. */
import { t, type MessageKey } from '../messages/translate.ts';
import type { FlashKind, Hint, TypedReason } from './kiosk-state.ts';

const HINT_WORDS: Readonly<Record<Exclude<Hint, 'weigh-again'>, MessageKey>> = {
  'choose-outlet': 'kiosk.hintChooseOutlet',
  'put-bale': 'kiosk.hintPutBale',
  'wait-stable': 'kiosk.hintWaitStable',
  'remove-bale': 'kiosk.hintRemoveBale',
  'type-weight': 'kiosk.hintTypeWeight',
  'not-saved': 'kiosk.hintNotSaved',
};

/** @param asked the weight that was asked about, as the scale writes it. */
export function hintWords(hint: Hint, asked: string): string {
  return hint === 'weigh-again' ? t('kiosk.hintWeighAgain', { weight: asked }) : t(HINT_WORDS[hint]);
}

/** What to do about bales that the press gave out without saying for which outlet. */
export function whichWords(count: number): string {
  return t('kiosk.fromPressWhich', { count });
}

const REASON_WORDS: Readonly<Record<TypedReason, MessageKey>> = {
  'no-wire': 'kiosk.reasonNoWire',
  'no-link': 'kiosk.reasonNoLink',
  overload: 'kiosk.reasonOverload',
  unstable: 'kiosk.reasonUnstable',
  'by-hand': 'kiosk.reasonByHand',
};

export function reasonWords(reason: TypedReason): string {
  return t(REASON_WORDS[reason]);
}

const FLASH_WORDS: Readonly<Record<FlashKind, MessageKey>> = {
  saved: 'kiosk.flashSaved',
  'to-weigh': 'kiosk.flashToWeigh',
  pressed: 'kiosk.flashPressed',
  voided: 'kiosk.flashVoided',
  printing: 'kiosk.flashPrinting',
  bound: 'kiosk.flashBound',
};

export function flashWords(kind: FlashKind): string {
  return t(FLASH_WORDS[kind]);
}

const WARNING_WORDS: Readonly<Record<string, MessageKey>> = {
  'not-printed': 'actWarning.notPrinted',
  'unusual-weight': 'actWarning.unusualWeight',
  'zone-80': 'actWarning.zone80',
  'zone-over': 'actWarning.zoneOver',
  'site-80': 'actWarning.site80',
  'site-over': 'actWarning.siteOver',
  'scale-expired': 'actWarning.scaleExpired',
  'scale-refused': 'actWarning.scaleRefused',
};

/** @returns what somebody should look at, in words; a warning that has none is left out. */
export function warningWords(warnings: readonly string[]): readonly string[] {
  return warnings.flatMap((warning) => {
    const key = Object.hasOwn(WARNING_WORDS, warning) ? WARNING_WORDS[warning] : undefined;
    return key === undefined ? [] : [t(key)];
  });
}
