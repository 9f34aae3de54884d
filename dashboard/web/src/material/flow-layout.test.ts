import type { GraphAnswer } from '@trame/protocol/material/material-answers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_MAX, flowLayout, NODE_WIDTH } from './flow-layout.ts';

function node(id: string, depth: number, grams: number): GraphAnswer['nodes'][number] {
  return { id, kind: 'lot', label: id, at: null, grams, depth };
}

const UP: GraphAnswer = {
  root: 'output:B1',
  nodes: [
    node('output:B1', 0, 100_000),
    node('lot:L1', 1, 70_000),
    node('lot:L2', 1, 30_000),
    node('collector:e', 2, 100_000),
  ],
  edges: [
    { from: 'lot:L1', to: 'output:B1', grams: 70_000 },
    { from: 'lot:L2', to: 'output:B1', grams: 30_000 },
    { from: 'collector:e', to: 'lot:L1', grams: 70_000 },
    { from: 'collector:e', to: 'lot:L2', grams: 30_000 },
  ],
  truncated: false,
};

describe('the drawing of where kilograms went', () => {
  it('flows from left to right in both directions', () => {
    const up = flowLayout(UP, 'up');
    const x = new Map(up.nodes.map(({ id, x: left }) => [id, left]));
    expect(x.get('collector:e')).toBeLessThan(x.get('lot:L1') ?? 0);
    expect(x.get('lot:L1')).toBeLessThan(x.get('output:B1') ?? 0);
    const down = flowLayout(
      { ...UP, root: 'collector:e', nodes: UP.nodes.map((one) => ({ ...one, depth: 2 - one.depth })) },
      'down',
    );
    expect(down.nodes.find(({ isRoot }) => isRoot)?.x).toBe(0);
    expect(down.width).toBe(up.width);
  });

  it('draws bands in proportion to their kilograms', () => {
    const width = new Map(flowLayout(UP, 'up').bands.map((band) => [band.key, band.width]));
    expect((width.get('lot:L1 output:B1') ?? 0) / (width.get('lot:L2 output:B1') ?? 1)).toBeCloseTo(7 / 3);
  });

  it('puts the lightest of a long column into one, without losing a gram', () => {
    const graph = fc
      .array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 })
      .map((parts) => ({
        root: 'lot:L0',
        nodes: [
          node(
            'lot:L0',
            0,
            parts.reduce((a, b) => a + b, 0),
          ),
          ...parts.map((grams, i) => node(`output:B${i}`, 1, grams)),
        ],
        edges: parts.map((grams, i) => ({ from: 'lot:L0', to: `output:B${i}`, grams })),
        truncated: false,
      }));
    fc.assert(
      fc.property(graph, (given) => {
        const { nodes, bands, width, height } = flowLayout(given, 'down');
        const column = nodes.filter(({ isRoot }) => !isRoot);
        const total = given.nodes[0]?.grams;
        expect(column.length).toBeLessThanOrEqual(COLUMN_MAX);
        expect(column.reduce((sum, { grams }) => sum + grams, 0)).toBe(total);
        expect(column.reduce((sum, { count }) => sum + count, 0)).toBe(given.edges.length);
        expect(bands.reduce((sum, { grams }) => sum + grams, 0)).toBe(total);
        for (const one of nodes) {
          expect(one.y).toBeGreaterThanOrEqual(-0.001);
          expect(one.y + one.height).toBeLessThanOrEqual(height + 0.001);
          expect(one.x + NODE_WIDTH).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('draws what came back to where it left', () => {
    const back = { ...UP, edges: [...UP.edges, { from: 'output:B1', to: 'lot:L1', grams: 5_000 }] };
    expect(flowLayout(back, 'up').bands.map(({ key }) => key)).toContain('output:B1 lot:L1');
  });
});
