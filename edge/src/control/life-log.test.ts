import { describe, expect, it } from 'vitest';
import { LifeLog } from './life-log.ts';
import { TestRoom } from './test-room.ts';

const LIFE = { device: 'plc', tag: 'life' };
const TAKEN = { kind: 'confirmed', readBack: null } as const;
const REFUSED = { kind: 'refused', reason: 'no such register' } as const;

describe('the life counter', () => {
  it('is told in the log, once in a while, when the PLC does not take it, and when it does again', () => {
    const warned: object[] = [];
    const informed: object[] = [];
    const life = new LifeLog({
      debug: () => {},
      error: () => {},
      info: (fields) => informed.push(fields),
      warn: (fields) => warned.push(fields),
    });
    let nowMs = 0;
    const pass = (ms: number, outcome: typeof TAKEN | typeof REFUSED): void => {
      for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs += 500) life.take(LIFE, outcome, nowMs);
    };
    pass(60_000, TAKEN);
    pass(9_000, REFUSED);
    pass(60_000, TAKEN);
    expect(warned).toEqual([]);
    pass(300_000, REFUSED);
    expect(warned).toEqual([{ ...LIFE, reason: 'no such register' }]);
    pass(600_000, REFUSED);
    expect(warned).toHaveLength(2);
    expect(informed).toEqual([]);
    pass(5_000, TAKEN);
    expect(informed).toEqual([LIFE]);
  });

  it('is told so by the room that writes it', async () => {
    await using room = new TestRoom();
    room.script = ({ kind }) =>
      kind === 'look' && room.sent.length === 0 ? [{ kind: 'live', target: LIFE, value: 1 }] : [];
    room.start();
    for (let passed = 0; passed < 15_000; passed += 1_000) {
      await room.pass(1_000);
      for (const sent of room.sent.splice(0)) sent.settle(REFUSED);
    }
    expect(room.warned).toEqual([{ ...LIFE, reason: 'no such register' }]);
  });
});
