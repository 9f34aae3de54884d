/** What the records keep of pieces that were read one by one: it follows from `items.sorted`. */
import { RECOGNISED_FIBRES, type RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';

export const READING_COLUMNS = {
  pure: 'readPure',
  blend: 'readBlend',
  unknown: 'readUnknown',
  'see-through': 'readSeeThrough',
  unreadable: 'readUnreadable',
  none: 'readNone',
} as const satisfies Record<FibreReading, string>;

export const FIBRE_COLUMNS = {
  cotton: 'cotton',
  flax: 'flax',
  wool: 'wool',
  viscose: 'viscose',
  polyester: 'polyester',
  polyamide: 'polyamide',
  acrylic: 'acrylic',
  polypropylene: 'polypropylene',
  elastane: 'elastane',
  cellulosic: 'cellulosic',
  acetate: 'acetate',
  'polyvinyl-chloride': 'polyvinylChloride',
} as const satisfies Record<RecognisedFibre, string>;

/** Columns that add up over batches. */
export const SUM_COLUMNS = [
  'items',
  'described',
  'squares',
  'late',
  ...Object.values(READING_COLUMNS),
  ...RECOGNISED_FIBRES.map((fibre) => FIBRE_COLUMNS[fibre]),
] as const;
export type SumColumn = (typeof SUM_COLUMNS)[number];

/**
 * Pieces of one minute and outlet. The columns of fibres hold their shares, hundredths of a percent, summed up over the pieces
 * that have a composition; `squares` so the squared errors of their readings, hundredths of a point squared.
 */
export type ItemBatchTable = Record<SumColumn, number> & {
  site: string;
  line: string;
  /** Of `items.sorted`. */
  event: string;
  device: string;
  life: string;
  outlet: string;
  fromSeq: number;
  toSeq: number;
  /** When the first and the last of them were read, by the best clock known, ms since 1970 UTC. */
  fromAt: number;
  toAt: number;
  /** Local day of the site on which the last was read, `YYYY-MM-DD`. */
  day: string;
  programme: string | null;
  programmeVersion: number | null;
  programmeHash: string | null;
  model: string | null;
  modelHash: string | null;
};

/** The same of one day: a year of minutes is too much to add up while somebody waits. */
export type ItemDayTable = Record<SumColumn, number> & {
  site: string;
  line: string;
  outlet: string;
  /** Local day of the site, `YYYY-MM-DD`. */
  day: string;
  /** Empty, and version 0, without a programme or a model. */
  programme: string;
  programmeVersion: number;
  programmeHash: string;
  model: string;
};

export const ITEM_DAY_KEY = [
  'site',
  'line',
  'day',
  'outlet',
  'programme',
  'programmeVersion',
  'programmeHash',
  'model',
] as const satisfies readonly (keyof ItemDayTable)[];

export interface ItemTables {
  item_batches: ItemBatchTable;
  item_days: ItemDayTable;
}
