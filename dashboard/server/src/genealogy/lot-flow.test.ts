import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestryIn } from './ancestry.ts';
import { descentIn } from './descent.ts';
import { lotFlow, type Edge, type FlowStep } from './lot-flow.ts';
import { inProportion } from './proportion.ts';

/** Steps of lot L1, `from to grams [type]`. */
function steps(...lines: string[]): FlowStep[] {
  return lines.map((line) => {
    const [from = '', to = '', grams = '0', type = 'mass.moved'] = line.split(' ');
    return { from, to, grams: Number(grams), type };
  });
}

function told(edges: readonly Edge[]): string[] {
  return edges.map(({ from, to, grams }) => `${from} ${to} ${grams}`).sort();
}

describe('what became of a lot', () => {
  it('is told from the lot to its outputs, whatever it lay in meanwhile', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus container:C-1 100',
        'container:C-1 line:tri-1 100',
        'line:tri-1 bin:tri-1/wipers 60',
        'bin:tri-1/wipers output:B1 40',
        'line:tri-1 output:B2 30',
      ),
    );
    expect(told(flow.edges)).toEqual(['lot:L1 output:B1 40', 'lot:L1 output:B2 30']);
    expect(told(flow.held)).toEqual(['lot:L1 bin:tri-1/wipers 20', 'lot:L1 line:tri-1 10']);
    expect(flow.origins).toEqual([{ collector: 'collector:emmaus', grams: 100 }]);
    expect(told(ancestryIn(flow, 'output:B1'))).toEqual([
      'collector:emmaus lot:L1 40',
      'lot:L1 output:B1 40',
    ]);
    expect(told(descentIn(flow, 'lot:L1'))).toEqual([
      'lot:L1 bin:tri-1/wipers 20',
      'lot:L1 line:tri-1 10',
      'lot:L1 output:B1 40',
      'lot:L1 output:B2 30',
    ]);
  });

  it('keeps what an opened output and a split lot gave, in proportion to what lay beside it', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus lot:L1 1000',
        'lot:L1 lot:L2 400 lot.split',
        'lot:L1 line:tri-1 600 line.loaded',
        'line:tri-1 output:B1 300 output.weighed',
        'output:B1 line:tri-1 300 output.opened',
        'line:tri-1 output:B2 200 output.weighed',
      ),
    );
    expect(told(flow.edges)).toEqual([
      'lot:L1 lot:L2 400',
      'lot:L1 output:B1 300',
      'lot:L1 output:B2 100',
      'output:B1 output:B2 100',
    ]);
    expect(told(flow.held)).toEqual(['lot:L1 line:tri-1 200', 'output:B1 line:tri-1 200']);
    expect(told(ancestryIn(flow, 'output:B2'))).toEqual([
      'collector:emmaus lot:L1 200',
      'lot:L1 output:B1 100',
      'lot:L1 output:B2 100',
      'output:B1 output:B2 100',
    ]);
    expect(told(descentIn(flow, 'lot:L2'))).toEqual([]);
  });

  it('knows of a split lot what came of it, though the line is mixed', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus lot:L1 1000',
        'lot:L1 lot:L2 250 lot.split',
        'lot:L1 line:tri-1 750 line.loaded',
        'lot:L2 line:tri-1 250 line.loaded',
        'line:tri-1 output:B1 400 output.weighed',
        'output:B1 output:B2 400 output.repressed',
        'output:B2 client:frip 400 shipment.dispatched',
      ),
    );
    expect(told(descentIn(flow, 'lot:L2'))).toEqual([
      'lot:L2 line:tri-1 150',
      'lot:L2 output:B1 100',
      'output:B1 output:B2 100',
      'output:B2 client:frip 100',
    ]);
  });

  it('forgets what never was: a weight set right, a void', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus line:tri-1 500',
        'line:tri-1 output:B1 300 output.weighed',
        'output:B1 line:tri-1 300 output.weighed',
        'line:tri-1 output:B1 200 output.weighed',
        'line:tri-1 output:B2 100 output.weighed',
        'output:B2 line:tri-1 100 output.voided',
      ),
    );
    expect(told(flow.edges)).toEqual(['lot:L1 output:B1 200']);
    expect(told(flow.held)).toEqual(['lot:L1 line:tri-1 300']);
  });

  it('follows a lot to whoever it was attributed to later', () => {
    const flow = lotFlow(
      'L1',
      steps('collector:unknown lot:L1 100', 'collector:emmaus collector:unknown 100 lot.attributed'),
    );
    expect(flow.origins).toEqual([{ collector: 'collector:emmaus', grams: 100 }]);
    expect(told(ancestryIn(flow, 'lot:L1'))).toEqual(['collector:emmaus lot:L1 100']);
  });

  it('tells both ways of what a client sent back, and counts it once', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus line:tri-1 100',
        'line:tri-1 output:B1 100 output.weighed',
        'output:B1 client:frip 100 shipment.dispatched',
        'client:frip output:B1 100 shipment.returned',
        'output:B1 output:B2 100 output.repressed',
      ),
    );
    expect(told(ancestryIn(flow, 'output:B2'))).toEqual([
      'client:frip output:B1 100',
      'collector:emmaus lot:L1 100',
      'lot:L1 output:B1 100',
      'output:B1 client:frip 100',
      'output:B1 output:B2 100',
    ]);
  });

  it('follows what a subcontractor brought back through the lot that it became', () => {
    const flow = lotFlow(
      'L1',
      steps(
        'collector:emmaus line:tri-1 300',
        'line:tri-1 output:B1 300 output.weighed',
        'output:B1 subcontractor:sc 300 shipment.dispatched',
        'subcontractor:sc lot:L9 200 subcontract.returned',
        'lot:L9 line:tri-1 200 line.loaded',
        'line:tri-1 output:B5 120 output.weighed',
      ),
    );
    expect(told(ancestryIn(flow, 'output:B5'))).toEqual([
      'collector:emmaus lot:L1 120',
      'lot:L1 output:B1 120',
      'lot:L9 output:B5 120',
      'output:B1 lot:L9 120',
    ]);
    expect(told(flow.held)).toEqual(['lot:L9 line:tri-1 80', 'output:B1 subcontractor:sc 100']);
  });

  it('goes six outputs deep, each half of the one before', () => {
    const chain = ['line:tri-1 output:B1 640 output.weighed'];
    for (let link = 1; link < 7; link += 1) {
      chain.push(`output:B${link} output:B${link + 1} ${640 / 2 ** link} output.repressed`);
    }
    const flow = lotFlow('L1', steps('collector:emmaus line:tri-1 640', ...chain));
    expect(told(ancestryIn(flow, 'output:B7'))).toEqual([
      'collector:emmaus lot:L1 10',
      'lot:L1 output:B1 10',
      'output:B1 output:B2 10',
      'output:B2 output:B3 10',
      'output:B3 output:B4 10',
      'output:B4 output:B5 10',
      'output:B5 output:B6 10',
      'output:B6 output:B7 10',
    ]);
  });
});

describe('sums', () => {
  const PLACES = ['line:a', 'bin:a/x', 'bin:a/y', 'container:C'];
  const OUTPUTS = ['output:B1', 'output:B2', 'output:B3', 'output:B4'];
  const move = fc.record({
    from: fc.constantFrom('lot:L1', 'lot:L2', ...PLACES, ...OUTPUTS),
    to: fc.constantFrom('lot:L2', ...PLACES, ...OUTPUTS, 'client:c'),
    part: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });

  it('are right at every thing, whatever moves: what came in went out, or lies somewhere', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const holds = new Map([['lot:L1', 100_000]]);
        const taken: FlowStep[] = [
          { type: 'lot.received', from: 'collector:c', to: 'lot:L1', grams: 100_000 },
        ];
        for (const { from, to, part } of moves) {
          const grams = Math.ceil((holds.get(from) ?? 0) * part);
          if (grams === 0 || from === to) continue;
          holds.set(from, (holds.get(from) ?? 0) - grams);
          holds.set(to, (holds.get(to) ?? 0) + grams);
          taken.push({ type: 'mass.moved', from, to, grams });
        }
        const flow = lotFlow('L1', taken);
        const all = [...flow.edges, ...flow.held];
        for (const thing of [...OUTPUTS, 'lot:L2', ...PLACES, 'client:c']) {
          const came = all.filter(({ to }) => to === thing).reduce((sum, { grams }) => sum + grams, 0);
          const went = all.filter(({ from }) => from === thing).reduce((sum, { grams }) => sum + grams, 0);
          expect(came - went).toBe(holds.get(thing) ?? 0);
        }
        const left = all.filter(({ from }) => from === 'lot:L1').reduce((sum, { grams }) => sum + grams, 0);
        const back = all.filter(({ to }) => to === 'lot:L1').reduce((sum, { grams }) => sum + grams, 0);
        expect(left - back + (holds.get('lot:L1') ?? 0)).toBe(100_000);
      }),
    );
  });

  it('of parts in proportion are what was asked for, none larger than its part', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
        const total = of.reduce((sum, part) => sum + part, 0);
        const asked = Math.floor(total * share);
        const found = inProportion(of, asked);
        expect(found.reduce((sum, part) => sum + part, 0)).toBe(asked);
        expect(found.every((part, index) => part <= (of[index] ?? 0) && part >= 0)).toBe(true);
      }),
    );
  });
});
