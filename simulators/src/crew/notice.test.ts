import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ContainerView, HandView, OutputView, ScaleView } from '../hand-view.ts';
import type { Site } from './draft.ts';
import { nextMoves } from './floor.ts';
import { follow } from './follow.ts';
import { MemoryFile, newMemory, type Act, type Memory } from './memory.ts';
import { notice } from './notice.ts';
import type { PlantTruth } from './plant-client.ts';

const site: Site = {
  line: 'tables-1',
  presses: ['presse-1'],
  receptionZone: 'reception',
  stockZone: 'stock',
};
const morningMs = Date.UTC(2026, 10, 22, 9);
const eveningMs = Date.UTC(2026, 10, 22, 16);
const noOutlets = { creme: 0, essuyage: 0, elimination: 0 };
let memory: Memory;

beforeEach(() => {
  memory = { ...newMemory('a'), opened: true, shift: { id: 'S1', day: '2026-11-22-matin' } };
});

function container(changes: Partial<ContainerView> = {}): ContainerView {
  return {
    id: 'C-001',
    kind: 'cage',
    delivery: 'D-0001',
    tareKg: 60,
    netKg: 50,
    grossKg: 110,
    wet: false,
    weighed: { scale: 'platform-scale', alibi: 1, kg: 110 },
    ...changes,
  };
}

function output(number: number, changes: Partial<OutputView> = {}): OutputView {
  return {
    id: `K-${number}`,
    number,
    unit: 'crate',
    outlet: 'creme',
    press: null,
    kg: 12,
    packagingKg: 2,
    grossKg: 14,
    madeAt: '',
    weighed: { scale: 'platform-scale', alibi: 100 + number, kg: 14 },
    ...changes,
  };
}

const emptyScale: ScaleView = {
  id: 'platform-scale',
  what: null,
  grossKg: 0,
  tareKg: 0,
  netKg: 0,
  stable: true,
  overload: false,
  stored: null,
};

function hall(changes: Partial<HandView> = {}): HandView {
  return {
    at: '',
    life: 'a',
    profile: 'manual',
    led: true,
    deliveries: [],
    hall: [],
    tables: [{ number: 1, container: null }],
    finished: [],
    stock: [],
    scales: [emptyScale],
    ...changes,
  };
}

function truth(changes: Partial<PlantTruth> = {}): PlantTruth {
  return {
    outputKg: noOutlets,
    initialBinsKg: noOutlets,
    binsKg: noOutlets,
    pressKg: noOutlets,
    onLineKg: 0,
    hallKg: 0,
    ...changes,
  };
}

function see(view: HandView, seen: PlantTruth | null = null, at = morningMs): Act[] {
  memory.outbox = [];
  notice(view, seen, memory, site, at);
  return memory.outbox;
}

function openingGrams(acts: readonly Act[]): unknown {
  const lot = acts.find(({ path }) => path === '/api/v1/lots');
  return (lot?.body as { loads: { weight: { netGrams: number } }[] } | undefined)?.loads[0]?.weight.netGrams;
}

describe('the opening stock', () => {
  beforeEach(() => {
    memory = newMemory('a');
  });

  it('waits until somebody has looked, and nothing is written down before', () => {
    expect(see(hall({ stock: [output(1)] }))).toEqual([]);
    expect(memory.shift).toBeNull();
  });

  it('is what stands in bins, in the press and in front of the scale, and what was made before', () => {
    const binsKg = { ...noOutlets, creme: 10, elimination: 20 };
    const pressKg = { ...noOutlets, essuyage: 74.5 };
    const acts = see(hall({ stock: [output(1)] }), truth({ binsKg, pressKg }));
    expect(openingGrams(acts)).toBe(116_500);
    // The shift is open before, so that it is part of its balance; the output is made of it.
    expect(acts.map(({ path }) => path)).toEqual(['/api/v1/shifts', '/api/v1/lots', '/api/v1/bales']);
    expect(see(hall({ stock: [output(1)] }), truth({ binsKg, pressKg }))).toEqual([]);
  });

  it('is not what will be received with the container it was sorted from, nor what dried', () => {
    const view = hall({ tables: [{ number: 1, container: container({ netKg: 46 }) }] });
    const fallen = { ...noOutlets, creme: 3 };
    expect(openingGrams(see(view, truth({ binsKg: { ...noOutlets, creme: 13 }, outputKg: fallen })))).toBe(
      10_000,
    );
  });

  it('of bins that count is what did not fall since they count, bin by bin', () => {
    const binsKg = { creme: 13.5, essuyage: 31, elimination: 0 };
    const seen = truth({ binsKg, outputKg: { ...noOutlets, creme: 0.5 } });
    const opening = see(hall({ profile: 'automatic' }), seen).find(({ path }) => path === '/api/v1/lots');
    expect(openingGrams(memory.outbox)).toBe(44_000);
    memory.outbox = [];
    if (opening?.next == null) throw new Error('nothing follows');
    follow(memory, opening.next, { id: 'L1', events: ['e1'] }, site.line);
    expect(memory.outbox.map(({ path, body }) => [path, body])).toEqual([
      [
        '/api/v1/moves',
        {
          occurredAt: morningMs,
          from: 'lot:L1',
          to: 'bin:tables-1/creme',
          grams: 13_000,
          sortedBefore: true,
        },
      ],
      [
        '/api/v1/moves',
        {
          occurredAt: morningMs,
          from: 'lot:L1',
          to: 'bin:tables-1/essuyage',
          grams: 31_000,
          sortedBefore: true,
        },
      ],
    ]);
  });

  it('is not told by a crew that worked before it knew of it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trame-memory-'));
    const { opened: _opened, wet: _wet, ...before } = newMemory('a');
    writeFileSync(join(directory, 'crew.json'), JSON.stringify(before));
    const read = new MemoryFile(join(directory, 'crew.json')).read();
    rmSync(directory, { recursive: true });
    expect(read).toMatchObject({ life: 'a', opened: true, wet: [] });
  });
});

function moves(view: HandView) {
  return nextMoves(view, memory, new Map(), new Set()).map(({ does, body }) => [does, body['what']]);
}

describe('a wet container that was taken in', () => {
  const wet = container({ wet: true });

  beforeEach(() => {
    memory.closed = ['D-0001'];
    const { id, delivery, tareKg, weighed } = wet;
    if (weighed === null) throw new Error('not weighed');
    memory.wet = [{ container: id, delivery, tareKg, weighed, lot: 'L7' }];
  });

  it('stays in the hall while it is wet, and is then weighed before it is sorted', () => {
    expect(moves(hall({ hall: [wet] }))).toEqual([]);
    expect(moves(hall({ hall: [{ ...wet, wet: false }] }))).toEqual([['put-on-scale', 'C-001']]);
  });

  it('has lost water when the scale finds less, and is sorted then', () => {
    const dry = container({ netKg: 46, weighed: { scale: 'platform-scale', alibi: 9, kg: 106 } });
    expect(see(hall({ hall: [dry] }))).toMatchObject([
      {
        path: '/api/v1/lots/L7/dry',
        body: { from: 'container:C-001', weight: { $weight: 0 } },
        weights: [{ weighing: { alibi: 9, kg: 106 }, tareKg: 60 }],
      },
    ]);
    expect(moves(hall({ hall: [dry] }))).toEqual([['put-on-line', 'C-001']]);
  });

  it('waits for the name of its lot', () => {
    memory.wet = memory.wet.map((each) => ({ ...each, lot: null }));
    const dry = container({ weighed: { scale: 'platform-scale', alibi: 9, kg: 106 } });
    expect(see(hall({ hall: [dry] }))).toEqual([]);
    follow(
      memory,
      { does: 'received', delivery: 'D-0001', refused: [], at: morningMs },
      { id: 'L8', events: [] },
      site.line,
    );
    expect(see(hall({ hall: [dry] }))).toMatchObject([{ path: '/api/v1/lots/L8/dry' }]);
  });

  it('has lost nothing that can be told when the scale shows the same', () => {
    const same = container({ weighed: { scale: 'platform-scale', alibi: 9, kg: 109.9 } });
    expect(see(hall({ hall: [same] }))).toEqual([]);
    expect(memory.wet).toEqual([]);
  });
});

it('an output of a line that counts is logged once what it was made of was told', () => {
  const stock = [output(1, { madeAt: new Date(morningMs).toISOString() })];
  const view = hall({ profile: 'automatic', stock });
  expect(see(view, null, morningMs + 11_000)).toEqual([]);
  expect(see(view, null, morningMs + 12_000)).toMatchObject([{ path: '/api/v1/bales' }]);
});

describe('a trolley', () => {
  it('goes after three containers, with no more than the bin truly holds', () => {
    memory.trolley.sorted = 3;
    const acts = see(hall(), truth({ binsKg: { creme: 4, essuyage: 8.7, elimination: 90 } }));
    expect(acts.map(({ path, body }) => [path, body])).toMatchObject([
      ['/api/v1/containers', { container: 'chariot-1', kind: 'trolley' }],
      ['/api/v1/moves', { from: 'line:tables-1', to: 'container:chariot-1', grams: 8_500 }],
      ['/api/v1/moves', { from: 'container:chariot-1', to: 'bin:tables-1/essuyage' }],
    ]);
    memory.trolley.sorted = 3;
    expect(see(hall(), truth({ binsKg: { creme: 4, essuyage: 8.7, elimination: 90 } }))).toEqual([]);
  });

  it('is not told of bins that were made into outputs', () => {
    memory.trolley = { sorted: 0, runs: 1, grams: { creme: 15_000 } };
    see(hall({ stock: [output(1)] }));
    expect(memory.trolley.grams).toEqual({ creme: 3_000 });
  });
});

it('a skip that was carted off is an output', () => {
  const initialBinsKg = { ...noOutlets, elimination: 20 };
  expect(see(hall(), truth({ initialBinsKg, binsKg: initialBinsKg }))).toEqual([]);
  const outputKg = { ...noOutlets, elimination: 321 };
  const binsKg = { ...noOutlets, elimination: 1 };
  expect(see(hall(), truth({ initialBinsKg, outputKg, binsKg }))).toMatchObject([
    {
      path: '/api/v1/bales',
      body: { outlet: 'elimination', unit: 'skip', weight: { how: 'weighbridge', netGrams: 340_000 } },
    },
  ]);
});

describe('a shift', () => {
  const seen = truth({
    binsKg: { creme: 5, essuyage: 6, elimination: 7 },
    pressKg: { ...noOutlets, essuyage: 80 },
    onLineKg: 230,
    hallKg: 200,
  });

  it('ends with tables that were counted, after everything else, and the next begins', () => {
    const acts = see(hall({ stock: [output(1)] }), seen, eveningMs);
    expect(acts.map(({ path, role }) => [path, role])).toEqual([
      ['/api/v1/bales', 'operator'],
      ['/api/v1/lines/tables-1/empty', 'supervisor'],
      ['/api/v1/shifts/S1/close', 'supervisor'],
      ['/api/v1/shifts', 'supervisor'],
    ]);
    expect(acts[1]).toMatchObject({
      remains: { grams: 128_000 },
      body: { remainingGrams: { $remaining: 0 } },
    });
    // The count is of the shift that ends.
    expect(acts[1]?.body).toMatchObject({ occurredAt: eveningMs });
    expect(acts[2]?.body).toMatchObject({ occurredAt: eveningMs + 1 });
  });

  it('waits while something stands on the scale, and not for ever', () => {
    const view = hall({ scales: [{ ...emptyScale, what: 'B-0001' }] });
    expect(see(view, seen, eveningMs)).toEqual([]);
    expect(see(view, null, eveningMs + 9 * 60_000)).toEqual([]);
    const acts = see(view, seen, eveningMs + 11 * 60_000);
    expect(acts.map(({ path }) => path)).toEqual(['/api/v1/shifts/S1/close', '/api/v1/shifts']);
  });

  it('has one audit of the outlet whose output was made last, the same whenever it is asked', () => {
    const stock = Array.from({ length: 6 }, (_, index) => output(index + 1));
    const audits = (): Act[] => see(hall({ stock })).filter(({ path }) => path.endsWith('/audits'));
    const [audit] = audits();
    if (audit === undefined) throw new Error('no audit');
    expect(audit).toMatchObject({ body: { outlet: 'creme', sampledGrams: 10_000 }, role: 'supervisor' });
    const { misplaced } = audit.body as { misplaced: { outlet: string; grams: number }[] };
    expect(misplaced.every(({ outlet, grams }) => outlet !== 'creme' && grams > 0)).toBe(true);
    expect(audits()).toEqual([]);
    memory = { ...newMemory('a'), opened: true, shift: { id: 'S1', day: '2026-11-22-matin' } };
    expect(audits()).toEqual([audit]);
  });
});
