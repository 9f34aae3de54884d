/**
 * Requests to a line's edge about the pieces that it sorted, signed as all requests are. They read and record nothing, so
 * each is answered anew; the answer is `data` of the reply, and what does not fit into one reply is asked for page by page.
 */
import { Type, type Static } from 'typebox';
import { EVENT_TIME_MIN_MS } from '../ledger-event.ts';
import { Words } from '../material/move.ts';
import { closed, literals, nullable } from '../schema.ts';
import type { DryRunReport } from '../sort-programmes/dry-run.ts';
import type { ExplainedRule } from '../sort-programmes/explain-rules.ts';
import { READINGS, type FibreReading, type PieceFacts } from '../sort-programmes/programme-inputs.ts';
import type { ProgrammeFinding } from '../sort-programmes/sort-programme.ts';
import { ID_PATTERN } from '../topics.ts';
import type { ProgrammeRef } from './classification-events.ts';
import type { RecognisedFibre } from './fibre-names.ts';
import type { FibreVerdict } from './fibre-verdict.ts';
import { ITEM_ID_PATTERN, OVERRIDE_REASONS, type OverrideReason, type VerdictWrite } from './item-names.ts';

export const ITEM_LIST = 'item.list';
export const ITEM_EXPLAIN = 'item.explain';
/** A person says otherwise of one piece: recorded in the ledger of its line as `verdict.changed`, and kept beside the piece. */
export const ITEM_OVERRIDE = 'item.override';
export const PROGRAMME_DRY_RUN = 'programme.dryRun';
/**
 * Follows a programme from the next piece on; recorded as `programme.active`, under the key of the request. Of one that cannot be
 * followed the reply is `refused`, its `data` {@link RefusedProgrammeData}.
 */
export const PROGRAMME_ACTIVATE = 'programme.activate';

export const ITEMS_PER_REPLY_MAX = 50;
/** Pieces that one dry run looks at. */
export const DRY_RUN_ITEMS_MAX = 50_000;

const Time = Type.Integer({ minimum: EVENT_TIME_MIN_MS, maximum: 8_640_000_000_000_000 });

export const ItemListArgs = Type.Object(
  {
    /** `next` of the page before; null: the newest. */
    before: nullable(Type.String({ minLength: 1, maxLength: 200 })),
    limit: Type.Integer({ minimum: 1, maximum: ITEMS_PER_REPLY_MAX }),
    outlet: nullable(Type.String({ pattern: ID_PATTERN })),
    reading: nullable(literals(READINGS)),
  },
  closed,
);
export type ItemListArgs = Static<typeof ItemListArgs>;

export const ItemExplainArgs = Type.Object({ item: Type.String({ pattern: ITEM_ID_PATTERN }) }, closed);
export type ItemExplainArgs = Static<typeof ItemExplainArgs>;

export const ItemOverrideArgs = Type.Object(
  {
    item: Type.String({ pattern: ITEM_ID_PATTERN }),
    to: Type.String({ pattern: ID_PATTERN }),
    reason: literals(OVERRIDE_REASONS),
    note: Words,
  },
  closed,
);
export type ItemOverrideArgs = Static<typeof ItemOverrideArgs>;

/** What the programme holds is checked as a whole by the edge, which says what is wrong. */
export const ProgrammeActivateArgs = Type.Object({ programme: Type.Unknown() }, closed);
export type ProgrammeActivateArgs = Static<typeof ProgrammeActivateArgs>;

export const ProgrammeDryRunArgs = Type.Object({ programme: Type.Unknown(), from: Time, to: Time }, closed);
export type ProgrammeDryRunArgs = Static<typeof ProgrammeDryRunArgs>;

export interface RefusedProgrammeData {
  /** The first of them. */
  readonly findings: readonly ProgrammeFinding[];
}

export interface ItemRow {
  readonly id: string;
  /** UTC ms, by the edge's clock. */
  readonly readAt: number;
  readonly reading: FibreReading;
  readonly fibre: RecognisedFibre | null;
  readonly refusal: FibreVerdict['refusal'];
  readonly probability: number | null;
  readonly composition: FibreVerdict['composition'];
  readonly errorPoints: number | null;
  readonly decided: string;
  readonly rule: string | null;
  readonly wrote: VerdictWrite;
  /** Where it went as far as anybody knows. */
  readonly outlet: string;
  /** How often people said otherwise, and where the last of them sent it. */
  readonly overrides: number;
  readonly overriddenTo: string | null;
}

export interface ItemListData {
  readonly items: readonly ItemRow[];
  /** For the page after it; null: there is none. */
  readonly next: string | null;
}

export interface ItemOverrideRow {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason: OverrideReason;
  readonly note: string;
  readonly actorRef: string | null;
}

/** The spectrum as the model sees it. Lists of a shape lie beside `channelsNm`. */
export interface ItemShape {
  readonly channelsNm: readonly number[];
  readonly shape: readonly number[];
  readonly fit: readonly number[];
  readonly classMean: readonly number[];
  readonly classFibre: RecognisedFibre | null;
  readonly residual: number;
  readonly shares: readonly { readonly id: string; readonly share: number }[];
}

export interface ItemExplainData {
  readonly item: ItemRow;
  readonly verdict: FibreVerdict;
  readonly facts: PieceFacts;
  readonly programme: ProgrammeRef | null;
  /** Every rule of it in order. Null: whoever answers does not know it; an edge knows the one that its line follows. */
  readonly rules: readonly ExplainedRule[] | null;
  /** Null: no spectrum of it is kept any more, or the model by which it was judged is not the present one. */
  readonly spectrum: {
    readonly gridNm: readonly number[];
    readonly absorbance: readonly (number | null)[];
    readonly shape: ItemShape | null;
  } | null;
  /** Why there is no spectrum. */
  readonly noSpectrum: 'not-kept' | 'another-model' | null;
  readonly overrides: readonly ItemOverrideRow[];
}

export interface ProgrammeDryRunData {
  readonly report: DryRunReport;
  /** Pieces of which nobody said a weight: each counts as `ASSUMED_PIECE_G`. Equal to `report.pieces`: grams say no more than pieces. */
  readonly assumedWeights: number;
  /** False: there were more pieces than {@link DRY_RUN_ITEMS_MAX}; the first of them were looked at. */
  readonly isWhole: boolean;
}
