/** How a trend is drawn with uPlot. */
import type uPlot from 'uplot';
import type { InstantFormat } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { chartColours, type ChartColours } from './chart-colours.ts';
import { gapsOf, loneValues } from './chart-gaps.ts';

export interface TrendLook {
  /** The element that holds the chart: its tokens give the colours. */
  readonly host: HTMLElement;
  readonly size: { readonly width: number; readonly height: number };
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly format: InstantFormat;
  /** Makes a chart depend on the theme: colours are read anew. */
  readonly theme: 'light' | 'dark';
  readonly onPoint: (index: number | null) => void;
}

const FONT = '14px "Atkinson Hyperlegible Next", system-ui, sans-serif';
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
    padding: [12, 24, 0, 0],
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
        points: {
          show: true,
          size: 6,
          fill: colours.line,
          filter: (chart) => loneValues(shownValues(chart)),
        },
      },
    ],
    hooks: {
      drawClear: [(chart) => drawGaps(chart, colours)],
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
    hatch(ctx, { left, right, top: bbox.top, bottom: bbox.top + bbox.height }, colours.hatch);
  }
  ctx.restore();
}

function shownValues(chart: uPlot): (number | null)[] {
  return [...(chart.data[1] ?? [])].map((value) => value ?? null);
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function hatch(ctx: CanvasRenderingContext2D, box: Box, colour: string): void {
  const height = box.bottom - box.top;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.right - box.left, height);
  ctx.clip();
  ctx.beginPath();
  for (let x = box.left - height - ((box.left - height) % 8); x < box.right; x += 8) {
    ctx.moveTo(x, box.bottom);
    ctx.lineTo(x + height, box.top);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.restore();
}

/** The same colour, hardly there. */
function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 12%, transparent)`;
}
