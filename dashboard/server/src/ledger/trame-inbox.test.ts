import { testControl } from '@trame/protocol/control/test-control';
import { encodeHeartbeat } from '@trame/protocol/heartbeat';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { describe, expect, it } from 'vitest';
import { keepingLog } from '../testing/keeping-log.ts';
import { HeartbeatBoard } from './heartbeat-board.ts';
import { LedgerConsumer } from './ledger-consumer.ts';
import { LineSites } from './line-sites.ts';
import { LEDGER_LINES_MAX } from './limits.ts';
import { testClock } from './test-clock.ts';
import { opaqueId, TEST_NOW_MS } from './test-ledger.ts';
import { TrameInbox } from './trame-inbox.ts';

const beat = (tick: number) => exampleHeartbeat({ tick, at: TEST_NOW_MS });

const reply = { v: 1, id: opaqueId('request'), code: 'done', detail: null, seq: 4, epoch: opaqueId('epoch') };

function inbox(sites = new LineSites(null, [])) {
  const clock = testClock();
  const board = new HeartbeatBoard();
  const rejections: string[] = [];
  const acked: string[] = [];
  const controls: string[] = [];
  const consumer = new LedgerConsumer({
    consumer: 'trame',
    store: { take: () => Promise.reject(new TypeError('unused')), cursors: () => Promise.resolve([]) },
    clock,
    log: keepingLog(),
    publish: (topic) => void acked.push(topic),
  });
  const inbox = new TrameInbox({
    consumer,
    board,
    clock,
    isForeign: (address) => sites.isForeign(address),
    control: ({ site, line }, { n }) => void controls.push(`${site}/${line} ${n}`),
    rejected: (reason) => void rejections.push(reason),
  });
  const send = (topic: string, body: string | object, retained = false) =>
    inbox.message(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), retained);
  return { inbox, clock, board, consumer, rejections, acked, controls, send };
}

describe('Trame’s own topics', () => {
  it('leave the others to whom they are for', () => {
    const { send, rejections } = inbox();
    expect(send('spBv1.0/caux/NDATA/tri-1', 'x')).toBe(false);
    expect(rejections).toEqual([]);
  });

  it('hand ledgers to the consumer, replies to whoever listens, heartbeats to the board', async () => {
    const { send, inbox: box, board, consumer, clock, rejections, acked } = inbox();
    const heard: object[] = [];
    const off = box.onReply((address, reply) => void heard.push({ ...address, code: reply.code }));
    expect(send('trame/v1/caux/tri-1/ledger', '[]')).toBe(true);
    expect(consumer.waiting).toBe(1);
    send('trame/v1/caux/tri-1/reply', reply);
    off();
    send('trame/v1/caux/tri-1/reply', reply);
    expect(heard).toEqual([{ site: 'caux', line: 'tri-1', code: 'done' }]);
    send('trame/v1/caux/tri-2/heartbeat', encodeHeartbeat(beat(1)));
    clock.pass(2_000);
    send('trame/v1/caux/tri-2/heartbeat', encodeHeartbeat(beat(2)));
    expect(board.of({ site: 'caux', line: 'tri-2' })).toMatchObject({
      said: { tick: 2 },
      receivedAtMs: TEST_NOW_MS + 2_000,
    });
    expect(board.of({ site: 'caux', line: 'tri-3' })).toBeNull();
    await consumer.tick();
    expect(acked).toContain('trame/v1/caux/tri-2/ledger/ack/trame');
    expect(rejections).toEqual([]);
  });

  it('hand on how the control of a line stands', () => {
    const { send, controls, rejections } = inbox();
    send('trame/v1/caux/tri-1/control', testControl({ n: 4 }));
    send('trame/v1/caux/tri-2/control', testControl());
    expect([controls, rejections]).toEqual([['caux/tri-1 4', 'caux/tri-2 1'], []]);
  });

  it.each([
    ['trame/v1/caux/tri-1/control', JSON.stringify(testControl()), true, 'retained'],
    ['trame/v1/caux/tri-1/control', JSON.stringify({ ...testControl(), n: 0 }), false, 'payload'],
    ['trame/v1/caux/tri-1/control', `{"v":1,"n":${'1'.repeat(60_000)}}`, false, 'payload'],
    ['trame/v1/caux/tri-1/control', Buffer.from([0xff, 0xfe]).toString('latin1'), false, 'payload'],
    ['trame/v1/caux/tri-1/ledger/ack/trame', '{}', false, 'topic'],
    ['trame/v1/caux/tri-1/command', '{}', false, 'topic'],
    ['trame/v1/caux/tri 1/ledger', '[]', false, 'topic'],
    ['trame/v2/caux/tri-1/ledger', '[]', false, 'topic'],
    ['trame/v1/caux/tri-1/ledger', '[]', true, 'retained'],
    ['trame/v1/caux/tri-1/heartbeat', encodeHeartbeat(beat(1)), true, 'retained'],
    ['trame/v1/caux/tri-1/heartbeat', '{"v":1}', false, 'payload'],
    ['trame/v1/caux/tri-1/heartbeat', 'x'.repeat(100_000), false, 'payload'],
    ['trame/v1/caux/tri-1/reply', '{"v":2}', false, 'payload'],
  ])('%s with %s, retained %s: rejected as %s', (topic, body, retained, reason) => {
    const { send, rejections, board, consumer } = inbox();
    expect(send(topic, body, retained)).toBe(true);
    expect([rejections, board.all(), consumer.waiting]).toEqual([[reason], [], 0]);
  });

  it.each([
    ['that is heard only', new LineSites('caux', [])],
    ['that has the line', new LineSites(null, [{ site: 'caux', line: 'tri-1' }])],
  ])('of another site than the one %s leave no trace but in the count', (_what, sites) => {
    const { send, inbox: box, board, rejections, controls } = inbox(sites);
    let heard = 0;
    box.onReply(() => (heard += 1));
    send('trame/v1/elsewhere/tri-1/heartbeat', encodeHeartbeat(beat(1)));
    send('trame/v1/elsewhere/tri-1/reply', reply);
    send('trame/v1/elsewhere/tri-1/control', testControl());
    expect([board.all(), heard, controls]).toEqual([[], 0, []]);
    expect(rejections).toEqual(['foreign-site', 'foreign-site', 'foreign-site']);
    send('trame/v1/caux/tri-1/heartbeat', encodeHeartbeat(beat(1)));
    send('trame/v1/caux/tri-1/reply', reply);
    expect([board.all().length, heard, rejections.length]).toEqual([1, 1, 3]);
  });

  it('keep the heartbeats of no more edges than there may be lines, the latest', () => {
    const { send, board } = inbox();
    for (let line = 0; line < LEDGER_LINES_MAX + 5; line += 1) {
      send('trame/v1/caux/tri-0/heartbeat', encodeHeartbeat(beat(line + 1)));
      send(`trame/v1/caux/tri-${line}/heartbeat`, encodeHeartbeat(beat(1)));
    }
    expect(board.all()).toHaveLength(LEDGER_LINES_MAX);
    expect(board.of({ site: 'caux', line: 'tri-0' })).not.toBeNull();
    expect(board.of({ site: 'caux', line: 'tri-1' })).toBeNull();
  });
});
