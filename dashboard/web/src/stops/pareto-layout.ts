/** The Pareto of stops as a drawing: pure. Micro-stops stand apart, so that they hide no cause. Sizes in px. */
import type { StopPareto } from '@trame/protocol/stops/stop-answers';

type Row = StopPareto['rows'][number];

/** Cause under which the server tells micro-stops that nobody explained. */
const MICRO_CAUSE = 'micro-arrets';
const ROW_PX = 56;
const LABEL_PX = 24;
const BAR_PX = 20;
const FOOT_PX = 24;
/** Room for the point of the cumulative line at 100 %. */
const EDGE_PX = 8;

export interface ParetoCause extends Row {
  /** % of the time of all causes without micro-stops, and what it is together with those before it. */
  readonly share: number;
  readonly together: number;
}

export interface ParetoShown {
  readonly causes: readonly ParetoCause[];
  readonly causesMs: number;
  readonly micro: Row | null;
}

export function paretoShown({ rows }: Pick<StopPareto, 'rows'>): ParetoShown {
  const micro = rows.find(({ cause }) => cause === MICRO_CAUSE) ?? null;
  const rest = rows
    .filter(({ cause }) => cause !== MICRO_CAUSE)
    .toSorted((a, b) => b.durationMs - a.durationMs || b.stops - a.stops);
  const causesMs = rest.reduce((sum, { durationMs }) => sum + durationMs, 0);
  let before = 0;
  const causes = rest.map((row) => {
    before += row.durationMs;
    return { ...row, share: percent(row.durationMs, causesMs), together: percent(before, causesMs) };
  });
  return { causes, causesMs, micro };
}

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
      width: Math.max(1, at(cause.share)),
      height: BAR_PX,
      point: { x: at(cause.together), y: y + BAR_PX / 2 },
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

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10;
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
