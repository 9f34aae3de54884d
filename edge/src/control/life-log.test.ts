import { describe, expect, it } from 'vitest';
import { TestRoom } from './test-room.ts';

describe('the life counter', () => {
  it('is told in the log, once in a while, when the PLC does not take it, and when it does again', async () => {
    await using room = new TestRoom();
    room.script = ({ kind }) =>
      kind === 'look' ? [{ kind: 'live', target: { device: 'plc', tag: 'life' }, value: 1 }] : [];
    const settleAll = (kind: 'confirmed' | 'refused'): void => {
      for (const sent of room.sent.splice(0)) {
        sent.settle(kind === 'refused' ? { kind, reason: 'no such register' } : { kind, readBack: null });
      }
    };
    const pass = async (ms: number, kind: 'confirmed' | 'refused'): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        await room.pass(5_000);
        settleAll(kind);
      }
    };
    room.start();
    await pass(60_000, 'confirmed');
    await pass(5_000, 'refused');
    await pass(60_000, 'confirmed');
    expect(room.warned).toEqual([]);
    await pass(300_000, 'refused');
    expect(room.warned).toMatchObject([{ tag: 'life', reason: 'no such register' }]);
    await pass(600_000, 'refused');
    expect(room.warned).toHaveLength(2);
    expect(room.informed).toEqual([]);
    await pass(5_000, 'confirmed');
    await room.pass(0);
    expect(room.informed).toHaveLength(1);
  });
});
