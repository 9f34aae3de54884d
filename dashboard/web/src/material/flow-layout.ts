/**
 * Where kilograms came from or went, as a drawing: things in columns by their distance from the root, material flowing
 * from left to right, bands as wide as their kilograms. Pure.
 */
import type { GraphAnswer } from '@trame/protocol/material/material-answers';

/** Things of one column that are drawn; the lightest beyond that are drawn as one. */
export const COLUMN_MAX = 14;
export const NODE_WIDTH = 168;
export const NODE_HEIGHT_MIN = 44;
const COLUMN_STEP = NODE_WIDTH + 160;
const ROW_GAP = 12;
/** The heaviest column is about this high, px. */
const HEIGHT_AIM = 320;
const BAND_MIN = 1.5;

export interface FlowNode {
  /** Account, or `more:<column>` of those that are drawn as one. */
  readonly id: string;
  readonly label: string;
  readonly grams: number;
  /** 1, or how many things it stands for. */
  readonly count: number;
  readonly isRoot: boolean;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface FlowBand {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly grams: number;
  /** SVG path of its outline. */
  readonly path: string;
  readonly width: number;
}

export interface FlowLayout {
  readonly nodes: readonly FlowNode[];
  readonly bands: readonly FlowBand[];
  readonly width: number;
  readonly height: number;
}

type Node = GraphAnswer['nodes'][number];
type Edge = GraphAnswer['edges'][number];

/** @param direction `up`: to where it came from; the root stands on the right then. */
export function flowLayout(graph: GraphAnswer, direction: 'up' | 'down'): FlowLayout {
  const deepest = Math.max(0, ...graph.nodes.map(({ depth }) => depth));
  const columnOf = (depth: number) => (direction === 'up' ? deepest - depth : depth);
  const columns = columnsOf(graph.nodes, columnOf, deepest + 1, graph.root);
  const placeOf = new Map(
    columns.flatMap((column) => column.flatMap((cell) => cell.of.map((id) => [id, cell.id]))),
  );
  const edges = joined(graph.edges, placeOf);
  const heaviest = Math.max(1, ...columns.map((column) => column.reduce((sum, { grams }) => sum + grams, 0)));
  const scale = HEIGHT_AIM / heaviest;
  const nodes = columns.flatMap((column, index) => placed(column, index, scale, graph.root));
  const height = Math.max(NODE_HEIGHT_MIN, ...nodes.map((node) => node.y + node.height));
  return {
    nodes: centred(nodes, columns, height),
    bands: bandsOf(edges, new Map(centred(nodes, columns, height).map((node) => [node.id, node])), scale),
    width: deepest * COLUMN_STEP + NODE_WIDTH,
    height,
  };
}

interface Cell {
  readonly id: string;
  readonly label: string;
  readonly grams: number;
  /** Accounts that it stands for. */
  readonly of: readonly string[];
}

function columnsOf(
  nodes: readonly Node[],
  columnOf: (depth: number) => number,
  count: number,
  root: string,
): Cell[][] {
  const columns: Node[][] = Array.from({ length: count }, () => []);
  for (const node of nodes) columns[columnOf(node.depth)]?.push(node);
  return columns.map((column, index) => {
    const sorted = column.toSorted(
      (a, b) => Number(b.id === root) - Number(a.id === root) || b.grams - a.grams || (a.id < b.id ? -1 : 1),
    );
    const drawn = sorted.length > COLUMN_MAX ? sorted.slice(0, COLUMN_MAX - 1) : sorted;
    const cells = drawn.map(({ id, label, grams }): Cell => ({ id, label, grams, of: [id] }));
    const rest = sorted.slice(drawn.length);
    if (rest.length === 0) return cells;
    const grams = rest.reduce((sum, node) => sum + node.grams, 0);
    return [...cells, { id: `more:${index}`, label: '', grams, of: rest.map(({ id }) => id) }];
  });
}

function joined(edges: readonly Edge[], placeOf: ReadonlyMap<string, string>): Edge[] {
  const sums = new Map<string, Edge>();
  for (const edge of edges) {
    const from = placeOf.get(edge.from);
    const to = placeOf.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} ${to}`;
    sums.set(key, { from, to, grams: (sums.get(key)?.grams ?? 0) + edge.grams });
  }
  return [...sums.values()];
}

function placed(column: readonly Cell[], index: number, scale: number, root: string): FlowNode[] {
  let y = 0;
  return column.map(({ id, label, grams, of }) => {
    const height = Math.max(NODE_HEIGHT_MIN, grams * scale);
    const node = {
      id,
      label,
      grams,
      count: of.length,
      isRoot: id === root,
      x: index * COLUMN_STEP,
      y,
      height,
    };
    y += height + ROW_GAP;
    return node;
  });
}

/** Each column stands in the middle of the drawing. */
function centred(nodes: readonly FlowNode[], columns: readonly Cell[][], height: number): FlowNode[] {
  const bottoms = columns.map((_, index) =>
    Math.max(0, ...nodes.filter(({ x }) => x === index * COLUMN_STEP).map((node) => node.y + node.height)),
  );
  return nodes.map((node) => ({
    ...node,
    y: node.y + (height - (bottoms[Math.round(node.x / COLUMN_STEP)] ?? height)) / 2,
  }));
}

function bandsOf(edges: readonly Edge[], nodes: ReadonlyMap<string, FlowNode>, scale: number): FlowBand[] {
  const widthOf = (grams: number) => Math.max(BAND_MIN, grams * scale);
  const y = (id: string) => nodes.get(id)?.y ?? 0;
  const leaving = ends(edges, 'from', 'to', nodes, widthOf, y);
  const arriving = ends(edges, 'to', 'from', nodes, widthOf, y);
  return edges.flatMap((edge) => {
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    const key = `${edge.from} ${edge.to}`;
    const start = leaving.get(key);
    const end = arriving.get(key);
    if (from === undefined || to === undefined || start === undefined || end === undefined) return [];
    const x1 = from.x + NODE_WIDTH;
    const x2 = to.x;
    const width = widthOf(edge.grams);
    return [{ key, ...edge, path: ribbon(x1, start, x2, end, width), width }];
  });
}

/** A band of the same height all along, however steep. */
function ribbon(x1: number, start: number, x2: number, end: number, width: number): string {
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const half = width / 2;
  const over = `${at(x1 + bend, start - half)} ${at(x2 - bend, end - half)} ${at(x2, end - half)}`;
  const back = `${at(x2 - bend, end + half)} ${at(x1 + bend, start + half)} ${at(x1, start + half)}`;
  return `M${at(x1, start - half)}C${over}L${at(x2, end + half)}C${back}Z`;
}

function at(x: number, y: number): string {
  return `${round(x)} ${round(y)}`;
}

/** Where on its node each band ends: one below the other, in the order of what lies at the other end. */
function ends(
  edges: readonly Edge[],
  here: 'from' | 'to',
  there: 'from' | 'to',
  nodes: ReadonlyMap<string, FlowNode>,
  widthOf: (grams: number) => number,
  y: (id: string) => number,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const node of nodes.values()) {
    const own = edges.filter((edge) => edge[here] === node.id).toSorted((a, b) => y(a[there]) - y(b[there]));
    const total = own.reduce((sum, edge) => sum + widthOf(edge.grams), 0);
    let next = node.y + Math.max(0, (node.height - total) / 2);
    for (const edge of own) {
      const width = widthOf(edge.grams);
      found.set(`${edge.from} ${edge.to}`, next + width / 2);
      next += width;
    }
  }
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
