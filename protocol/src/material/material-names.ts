/** Words of the trade that events, records, pages and registers share. Stable: translations hang on them. */

export const PARTNER_ROLES = ['collector', 'client', 'subcontractor', 'transporter'] as const;
export type PartnerRole = (typeof PARTNER_ROLES)[number];

export const CONTAINER_KINDS = ['cage', 'trolley', 'pallet', 'skip', 'big-bag'] as const;
export type ContainerKind = (typeof CONTAINER_KINDS)[number];

/** `original`: untouched; `skimmed`: the best pieces were taken before. */
export const SKIMMINGS = ['original', 'skimmed'] as const;
export type Skimming = (typeof SKIMMINGS)[number];

/** Directive (EU) 2025/1892: what is collected separately is waste; a direct donation is not. */
export const LEGAL_STATUSES = ['waste', 'donation', 'to-check'] as const;
export type LegalStatus = (typeof LEGAL_STATUSES)[number];

export const CONDITIONS = ['dry', 'wet', 'soiled'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** TLC: clothing, household linen, shoes; and what is found among them. */
export const PRODUCT_FAMILIES = ['clothing', 'linen', 'shoes', 'leather', 'mixed-tlc', 'non-tlc'] as const;
export type ProductFamily = (typeof PRODUCT_FAMILIES)[number];

/** How the kilograms of a lot are shared out among communes. All but the first are estimates, and shown so. */
export const ALLOCATION_KEYS = ['weighed-apart', 'fill-level', 'population', 'equal', 'none'] as const;
export type AllocationKey = (typeof ALLOCATION_KEYS)[number];

export const WASTE_CODES = ['20 01 10', '20 01 11', '19 12 08', '19 12 10', '19 12 12', '15 01 06'] as const;

export const LOT_KINDS = ['received', 'split', 'merged', 'returned-goods', 'subcontracted'] as const;
export type LotKind = (typeof LOT_KINDS)[number];

export const OUTPUT_UNITS = ['bale', 'sack', 'crate', 'skip', 'loose', 'pieces', 'pairs'] as const;
export type OutputUnit = (typeof OUTPUT_UNITS)[number];

/**
 * `started`: being filled or in the press. `pressed`: out of the press, to be weighed. `to-weigh`: there is no scale
 * now; in stock by count, and it cannot ship. `stock`; `loaded` on a shipment; `shipped`; `opened` (put back);
 * `repressed` into another; `voided`; `missing`.
 */
export const OUTPUT_STATUSES = [
  'started',
  'pressed',
  'to-weigh',
  'stock',
  'loaded',
  'shipped',
  'opened',
  'repressed',
  'voided',
  'missing',
] as const;
export type OutputStatus = (typeof OUTPUT_STATUSES)[number];

export const SHIPMENT_STATUSES = ['open', 'dispatched', 'received', 'cancelled'] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];
export const SHIPMENT_PURPOSES = ['delivery', 'subcontract'] as const;
export type ShipmentPurpose = (typeof SHIPMENT_PURPOSES)[number];

/** Operations of the waste law's annexes; R12 and R13 are not final. */
export const OPERATIONS = ['R0', 'R1', 'R3', 'R12', 'R13', 'D5', 'D10'] as const;

export const SCALE_ENTRIES = ['verification', 'refusal', 'repair', 'seal-broken', 'sealed', 'note'] as const;
export type ScaleEntry = (typeof SCALE_ENTRIES)[number];

/** Why an act about material is refused. Stable; the page has words for each. */
export const MATERIAL_REFUSALS = [
  'unknown-partner',
  'unknown-lot',
  'unknown-container',
  'unknown-output',
  'unknown-shipment',
  'unknown-outlet',
  'unknown-zone',
  'unknown-press',
  'unknown-printer',
  'unknown-document',
  'unknown-weighing',
  'unknown-scale',
  'unknown-account',
  'unknown-line',
  'unknown-shift',
  'unknown-campaign',
  'unknown-stop',
  'unknown-cause',
  'unknown-programme',
  'already-exists',
  /** Gross less tare, or less packaging, is nothing or less. */
  'net-not-positive',
  'tare-above-gross',
  /** No weight is given, or one that cannot be: more than 10 t typed, a net above the gross. */
  'impossible-weight',
  /** The same container was weighed in less than a minute before. */
  'weighed-just-now',
  'weighing-claimed',
  'weighing-refused',
  /** The parts of the communes are not a thousand together. */
  'communes-not-whole',
  /** More than there is in what it is taken from. */
  'more-than-there-is',
  'nothing-there',
  'not-empty',
  /** It is in a state in which that cannot be: `detail` says which. */
  'wrong-state',
  'already-shipped',
  'not-weighed',
  'month-closed',
  'in-the-future',
  'too-long-ago',
  /** Said of a time at which what it is about was not there yet: a bale not made, a shipment not opened. */
  'not-yet-there',
  /** Nothing of what could be said of it. */
  'nothing-said',
  'foreign-code',
  'code-taken',
  'not-the-outlet',
  'weight-differs',
  /** So many were counted, and another number of them named. */
  'count-differs',
  /** What was counted is not what the book says, and nobody says why. */
  'reason-missing',
  'ceiling-reached',
  'retired',
  'already-done',
  /** Both sides of a hand-over by one account, which did not say that nobody else is there. */
  'signed-by-you',
  /** A signature is whose it is: nobody else signs in its place. */
  'signed-by-another',
  /** Said to be new, and there is one of that id: `params.version` is its last. */
  'programme-exists',
  /** Made from a version that is not the last any more: `params.version` is. */
  'programme-moved-on',
  /** A sort programme that cannot be used: `findings` say why. */
  'programme-faulty',
  /** Who asked for a programme does not agree to it as well. */
  'same-account',
  /** Nothing waits there that could be withdrawn. */
  'not-waiting',
  /** Another programme waits for the line: it is agreed to or withdrawn first. */
  'another-waits',
  /** The event would be larger than the ledger takes: fewer things at a time. */
  'too-much-at-once',
] as const;
export type MaterialRefusalCode = (typeof MATERIAL_REFUSALS)[number];
