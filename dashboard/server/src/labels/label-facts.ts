/** What stands on the label of an output, as plain data: the renderers know nothing else. */
import type { Sscc } from '@trame/protocol/sscc';
import type { HatchPattern } from './hatch.ts';
import type { PictogramId } from './pictograms.ts';

export type LabelUnit = 'bale' | 'sack' | 'crate' | 'skip' | 'loose';

export type LabelWeight =
  | {
      readonly kind: 'weighed';
      /** Grams. */
      readonly netG: number;
      /** Grams; null when only the net weight is known. */
      readonly grossG: number | null;
      readonly packagingG: number | null;
      /** Somebody read it off an indicator and typed it. */
      readonly typed: boolean;
    }
  /** Counted into the stock, not weighed yet: it cannot ship. */
  | { readonly kind: 'to-weigh' };

export interface LabelFacts {
  /** Short number, as people call it: `1042`. */
  readonly number: string;
  readonly unit: LabelUnit;
  readonly count: { readonly n: number; readonly of: 'pieces' | 'pairs' } | null;
  readonly outlet: {
    readonly name: string;
    readonly pictogram: PictogramId;
    readonly pattern: HatchPattern;
  };
  readonly weight: LabelWeight;
  /** Ms since 1970, UTC; shown in `timeZone`. */
  readonly packedAtMs: number;
  /** IANA name, e.g. `Europe/Paris`. */
  readonly timeZone: string;
  readonly siteName: string;
  readonly lineName: string | null;
  /** Null without a GS1 prefix: the address in the QR is then the only identity. */
  readonly sscc: { readonly code: Sscc; readonly prefix: 'licensed' | 'demo' } | null;
  /** Address of the output, see `outputAddress`; at most `MAX_QR_CHARACTERS`. */
  readonly qrContent: string;
  /** A label of this output was printed before. */
  readonly reprint: boolean;
  /** The installation is a demonstration: nothing on it is real. */
  readonly demo: boolean;
  readonly voided: boolean;
}
