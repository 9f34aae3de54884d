/** Shares of fibres with their errors as bars on one scale of 0 to 100 %: pure. Sizes in px. */
import type { FibreShare } from '@trame/protocol/classification/fibre-verdict';

const ROW_PX = 48;
const LABEL_PX = 22;
const BAR_PX = 14;
const FOOT_PX = 22;
/** Room for the label of 100 % and for half of a stroke. */
const EDGE_PX = 4;

export interface ShareBar {
  readonly share: FibreShare;
  readonly labelY: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** From one standard error below to one above, inside 0…100 %; null: the error is not known. */
  readonly error: { readonly from: number; readonly to: number; readonly y: number } | null;
}

export interface ShareLayout {
  readonly height: number;
  readonly bars: readonly ShareBar[];
  readonly marks: readonly { readonly percent: number; readonly x: number }[];
  readonly markY: number;
}

/** Largest first. */
export function shareLayout(
  shares: readonly FibreShare[],
  errorPoints: number | null,
  width: number,
): ShareLayout {
  const whole = Math.max(0, width - EDGE_PX);
  const at = (percent: number): number => Math.round(Math.min(100, Math.max(0, percent)) * whole) / 100;
  const bars = shares
    .toSorted((a, b) => b.percent - a.percent)
    .map((share, index): ShareBar => {
      const y = index * ROW_PX + LABEL_PX;
      return {
        share,
        labelY: y - 6,
        y,
        width: Math.max(1, at(share.percent)),
        height: BAR_PX,
        error:
          errorPoints === null
            ? null
            : {
                from: at(share.percent - errorPoints),
                to: at(share.percent + errorPoints),
                y: y + BAR_PX / 2,
              },
      };
    });
  const markY = bars.length * ROW_PX - (ROW_PX - LABEL_PX - BAR_PX) / 2;
  return {
    height: markY + FOOT_PX,
    bars,
    marks: [0, 50, 100].map((percent) => ({ percent, x: at(percent) })),
    markY,
  };
}
