import { describe, expect, it } from 'vitest';
import { noHazards } from '../plant/hazards.ts';
import { hazardsOf } from './consequences.ts';
import { parseFault, type FaultRequest } from './fault.ts';

const everything = { has: () => true, fields: () => [], nodes: () => [] };

function fault(json: Record<string, unknown>): FaultRequest {
  const parsed = parseFault(json, everything);
  if (parsed.kind === 'refused') throw new Error(parsed.error);
  return parsed.fault;
}

describe('a fault of the NIR station', () => {
  it.each([
    [{ kind: 'nirDirty' }, { nirDirty: true }],
    [{ kind: 'nirDrift' }, { nirDriftNm: 3 }],
    [{ kind: 'nirDrift', shiftNm: -1.5 }, { nirDriftNm: -1.5 }],
    [{ kind: 'nirLampOld' }, { nirLampOld: true }],
    [{ kind: 'nirBlank' }, { nirUpsets: ['blank'] }],
    [{ kind: 'nirSaturated' }, { nirUpsets: ['saturated'] }],
    [{ kind: 'nirNaN' }, { nirUpsets: ['nan'] }],
    [{ kind: 'nirZeros' }, { nirUpsets: ['zeros'] }],
  ])('%j does that alone', (json, hazards) => {
    expect(hazardsOf([fault(json)])).toEqual({ ...noHazards, ...hazards });
  });

  it('lies beside others, the latest drift counting', () => {
    const faults = [
      fault({ kind: 'nirZeros' }),
      fault({ kind: 'nirDrift', shiftNm: 2 }),
      fault({ kind: 'nirNaN', target: 'nir', durationMs: 5_000 }),
      fault({ kind: 'nirNaN' }),
      fault({ kind: 'nirDrift', shiftNm: -0.4 }),
    ];
    expect(hazardsOf(faults)).toEqual({ ...noHazards, nirUpsets: ['nan', 'zeros'], nirDriftNm: -0.4 });
  });

  it.each([
    [{ kind: 'nirDrift', shiftNm: 3.1 }, /\/shiftNm: .*3/u],
    [{ kind: 'nirDrift', shiftNm: -4 }, /\/shiftNm: .*-3/u],
    [{ kind: 'nirDrift', shiftNm: 'much' }, /\/shiftNm: .*number/u],
    [{ kind: 'nirBlank', shiftNm: 1 }, /shiftNm/u],
    [{ kind: 'nirNaN', target: 'plc' }, /nirNaN cannot lie on "plc"; possible: nir/u],
  ])('is refused as %j', (json, reason) => {
    expect(parseFault(json, everything)).toEqual({
      kind: 'refused',
      error: expect.stringMatching(reason),
    });
  });
});
