import type { GraphAnswer } from '@trame/protocol/material/material-answers';
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { repressBales } from '../bales/repress-bales.ts';
import { loadLine } from '../line-work/load-line.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';

async function bale(reading: MaterialReading, netGrams: number): Promise<string> {
  const body = { outlet: 'essuyage', packagingGrams: 0, weight: { how: 'typed', netGrams } } as const;
  return (await reading.site.act(logBale, body)).id;
}

/** 300 kg of Emmaüs and 100 kg of Le Relais, mixed on the line. */
async function mixedLine(reading: MaterialReading): Promise<void> {
  const { site } = reading;
  await declareNeighbours(site);
  await site.act(receiveLot, delivery({ loads: [loose(300_000)] }));
  await site.act(receiveLot, delivery({ loads: [loose(100_000)], collector: 'relais' }));
  await site.act(loadLine, { from: ['lot:L1', 'lot:L2'] }, 'tri-1');
}

function edges({ edges: all }: GraphAnswer): string[] {
  return all.map(({ from, to, grams }) => `${from} ${to} ${grams}`).sort();
}

describe.each(RECORDS_ENGINES)('genealogy, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('tells of an output its lots and who brought them, in the proportion of the line', async () => {
    await using reading = await materialReading(await freshRecords());
    await mixedLine(reading);
    const id = await bale(reading, 200_000);
    const graph = await reading.read<GraphAnswer>(`/bales/${id}/ancestry`);
    expect(edges(graph)).toEqual([
      'collector:emmaus lot:L1 150000',
      'collector:relais lot:L2 50000',
      'lot:L1 output:B1 150000',
      'lot:L2 output:B1 50000',
    ]);
    expect(graph.nodes.map(({ id: node, label, grams, depth }) => [node, label, grams, depth])).toEqual([
      ['output:B1', '1', 200_000, 0],
      ['lot:L1', '1', 150_000, 1],
      ['lot:L2', '2', 50_000, 1],
      ['collector:emmaus', 'Emmaüs', 150_000, 2],
      ['collector:relais', 'Le Relais', 50_000, 2],
    ]);
    expect(graph.truncated).toBe(false);
    expect((await reading.ask('/bales/B9/ancestry')).status).toBe(404);
  });

  it('goes seven levels up a chain of outputs that were pressed again', async () => {
    await using reading = await materialReading(await freshRecords());
    await mixedLine(reading);
    let last = await bale(reading, 40_000);
    for (let link = 0; link < 5; link += 1) {
      const weight = { how: 'typed', netGrams: 40_000 } as const;
      last = (await reading.site.act(repressBales, { bales: [last], weight, packagingGrams: 0 })).id;
    }
    const graph = await reading.read<GraphAnswer>(`/bales/${last}/ancestry`);
    expect(Math.max(...graph.nodes.map(({ depth }) => depth))).toBe(7);
    expect(graph.nodes.filter(({ kind }) => kind === 'output').map(({ grams }) => grams)).toEqual(
      Array.from({ length: 6 }, () => 40_000),
    );
    for (const depth of [1, 2, 3, 4, 5, 6, 7]) {
      const level = graph.nodes.filter((node) => node.depth === depth);
      expect(level.reduce((sum, { grams }) => sum + grams, 0)).toBe(40_000);
    }
  });

  it('tells of a lot everything that holds or held some of it', async () => {
    await using reading = await materialReading(await freshRecords());
    await mixedLine(reading);
    await bale(reading, 200_000);
    await bale(reading, 100_000);
    const weight = { how: 'typed', netGrams: 100_000 } as const;
    await reading.site.act(repressBales, { bales: ['B2'], weight, packagingGrams: 0 });
    const graph = await reading.read<GraphAnswer>('/lots/L2/descendants');
    expect(edges(graph)).toEqual([
      'lot:L2 line:tri-1 25000',
      'lot:L2 output:B1 50000',
      'lot:L2 output:B2 25000',
      'output:B2 output:B3 25000',
    ]);
    expect(graph.nodes.find(({ id }) => id === 'lot:L2')?.grams).toBe(100_000);
    const of = async (id: string) => {
      const { nodes } = await reading.read<GraphAnswer>(`/bales/${id}/ancestry`);
      return nodes.find((node) => node.id === 'lot:L2')?.grams;
    };
    expect([await of('B1'), await of('B3')]).toEqual([50_000, 25_000]);
    expect((await reading.ask('/lots/L9/descendants')).status).toBe(404);
  });
});
