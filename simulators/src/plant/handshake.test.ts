import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCode, writeRequest } from './handshake.ts';
import { commandCode } from './packml.ts';
import type { Plant } from './plant-state.ts';
import { pass, quiet, workingLine, wrong } from './test-line.ts';

function ask(plant: Plant, code: number, inputs = quiet): void {
  writeCode(plant, 'modbus', code);
  writeRequest(plant, 'modbus', true, inputs);
}

const bits = (plant: Plant): string => {
  const { acknowledge, done, refused } = plant.plc.handshakes.modbus;
  return [acknowledge && 'acknowledge', done && 'done', refused && 'refused'].filter(Boolean).join(' ');
};

describe('the handshake', () => {
  it('acknowledges at once, is done when the state is reached, and falls with the request', () => {
    const plant = workingLine();
    ask(plant, commandCode.hold);
    expect(bits(plant)).toBe('acknowledge');
    pass(plant, 1_000);
    expect(bits(plant)).toBe('acknowledge');
    pass(plant, 12_000);
    expect(plant.plc.state).toBe('held');
    expect(bits(plant)).toBe('acknowledge done');
    writeRequest(plant, 'modbus', false, quiet);
    expect(bits(plant)).toBe('');
  });

  it.each([0, 6, 8, commandCode.start, 40_000])('refuses code %d of a line that runs', (code) => {
    const plant = workingLine();
    ask(plant, code);
    expect(bits(plant)).toBe('acknowledge refused');
    pass(plant, 5_000);
    expect(plant.plc.state).toBe('execute');
  });

  it('says refused when something comes between', () => {
    const plant = workingLine();
    ask(plant, commandCode.hold);
    pass(plant, 500);
    pass(plant, 100, wrong({ emergencyStop: true }));
    expect(bits(plant)).toBe('acknowledge refused');
  });

  it('does nothing twice: neither a request that stands, nor a code that changes under it', () => {
    const plant = workingLine();
    ask(plant, commandCode.hold);
    pass(plant, 13_000);
    writeCode(plant, 'modbus', commandCode.unhold);
    writeRequest(plant, 'modbus', true, quiet);
    pass(plant, 13_000);
    expect(plant.plc.state).toBe('held');
  });

  it('keeps its links apart', () => {
    const plant = workingLine();
    ask(plant, commandCode.hold);
    expect(plant.plc.handshakes.opcua.acknowledge).toBe(false);
  });

  it('acknowledges and does nothing while the PLC ignores, and says nothing while it is mute', () => {
    const ignoring = workingLine();
    const ignores = wrong({ plcIgnores: true });
    ask(ignoring, commandCode.stop, ignores);
    pass(ignoring, 20_000, ignores);
    expect(bits(ignoring)).toBe('acknowledge');
    expect(ignoring.plc.state).toBe('execute');
    const mute = workingLine();
    const silent = wrong({ plcMute: true });
    ask(mute, commandCode.stop, silent);
    pass(mute, 20_000, silent);
    expect(bits(mute)).toBe('');
    expect(mute.plc.state).toBe('execute');
  });

  it('never shows done and refused together, nor either without a request', () => {
    const image = JSON.stringify(workingLine());
    const act = fc.oneof(
      fc.record({ code: fc.constantFrom(0, 1, 2, 3, 4, 5, 9) }),
      fc.record({ up: fc.boolean() }),
      fc.record({ ms: fc.constantFrom(50, 500, 15_000), estop: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const plant = JSON.parse(image) as Plant;
        for (const each of acts) {
          if ('code' in each) writeCode(plant, 'modbus', each.code);
          else if ('up' in each) writeRequest(plant, 'modbus', each.up, quiet);
          else pass(plant, each.ms, wrong({ emergencyStop: each.estop }));
          const { request, acknowledge, done, refused, goal } = plant.plc.handshakes.modbus;
          expect(acknowledge).toBe(request);
          expect([done, refused, goal !== null].filter(Boolean)).toHaveLength(request ? 1 : 0);
        }
      }),
      { numRuns: 100 },
    );
  });
});
