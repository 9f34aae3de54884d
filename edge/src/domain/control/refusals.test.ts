import type { CommandReason } from '@trame/protocol/control/control-events';
import { describe, expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { codes, pictureOf } from './test-control-looks.ts';
import { ANNA, TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

describe('refusals', () => {
  it.each([
    ['no local enable', (line: TestLine) => line.pass(11_000), 'line.start', ['no-local-enable']],
    [
      'the switch on local',
      (line: TestLine) => line.tags.set('plc/remote', false),
      'line.start',
      ['not-remote'],
    ],
    [
      'an unknown switch',
      (line: TestLine) => line.tags.set('plc/remote', null),
      'line.start',
      ['not-remote'],
    ],
    [
      'an open door and no local enable, in the order in which they are put right',
      (line: TestLine) => {
        line.tags.set('plc/doors', false);
        line.pass(11_000);
      },
      'line.start',
      ['interlock', 'no-local-enable'],
    ],
    ['an open door', (line: TestLine) => line.tags.set('plc/doors', false), 'line.start', ['interlock']],
    [
      'a door nobody knows of',
      (line: TestLine) => line.tags.set('plc/doors', null),
      'line.start',
      ['interlock'],
    ],
    ['a wrong state', (line: TestLine) => line.standIn(STATE.execute), 'line.start', ['wrong-state']],
    ['maintenance', (line: TestLine) => line.tags.set('plc/mode', 2), 'line.start', ['wrong-mode']],
    [
      'an emergency stop',
      (line: TestLine) => line.plc.pressEmergencyStop(),
      'line.start',
      ['wrong-state', 'emergency-stop'],
    ],
  ] as const)('refuses a start with %s and writes nothing', (_, spoil, command, expected) => {
    const line = new TestLine();
    line.ready();
    spoil(line);
    line.pass(200);
    const id = line.ask(command);
    line.pass(1_000);
    expect(codes(line, id)).toEqual(expected);
    expect(line.written()).toEqual([]);
    const shown = pictureOf(line).refusals as Readonly<Record<string, readonly CommandReason[]>>;
    expect(shown['line.start']?.map(({ code }) => code)).toEqual(expected);
  });

  it('has no reason left when all is well', () => {
    const line = new TestLine();
    line.ready();
    expect(pictureOf(line).refusals).toMatchObject({ 'line.start': [], 'line.mode': [] });
    expect(pictureOf(line).enableLeftMs).toBeGreaterThan(9_000);
  });

  it.each([
    ['setpoint.write', { setpoint: 'speed', value: 1.3 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'speed', value: Number.NaN }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'constructor', value: 1 }, 'unknown-setpoint'],
    ['programme.download', { programme: 'toString' }, 'unknown-programme'],
    ['diverter.set', { outlet: 'constructor', to: 'reste' }, 'unknown-outlet'],
    ['diverter.set', { outlet: 'creme', to: 'toString' }, 'unknown-outlet'],
    ['diverter.set', { outlet: 'creme', to: 'creme' }, 'unknown-outlet'],
    ['scale.tare', { scale: 'other' }, 'unknown-scale'],
    ['line.mode', { mode: 'manual' }, 'wrong-mode'],
  ] as const)('%s %j is refused: %s', (command, args, code) => {
    const line = new TestLine();
    line.ready();
    expect(codes(line, line.ask(command, args))).toContain(code);
    expect(line.written()).toEqual([]);
  });

  it('moves no diverter for anybody in maintenance, where people work at the machine', () => {
    const line = new TestLine();
    line.ready();
    line.tags.set('plc/mode', 2);
    line.pass(100);
    const id = line.ask('diverter.set', { outlet: 'creme', to: 'reste' });
    expect(line.final(id)?.reasons).toEqual([{ code: 'wrong-mode', ref: 'maintenance', words: '' }]);
    expect(line.written()).toEqual([]);
  });

  it.each([0.77, 0.123456, 0.09, 1.3])(
    'a set-point of %d is refused with its limits, its unit and its step',
    (value) => {
      const line = new TestLine();
      line.ready();
      const id = line.ask('setpoint.write', { setpoint: 'speed', value });
      const words = 'Se règle de 0,1 à 1,2 m/s, par pas de 0,05.';
      expect(line.final(id)?.reasons).toEqual([{ code: 'out-of-range', ref: 'speed', words }]);
      expect(line.written()).toEqual([]);
    },
  );

  it('takes a set-point on each of its steps, however a computer writes it', () => {
    const line = new TestLine();
    line.ready();
    for (let step = 0; step <= 22; step += 1) {
      for (const value of [Math.min(0.1 + step * 0.05, 1.2), (10 + step * 5) / 100]) {
        const id = line.ask('setpoint.write', { setpoint: 'speed', value });
        expect([value, line.final(id)?.code]).toEqual([value, 'done']);
      }
    }
  });

  it('an interlock that comes while the request is being recorded still forbids it', () => {
    const line = new TestLine();
    line.ready();
    line.ledger = null;
    const id = line.ask('line.start');
    line.tags.set('plc/doors', false);
    line.pass(100);
    const [step] = line.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.step !== null ? [effect.step] : [],
    );
    line.feed({ kind: 'recorded', at: line.at, step: step ?? 0, stored: true });
    expect(codes(line, id)).toEqual(['interlock']);
    expect(line.written()).toEqual([]);
  });

  it('nothing is known of a line that nobody has looked at for long', () => {
    const line = new TestLine();
    line.ready();
    const at = { ...line.at, monotonicMs: line.at.monotonicMs + 3_500 };
    line.feed({
      kind: 'request',
      at,
      id: 'f'.repeat(32),
      command: 'line.start',
      args: {},
      actor: ANNA,
      isRecorded: false,
    });
    expect(codes(line, 'f'.repeat(32))).toContain('device-offline');
  });
});

describe.each(['methods', 'handshake'] as const)('a stop or hold asked by %s', (channel) => {
  it.each(['line.stop', 'line.hold'] as const)('of a PLC that is away says so: %s', (command) => {
    const line = new TestLine(testConfig(channel));
    line.standIn(STATE.execute);
    line.pass(200);
    line.offline.add('plc');
    line.pass(200);
    const id = line.ask(command);
    line.pass(10_000);
    expect(line.final(id)).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'device-offline', ref: 'plc', words: 'câble débranché' }],
    });
  });

  it.each(['line.stop', 'line.hold'] as const)(
    'is written although the emergency circuit reads open, while the line moves: %s',
    (command) => {
      const line = new TestLine(testConfig(channel));
      line.standIn(STATE.execute);
      line.plc.showsEmergencyStop = true;
      line.pass(200);
      expect(pictureOf(line)).toMatchObject({ emergencyStop: true, refusals: { [command]: [] } });
      const id = line.ask(command);
      line.pass(10_000);
      expect(line.final(id)).toMatchObject({ code: 'done' });
      expect(line.plc.state).toBe(command === 'line.stop' ? STATE.stopped : STATE.held);
    },
  );

  it.each(['aborted', 'stopped', 'stopping'] as const)(
    'is refused with an open emergency circuit where it left a line %s',
    (state) => {
      const line = new TestLine(testConfig(channel));
      line.standIn(STATE[state]);
      line.plc.showsEmergencyStop = true;
      line.pass(200);
      expect(codes(line, line.ask('line.stop'))).toEqual(['wrong-state', 'emergency-stop']);
      expect(codes(line, line.ask('line.hold'))).toEqual(['wrong-state', 'emergency-stop']);
      expect(line.written().filter((write) => write !== 'request=false')).toEqual([]);
    },
  );

  it('is given up when the line aborts before it was asked', () => {
    const line = new TestLine(testConfig(channel));
    line.standIn(STATE.execute);
    line.plc.keepsBits = true;
    line.plc.bits.acknowledge = true;
    line.pass(2_200);
    line.isDeferred = true;
    const id = line.ask('line.stop');
    line.plc.pressEmergencyStop();
    line.pass(200);
    expect(line.final(id)).toMatchObject({ code: 'failed', reasons: [{ code: 'emergency-stop' }] });
  });

  it('that the PLC refuses although it is there is refused by it', () => {
    const line = new TestLine(testConfig(channel));
    line.standIn(STATE.execute);
    line.pass(200);
    line.fate = () => 'refused';
    const id = line.ask('line.stop');
    line.pass(1_000);
    expect(codes(line, id)).toEqual(['refused-by-device']);
  });
});

describe('scales', () => {
  it('that move are not tared, and loaded ones not zeroed', () => {
    const line = new TestLine();
    line.ready();
    line.tags.set('scale/stable', false);
    line.pass(100);
    const moving = line.ask('scale.tare', { scale: 'infeed' });
    expect(line.final(moving)?.reasons).toEqual([
      {
        code: 'scale-not-ready',
        ref: 'infeed',
        words: 'Le poids bouge encore : attendez qu’il soit stable.',
      },
    ]);
    line.tags.set('scale/stable', true);
    line.tags.set('scale/belowMin', false);
    line.pass(100);
    const loaded = line.ask('scale.zero', { scale: 'infeed' });
    expect(line.final(loaded)?.reasons).toEqual([
      {
        code: 'scale-not-ready',
        ref: 'infeed',
        words: 'La bascule est chargée : videz-la, puis remettez-la à zéro.',
      },
    ]);
    expect(line.final(line.ask('scale.tare', { scale: 'infeed' }))?.code).toBe('done');
  });

  it('of which nobody knows whether they are loaded are not zeroed', () => {
    const line = new TestLine();
    line.ready();
    line.tags.set('scale/belowMin', null);
    line.pass(100);
    const id = line.ask('scale.zero', { scale: 'infeed' });
    expect(line.final(id)?.reasons).toEqual([
      { code: 'scale-not-ready', ref: 'infeed', words: 'La bascule ne dit pas si elle est vide.' },
    ]);
    expect(line.written()).toEqual([]);
  });
});
