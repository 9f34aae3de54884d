/** The Pareto of stops as a drawing: pure. Sizes in px. */
import type { StopPareto } from '@trame/protocol/stops/stop-answers';

export type ParetoCause = StopPareto['rows'][number];

const ROW_PX = 56;
const LABEL_PX = 24;
const BAR_PX = 20;
const FOOT_PX = 24;
/** Room for the point of the cumulative line at 100 %. */
const EDGE_PX = 8;

export interface ParetoBar {
  readonly cause: ParetoCause;
  readonly labelY: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Where the cumulative line passes. */
  readonly point: { readonly x: number; readonly y: number };
}

export interface ParetoLayout {
  readonly height: number;
  readonly bars: readonly ParetoBar[];
  /** Points of the cumulative line, as SVG writes them. */
  readonly line: string;
  /** Where 50, 80 and 100 % lie. */
  readonly marks: readonly { readonly percent: number; readonly x: number }[];
  readonly markY: number;
}

/** Bars and cumulative line share one scale: from the left edge, 0, to the right one, 100 %. */
export function paretoLayout(causes: readonly ParetoCause[], width: number): ParetoLayout {
  const whole = Math.max(0, width - EDGE_PX);
  const at = (share: number): number => round((share / 100) * whole);
  const bars = causes.map((cause, index): ParetoBar => {
    const y = index * ROW_PX + LABEL_PX;
    return {
      cause,
      labelY: y - 6,
      y,
      width: Math.max(1, at(cause.percent)),
      height: BAR_PX,
      point: { x: at(cause.cumulativePercent), y: y + BAR_PX / 2 },
    };
  });
  const markY = causes.length * ROW_PX;
  return {
    height: markY + FOOT_PX,
    bars,
    line: bars.map(({ point }) => `${point.x},${point.y}`).join(' '),
    marks: [50, 80, 100].map((share) => ({ percent: share, x: at(share) })),
    markY,
  };
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
