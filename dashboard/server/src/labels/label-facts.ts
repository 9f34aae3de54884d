/** What stands on the label of an output, as plain data: the renderers know nothing else. */
import type { OutputUnit } from '@trame/protocol/material/material-names';
import type { WeightSource } from '@trame/protocol/material/move';
import type { Sscc } from '@trame/protocol/sscc';
import type { HatchPattern } from './hatch.ts';
import type { PictogramId } from './pictograms.ts';

export type LabelWeight =
  | {
      readonly kind: 'weighed';
      readonly netGrams: number;
      /** Null when only the net weight is known. */
      readonly grossGrams: number | null;
      readonly packagingGrams: number | null;
      /** Whether a scale told it, or people did. */
      readonly how: WeightSource;
    }
  /** Counted into the stock, not weighed yet: it cannot ship. */
  | { readonly kind: 'to-weigh' };

export interface LabelFacts {
  /** Short number, as people call it. */
  readonly number: number;
  readonly unit: OutputUnit;
  /** Null: not counted. */
  readonly pieces: number | null;
  readonly pairs: number | null;
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
