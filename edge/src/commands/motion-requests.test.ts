/** Requests to move something, on their way through the desk: whoever carries them out is scripted here. */
import { describe, expect, it } from 'vitest';
import { MOTION_EXPIRY_MS, type CommandRequest } from '@trame/protocol/command';
import type { MotionAnswer, MotionDesk, MotionRequest } from '../ports/motion-desk.ts';
import { until } from '../sparkplug/test-broker.ts';
import { TestLedger } from '../uplink/test-ledger.ts';
import { QUEUE_MAX, TO_RECORD_MAX } from './command-desk.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

const BOOT = '0123456789abcdef';

class ScriptedMotion implements MotionDesk {
  readonly requests: MotionRequest[] = [];
  readonly replies: ((answer: MotionAnswer) => void)[] = [];
  readonly known = new Set<string>();

  knows(id: string): boolean {
    return this.known.has(id);
  }

  request(asked: MotionRequest, reply: (answer: MotionAnswer) => void): void {
    this.requests.push(asked);
    this.replies.push(reply);
  }
}

function start(over: Partial<CommandRequest> = {}): CommandRequest {
  return request({ command: 'line.start', args: {}, heartbeat: { boot: BOOT, tick: 7 }, ...over });
}

function running(ledger?: TestLedger): { desk: TestDesk; motion: ScriptedMotion } {
  const motion = new ScriptedMotion();
  const desk = new TestDesk(ledger, motion);
  desk.start();
  desk.desk.heartbeatSaid({ boot: BOOT, tick: 7 });
  return { desk, motion };
}

describe('a request to move something', () => {
  it('is handed on with who asks, accepted, and answered a second time when it has ended', async () => {
    const { desk, motion } = running();
    await using _ = desk;
    const asked = start();
    desk.desk.offer(signed(asked, desk.server));
    await until('it is handed on', () => motion.requests.length === 1);
    expect(motion.requests).toEqual([
      { id: asked.id, command: 'line.start', args: {}, actor: 'cafe0123cafe0123' },
    ]);
    const reasons = [{ code: 'interlock' as const, ref: 'doors', words: 'Porte ouverte.' }];
    motion.replies[0]?.({ code: 'accepted', detail: null, seq: 5, epoch: 'e'.repeat(32) });
    motion.replies[0]?.({ code: 'failed', detail: 'x'.repeat(900), seq: 5, epoch: 'e'.repeat(32), reasons });
    expect(desk.replies).toEqual([
      { v: 1, id: asked.id, code: 'accepted', detail: null, seq: 5, epoch: 'e'.repeat(32) },
      { v: 1, id: asked.id, code: 'failed', detail: 'x'.repeat(500), seq: 5, epoch: 'e'.repeat(32), reasons },
    ]);
    expect([desk.desk.counts.refused, desk.ledger.events]).toEqual([1, []]);
  });

  it.each([
    ['quotes no heartbeat', { heartbeat: undefined }],
    ['quotes one that this edge never said', { heartbeat: { boot: BOOT, tick: 8 } }],
    ['quotes one of before a restart', { heartbeat: { boot: 'fedcba9876543210', tick: 7 } }],
  ])('has expired when it %s', async (_name, over) => {
    const { desk, motion } = running();
    await using _ = desk;
    const { heartbeat, ...rest } = { ...start(), ...over };
    const asked = heartbeat === undefined ? rest : { ...rest, heartbeat };
    expect(await answerTo(desk, signed(asked, desk.server))).toMatchObject({ code: 'expired' });
    expect(motion.requests).toEqual([]);
  });

  it('that is known gets its answer again, however old it is; one that is not has expired', async () => {
    const { desk, motion } = running();
    await using _ = desk;
    const asked = start();
    await desk.clock.advance(MOTION_EXPIRY_MS + 1);
    motion.known.add(asked.id);
    desk.desk.offer(signed(asked, desk.server));
    await until('it is handed on', () => motion.requests.length === 1);
    expect(await answerTo(desk, signed(start(), desk.server))).toMatchObject({ code: 'expired' });
    expect(motion.requests).toHaveLength(1);
  });

  it('needs arguments of the right shape', async () => {
    const { desk, motion } = running();
    await using _ = desk;
    const asked = start({ command: 'setpoint.write', args: { setpoint: 'belt', value: 'fast' } });
    const reply = await answerTo(desk, signed(asked, desk.server));
    expect(reply).toMatchObject({
      code: 'invalid-args',
      detail: expect.stringContaining('args/value') as string,
    });
    expect(motion.requests).toEqual([]);
  });

  it('overtakes a record that waits for a slow disk', async () => {
    const ledger = new TestLedger();
    const slow = Promise.withResolvers<void>();
    const append = ledger.append.bind(ledger);
    ledger.append = async (records) => {
      await slow.promise;
      return append(records);
    };
    const { desk, motion } = running(ledger);
    await using _ = desk;
    desk.desk.offer(signed(request(), desk.server));
    desk.desk.offer(signed(start({ command: 'line.stop' }), desk.server));
    await until('the stop is handed on', () => motion.requests.length === 1);
    expect(desk.replies).toEqual([]);
    slow.resolve();
    await until('the record is answered', () => desk.replies.length === 1);
  });

  it('is handed on however many records wait for the disk, and however often they are sent', async () => {
    const ledger = new TestLedger();
    const slow = Promise.withResolvers<void>();
    const append = ledger.append.bind(ledger);
    ledger.append = async (records) => {
      await slow.promise;
      return append(records);
    };
    const { desk, motion } = running(ledger);
    await using _ = desk;
    const same = signed(request(), desk.server);
    const stops = async (count: number): Promise<void> => {
      desk.desk.offer(signed(start({ command: 'line.stop' }), desk.server));
      await until('the stop is handed on', () => motion.requests.length === count);
    };
    for (let time = 1; time < QUEUE_MAX; time += 1) desk.desk.offer(same);
    await stops(1);
    for (let index = 1; index < TO_RECORD_MAX; index += 1) desk.desk.offer(signed(request(), desk.server));
    await stops(2);
    expect(desk.replies).toEqual([]);
    expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'not-stored' });
    await stops(3);
    expect([desk.desk.counts.dropped, desk.ledger.events]).toEqual([0, []]);
    slow.resolve();
    await until('what waited is recorded once', () => desk.desk.counts.done === TO_RECORD_MAX);
    expect(desk.ledger.events).toHaveLength(TO_RECORD_MAX);
  });

  it.each([
    ['control.take', {}],
    ['control.answer', { grant: true, to: 'cafe0123' }],
    ['control.release', {}],
  ])('about who has the line in hand expires as well: %s', async (command, args) => {
    const { desk, motion } = running();
    await using _ = desk;
    const asked = start({ command, args });
    const message = signed(asked, desk.server);
    desk.desk.offer(message);
    await until('it is handed on', () => motion.requests.length === 1);
    await desk.clock.advance(MOTION_EXPIRY_MS + 1);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'expired' });
    const unquoted = request({ command, args });
    expect(await answerTo(desk, signed(unquoted, desk.server))).toMatchObject({ code: 'expired' });
    expect(motion.requests).toHaveLength(1);
  });

  it('is unknown to a line that is only watched', async () => {
    await using desk = new TestDesk();
    desk.start();
    desk.desk.heartbeatSaid({ boot: BOOT, tick: 7 });
    expect(await answerTo(desk, signed(start(), desk.server))).toMatchObject({ code: 'unknown-command' });
  });
});
