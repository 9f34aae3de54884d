/** The words for what the contracts about material name by codes. A code that is not known stands for itself. */
import { accountKind, accountName, UNKNOWN_COLLECTOR, UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { AccountKind } from '@trame/protocol/material/accounts';
import type {
  CONDITIONS,
  ContainerKind,
  LegalStatus,
  LotKind,
  OutputStatus,
  OutputUnit,
  PartnerRole,
  ProductFamily,
  ScaleEntry,
  SHIPMENT_PURPOSES,
  ShipmentStatus,
  Skimming,
} from '@trame/protocol/material/material-names';
import type { ScaleRow } from '@trame/protocol/material/material-answers';
import type { Attachment, WeightSource } from '@trame/protocol/material/move';
import type { LotRefuseBody } from '@trame/protocol/material/lot-acts';
import type { LotWeighed } from '@trame/protocol/material/lot-events';
import { t, type MessageKey } from '../messages/translate.ts';
import type { Choice, Fault, WeightWay } from './form-fields.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

export const OUTPUT_STATUS_WORDS: Words<OutputStatus> = {
  started: 'matter.outputStarted',
  pressed: 'matter.outputPressed',
  'to-weigh': 'matter.outputToWeigh',
  stock: 'matter.outputStock',
  loaded: 'matter.outputLoaded',
  shipped: 'matter.outputShipped',
  opened: 'matter.outputOpened',
  repressed: 'matter.outputRepressed',
  voided: 'matter.outputVoided',
  missing: 'matter.outputMissing',
};

export const UNIT_WORDS: Words<OutputUnit> = {
  bale: 'matter.unitBale',
  sack: 'matter.unitSack',
  crate: 'matter.unitCrate',
  skip: 'matter.unitSkip',
  loose: 'matter.unitLoose',
  pieces: 'matter.unitPieces',
  pairs: 'matter.unitPairs',
};

export const LOT_STATUS_WORDS = {
  'waiting-weight': 'lots.statusWaitingWeight',
  open: 'lots.statusOpen',
  'at-infeed': 'lots.statusAtInfeed',
  used: 'lots.statusUsed',
  refused: 'lots.statusRefused',
  returned: 'lots.statusReturned',
  merged: 'lots.statusMerged',
  voided: 'lots.statusVoided',
} as const satisfies Readonly<Record<string, MessageKey>>;

export const LOT_KIND_WORDS: Words<LotKind> = {
  received: 'lots.kindReceived',
  split: 'lots.kindSplit',
  merged: 'lots.kindMerged',
  'returned-goods': 'lots.kindReturnedGoods',
  subcontracted: 'lots.kindSubcontracted',
};

export const SHIPMENT_STATUS_WORDS: Words<ShipmentStatus> = {
  open: 'shipments.statusOpen',
  dispatched: 'shipments.statusDispatched',
  received: 'shipments.statusReceived',
  cancelled: 'shipments.statusCancelled',
};

export const PURPOSE_WORDS: Words<(typeof SHIPMENT_PURPOSES)[number]> = {
  delivery: 'shipments.purposeDelivery',
  subcontract: 'shipments.purposeSubcontract',
};

export const ON_SHIPMENT_WORDS: Words<'loaded' | 'dispatched' | 'refused' | 'returned'> = {
  loaded: 'shipments.onLoaded',
  dispatched: 'shipments.onDispatched',
  refused: 'shipments.onRefused',
  returned: 'shipments.onReturned',
};

export const ROLE_WORDS: Words<PartnerRole> = {
  collector: 'matter.roleCollector',
  client: 'matter.roleClient',
  subcontractor: 'matter.roleSubcontractor',
  transporter: 'matter.roleTransporter',
};

export const CONTAINER_KIND_WORDS: Words<ContainerKind> = {
  cage: 'matter.kindCage',
  trolley: 'matter.kindTrolley',
  pallet: 'matter.kindPallet',
  skip: 'matter.kindSkip',
  'big-bag': 'matter.kindBigBag',
};

export const CONDITION_WORDS: Words<(typeof CONDITIONS)[number]> = {
  dry: 'lots.conditionDry',
  wet: 'lots.conditionWet',
  soiled: 'lots.conditionSoiled',
};

export const SKIMMING_WORDS: Words<Skimming> = {
  original: 'lots.skimmingOriginal',
  skimmed: 'lots.skimmingSkimmed',
};

export const LEGAL_WORDS: Words<LegalStatus> = {
  waste: 'lots.legalWaste',
  donation: 'lots.legalDonation',
  'to-check': 'lots.legalToCheck',
};

export const FAMILY_WORDS: Words<ProductFamily> = {
  clothing: 'lots.familyClothing',
  linen: 'lots.familyLinen',
  shoes: 'lots.familyShoes',
  leather: 'lots.familyLeather',
  'mixed-tlc': 'lots.familyMixedTlc',
  'non-tlc': 'lots.familyNonTlc',
};

export const REFUSE_WORDS: Words<LotRefuseBody['reason']> = {
  wet: 'lots.refuseWet',
  soiled: 'lots.refuseSoiled',
  'not-textile': 'lots.refuseNotTextile',
  dangerous: 'lots.refuseDangerous',
  'no-room': 'lots.refuseNoRoom',
  other: 'lots.refuseOther',
};

export const WEIGH_REASON_WORDS: Words<LotWeighed['reason']> = {
  late: 'lots.weighedLate',
  correction: 'lots.weighedCorrection',
};

export const WEIGHT_WORDS: Words<WeightSource> = {
  scale: 'matter.howScale',
  typed: 'matter.howTyped',
  paper: 'matter.howPaper',
  weighbridge: 'matter.howWeighbridge',
  estimated: 'matter.howEstimated',
};

export const WAY_WORDS: Words<WeightWay> = {
  scale: 'matter.wayScale',
  typed: 'matter.wayTyped',
  weighbridge: 'matter.wayWeighbridge',
  estimated: 'matter.wayEstimated',
};

export const DOCUMENT_WORDS: Words<Attachment['kind']> = {
  photo: 'matter.docPhoto',
  'weighbridge-ticket': 'matter.docWeighbridge',
  'delivery-note': 'matter.docDeliveryNote',
  'annex-vii': 'matter.docAnnexVii',
  other: 'matter.docOther',
};

export const SCALE_STATE_WORDS: Words<ScaleRow['state']> = {
  valid: 'scales.stateValid',
  expired: 'scales.stateExpired',
  refused: 'scales.stateRefused',
  'seal-broken': 'scales.stateSealBroken',
  repaired: 'scales.stateRepaired',
  unknown: 'scales.stateUnknown',
};

export const SCALE_ENTRY_WORDS: Words<ScaleEntry> = {
  verification: 'scales.entryVerification',
  refusal: 'scales.entryRefusal',
  repair: 'scales.entryRepair',
  'seal-broken': 'scales.entrySealBroken',
  sealed: 'scales.entrySealed',
  note: 'scales.entryNote',
};

const FAULT_WORDS: Words<Fault> = {
  missing: 'matter.faultMissing',
  'not-like-that': 'matter.faultNotLikeThat',
  'too-few': 'matter.faultTooFew',
  'no-weight': 'matter.faultNoWeight',
  'no-count': 'matter.faultNoCount',
  'no-weighing': 'matter.faultNoWeighing',
  'tare-above': 'matter.faultTareAbove',
};

export function faultText(fault: Fault): string {
  return t(FAULT_WORDS[fault]);
}

/** Warnings of an act: what somebody should look at. */
const WARNING_WORDS: Readonly<Record<string, MessageKey>> = {
  'not-printed': 'actWarning.notPrinted',
  'unusual-weight': 'actWarning.unusualWeight',
  'zone-80': 'actWarning.zone80',
  'zone-over': 'actWarning.zoneOver',
  'site-80': 'actWarning.site80',
  'site-over': 'actWarning.siteOver',
  'scale-expired': 'actWarning.scaleExpired',
  'scale-refused': 'actWarning.scaleRefused',
  'weight-differs': 'matter.warnWeightDiffers',
  'in-work-not-counted': 'actWarning.inWorkNotCounted',
  'stock-differs': 'matter.warnStockDiffers',
  'heavier-than-source': 'matter.warnHeavier',
  'sample-above-sorted': 'matter.warnSampleAboveSorted',
  'left-as-another': 'matter.warnLeftAsAnother',
  'weighings-swapped': 'matter.warnSwapped',
  'line-not-told': 'matter.warnLineNotTold',
  'line-refused': 'matter.warnLineRefused',
};

/** @returns null for what needs no look. */
export function warningText(warning: string): string | null {
  const key = Object.hasOwn(WARNING_WORDS, warning) ? WARNING_WORDS[warning] : undefined;
  return key === undefined ? null : t(key);
}

/** @returns the word of a code, or the code itself. */
export function wordOf(table: Readonly<Record<string, MessageKey>>, code: string): string {
  const key = Object.hasOwn(table, code) ? table[code] : undefined;
  return key === undefined ? code : t(key);
}

/** @returns what people choose from, in the order of the table. */
export function choicesOf(table: Readonly<Record<string, MessageKey>>): Choice[] {
  return Object.entries(table).map(([value, key]) => ({ value, label: t(key) }));
}

const ACCOUNT_WORDS: Words<Exclude<AccountKind, 'bin'>> = {
  lot: 'matter.accountLot',
  container: 'matter.accountContainer',
  line: 'matter.accountLine',
  output: 'matter.accountOutput',
  subcontractor: 'matter.accountSubcontractor',
  collector: 'matter.accountCollector',
  client: 'matter.accountClient',
  returned: 'matter.accountReturned',
  water: 'matter.accountWater',
  missing: 'matter.accountMissing',
  difference: 'matter.accountDifference',
};

/**
 * @param outlet gives the label of an outlet.
 * @param label name that the server knows; left out: that of the account.
 * @returns where material is, or where it came from or went, e.g. «Lot n° 118».
 */
export function accountText(account: string, outlet: (id: string) => string, label?: string): string {
  if (account.startsWith('shipment:'))
    return t('matter.accountShipment', { name: numberOf(accountName(account)) });
  if (account === 'outputs') return t('matter.accountOutputs');
  if (!account.includes(':')) return account;
  const kind = accountKind(account);
  const name = accountName(account);
  if (kind === 'bin') {
    const [line = '', id = ''] = name.split('/');
    return t('matter.accountBin', { outlet: outlet(id), line });
  }
  if (account === `lot:${UNKNOWN_LOT}`) return t('matter.unknownLot');
  if (account === `collector:${UNKNOWN_COLLECTOR}`) return t('matter.unknownCollector');
  const said = kind === 'lot' || kind === 'output' ? numberOf(label ?? name) : (label ?? name);
  return t(ACCOUNT_WORDS[kind], { name: said });
}

/** `118` of `L118`: the number that people say. */
export function numberOf(id: string): string {
  return /^[LBE](?<number>\d+)$/u.exec(id)?.groups?.['number'] ?? id;
}
