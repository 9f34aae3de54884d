/** Why an act was refused, in words that an operator understands. A code without words does not compile. */
import type { MaterialRefusalCode } from '@trame/protocol/material/material-names';
import { NOT_BEFORE, type Refusal } from '../outbox/entry.ts';
import { t, type MessageKey } from './translate.ts';

export const ACT_REFUSAL_WORDS: Readonly<Record<MaterialRefusalCode, MessageKey>> = {
  'unknown-partner': 'actRefusal.unknownPartner',
  'unknown-lot': 'actRefusal.unknownLot',
  'unknown-container': 'actRefusal.unknownContainer',
  'unknown-output': 'actRefusal.unknownOutput',
  'unknown-shipment': 'actRefusal.unknownShipment',
  'unknown-outlet': 'actRefusal.unknownOutlet',
  'unknown-zone': 'actRefusal.unknownZone',
  'unknown-press': 'actRefusal.unknownPress',
  'unknown-printer': 'actRefusal.unknownPrinter',
  'unknown-document': 'actRefusal.unknownDocument',
  'unknown-weighing': 'actRefusal.unknownWeighing',
  'unknown-scale': 'actRefusal.unknownScale',
  'unknown-account': 'actRefusal.unknownAccount',
  'unknown-line': 'actRefusal.unknownLine',
  'unknown-shift': 'actRefusal.unknownShift',
  'unknown-campaign': 'actRefusal.unknownCampaign',
  'unknown-stop': 'actRefusal.unknownStop',
  'unknown-cause': 'actRefusal.unknownCause',
  'unknown-programme': 'programmeRefusal.unknownProgramme',
  'already-exists': 'actRefusal.alreadyExists',
  'net-not-positive': 'actRefusal.netNotPositive',
  'tare-above-gross': 'actRefusal.tareAboveGross',
  'impossible-weight': 'actRefusal.impossibleWeight',
  'weighed-just-now': 'actRefusal.weighedJustNow',
  'weighing-claimed': 'actRefusal.weighingClaimed',
  'weighing-refused': 'actRefusal.weighingRefused',
  'communes-not-whole': 'actRefusal.communesNotWhole',
  'more-than-there-is': 'actRefusal.moreThanThereIs',
  'nothing-there': 'actRefusal.nothingThere',
  'not-empty': 'actRefusal.notEmpty',
  'wrong-state': 'actRefusal.wrongState',
  'already-shipped': 'actRefusal.alreadyShipped',
  'not-weighed': 'actRefusal.notWeighed',
  'month-closed': 'actRefusal.monthClosed',
  'in-the-future': 'actRefusal.inTheFuture',
  'too-long-ago': 'actRefusal.tooLongAgo',
  'not-yet-there': 'actRefusal.notYetThere',
  'nothing-said': 'actRefusal.nothingSaid',
  'foreign-code': 'actRefusal.foreignCode',
  'code-taken': 'actRefusal.codeTaken',
  'not-the-outlet': 'actRefusal.notTheOutlet',
  'weight-differs': 'actRefusal.weightDiffers',
  'count-differs': 'actRefusal.countDiffers',
  'reason-missing': 'actRefusal.reasonMissing',
  'ceiling-reached': 'actRefusal.ceilingReached',
  retired: 'actRefusal.retired',
  'already-done': 'actRefusal.alreadyDone',
  'signed-by-you': 'actRefusal.signedByYou',
  'signed-by-another': 'actRefusal.signedByAnother',
  'programme-exists': 'programmeRefusal.programmeExists',
  'programme-moved-on': 'programmeRefusal.programmeMovedOn',
  'programme-faulty': 'programmeRefusal.programmeFaulty',
  'same-account': 'programmeRefusal.sameAccount',
  'not-waiting': 'programmeRefusal.notWaiting',
  'another-waits': 'programmeRefusal.anotherWaits',
  'too-much-at-once': 'actRefusal.tooMuchAtOnce',
};

/** Refusals that are no decision about material. */
const OTHER_WORDS: Readonly<Record<string, MessageKey>> = {
  forbidden: 'actRefusal.forbidden',
  'cross-site': 'actRefusal.forbidden',
  'key-reused': 'actRefusal.keyReused',
  'invalid-request': 'actRefusal.invalidRequest',
  'malformed-body': 'actRefusal.invalidRequest',
  'invalid-args': 'actRefusal.lineRefuses',
  refused: 'actRefusal.lineRefuses',
  'not-found': 'actRefusal.notFound',
  'method-not-allowed': 'actRefusal.notFound',
  'body-too-large': 'actRefusal.bodyTooLarge',
  'unsupported-media-type': 'actRefusal.unsupportedMedia',
  [NOT_BEFORE]: 'actRefusal.notBefore',
};

/** @returns what happened and what to do, never empty. */
export function actRefusalWords({ status, code }: Refusal): string {
  const table: Readonly<Record<string, MessageKey>> = { ...OTHER_WORDS, ...ACT_REFUSAL_WORDS };
  const key = Object.hasOwn(table, code) ? table[code] : undefined;
  return key === undefined ? t('actRefusal.other', { code: code === '' ? status : code }) : t(key);
}
