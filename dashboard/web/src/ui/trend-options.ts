/** How a trend is drawn with uPlot. */
import type uPlot from 'uplot';
import type { InstantFormat } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { chartColours, type ChartColours } from './chart-colours.ts';
import { brokenSegments, gapsOf, loneValues, type Loss } from './chart-gaps.ts';
import { hatch } from './chart-hatch.ts';

/** Values that are known to be lost, and what is written over the stretch: the number alone where room is short. */
export interface NamedLoss extends Loss {
  readonly number: number;
  readonly name: string;
}

export interface TrendLook {
  /** The element that holds the chart: its tokens give the colours. */
  readonly host: HTMLElement;
  readonly size: { readonly width: number; readonly height: number };
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly format: InstantFormat;
  readonly losses: readonly NamedLoss[];
  /** Makes a chart depend on the theme: colours are read anew. */
  readonly theme: 'light' | 'dark';
  readonly onPoint: (index: number | null) => void;
}

const FONT = '14px "Atkinson Hyperlegible Next", system-ui, sans-serif';
const LOSS_FONT = '600 13px "Atkinson Hyperlegible Next", system-ui, sans-serif';
/** Names of losses stand above the curve, never on it. */
const NAMES_HEIGHT_PX = 28;
/** However short a loss, it can be seen and pointed at. */
const LOSS_WIDTH_MIN_PX = 6;
const DAY_MS = 86_400_000;
/** Width of one label of the time axis, with room around it. */
const TIME_LABEL_PX = 84;

export function trendOptions(look: TrendLook): uPlot.Options {
  const colours = chartColours(look.host);
  const { fromMs, toMs } = look.range;
  return {
    width: look.size.width,
    height: look.size.height,
    ms: 1,
    padding: [look.losses.length > 0 ? NAMES_HEIGHT_PX : 12, 24, 0, 0],
    legend: { show: false },
    // Moving the span is done with buttons; a drag that does it too would surprise on a touch screen.
    cursor: { drag: { x: false, y: false, setScale: false }, points: { size: 8 } },
    scales: {
      x: { time: false, range: () => [fromMs, toMs] },
      y: { range: (_chart, _low, high) => [0, Math.max(10, (high || 0) * 1.08)] },
    },
    axes: [timeAxis(look, colours), figureAxis(colours)],
    series: [
      {},
      {
        stroke: colours.line,
        width: 2,
        fill: faint(colours.line),
        spanGaps: false,
        gaps: (chart, _series, _first, _last, empty) => joinedNowhere(chart, empty, look.losses),
        points: {
          show: true,
          size: 6,
          fill: colours.line,
          filter: (chart) => loneValues(shownValues(chart), brokenBy(chart, look.losses)),
        },
      },
    ],
    hooks: {
      drawClear: [
        (chart) => {
          drawGaps(chart, colours);
          drawLosses(chart, look.losses, colours);
        },
      ],
      draw: [(chart) => nameLosses(chart, look.losses, colours)],
      setCursor: [(chart) => look.onPoint(chart.cursor.idx ?? null)],
    },
  };
}

function timeAxis(look: TrendLook, colours: ChartColours): uPlot.Axis {
  const { fromMs, toMs } = look.range;
  const text = toMs - fromMs > 2 * DAY_MS ? look.format.dayMonth : look.format.hourMinute;
  return {
    stroke: colours.muted,
    font: FONT,
    grid: { stroke: colours.rule, width: 1 },
    ticks: { show: false },
    size: 28,
    splits: () => look.format.splits(fromMs, toMs, Math.max(2, Math.floor(look.size.width / TIME_LABEL_PX))),
    values: (_chart, splits) => splits.map(text),
  };
}

function figureAxis(colours: ChartColours): uPlot.Axis {
  return {
    stroke: colours.muted,
    font: FONT,
    size: 56,
    grid: { stroke: colours.rule, width: 1 },
    ticks: { show: false },
    values: (_chart, splits) => splits.map((split) => formatNumber(split, 0)),
  };
}

/** A gap is drawn as one, so that nobody takes it for a line that lies at zero or hides behind the axis. */
function drawGaps(chart: uPlot, colours: ChartColours): void {
  const times = chart.data[0];
  const { ctx, bbox } = chart;
  const bucket = (times[1] ?? 0) - (times[0] ?? 0);
  ctx.save();
  for (const gap of gapsOf(shownValues(chart))) {
    const from = times[gap.from];
    const to = times[gap.to];
    if (from === undefined || to === undefined) continue;
    const left = Math.max(bbox.left, chart.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(to + bucket, 'x', true));
    const bottom = bbox.top + bbox.height;
    hatch(ctx, { left, right, top: bbox.top, bottom }, { colour: colours.hatch, lean: 'right' });
  }
  ctx.restore();
}

function shownValues(chart: uPlot): (number | null)[] {
  return [...(chart.data[1] ?? [])].map((value) => value ?? null);
}

function brokenBy(chart: uPlot, losses: readonly Loss[]): ReadonlySet<number> {
  return brokenSegments([...chart.data[0]], losses);
}

/** @returns stretches without a line, in canvas pixels, in order and apart: the empty ones and the lost ones. */
function joinedNowhere(
  chart: uPlot,
  empty: readonly [from: number, to: number][],
  losses: readonly Loss[],
): [from: number, to: number][] {
  const times = chart.data[0];
  const px = (index: number): number => Math.round(chart.valToPos(times[index] ?? 0, 'x', true));
  const lost = [...brokenBy(chart, losses)].map((index): [number, number] => [px(index), px(index + 1)]);
  const merged: [number, number][] = [];
  for (const [from, to] of [...empty, ...lost].toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** @returns left and right edge of a loss in canvas pixels, or null when it lies outside. */
function lossEdges(chart: uPlot, loss: Loss): { readonly left: number; readonly right: number } | null {
  const { left: start, width } = chart.bbox;
  const from = chart.valToPos(loss.fromMs, 'x', true);
  const to = chart.valToPos(loss.toMs, 'x', true);
  if (to < start || from > start + width) return null;
  const widen = Math.max(0, LOSS_WIDTH_MIN_PX * devicePixelRatio - (to - from)) / 2;
  return { left: Math.max(start, from - widen), right: Math.min(start + width, to + widen) };
}

/** A known loss leans the other way than what was merely not measured, and has edges. */
function drawLosses(chart: uPlot, losses: readonly Loss[], colours: ChartColours): void {
  const { ctx, bbox } = chart;
  const bottom = bbox.top + bbox.height;
  for (const loss of losses) {
    const edges = lossEdges(chart, loss);
    if (edges === null) continue;
    hatch(ctx, { ...edges, top: bbox.top, bottom }, { colour: colours.equipment, lean: 'left' });
    ctx.save();
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (const x of [edges.left, edges.right]) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bottom);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Above each loss its number and name where there is room, else its number; the list below has them all. */
function nameLosses(chart: uPlot, losses: readonly NamedLoss[], colours: ChartColours): void {
  const { ctx, bbox } = chart;
  const room = 6 * devicePixelRatio;
  const end = bbox.left + bbox.width;
  ctx.save();
  ctx.font = scaledFont();
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = colours.ink;
  const placed = losses.flatMap((loss) => {
    const edges = lossEdges(chart, loss);
    return edges === null ? [] : [{ loss, left: edges.left }];
  });
  let free = bbox.left;
  for (const [index, { loss, left }] of placed.entries()) {
    if (left < free) continue;
    const next = placed[index + 1]?.left ?? end;
    const texts = [`${loss.number} · ${loss.name}`, String(loss.number)];
    const text =
      texts.find((candidate) => left + ctx.measureText(candidate).width + room <= next) ?? texts[1];
    if (text === undefined) continue;
    ctx.fillText(text, left, bbox.top - (NAMES_HEIGHT_PX / 2) * devicePixelRatio);
    free = left + ctx.measureText(text).width + room;
  }
  ctx.restore();
}

function scaledFont(): string {
  return LOSS_FONT.replace('13px', `${13 * devicePixelRatio}px`);
}

/** The same colour, hardly there. */
function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 12%, transparent)`;
}
