/** Requests to a line, without HTTP: what is sent, what is noted, and what is left when the server is gone at once. */
import { sql } from 'kysely';
import { decodeCommand, type CommandReply, type ReplyCode } from '@trame/protocol/command';
import type { LedgerPayloads } from '@trame/protocol/ledger-payloads';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { describe, expect, it } from 'vitest';
import { addUsers } from '../access/user-repository.ts';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { messageOf, TestLedger } from '../ledger/test-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES, type FreshRecords } from '../testing/records-engines.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { commandKey } from './command-key.ts';
import { commandById, commandsOf } from './command-audit.ts';
import { CommandSender, IN_FLIGHT_MAX, type CommandOrder, type EdgeAddress } from './command-sender.ts';
import { ControlSender } from './control-sender.ts';
import { EDGE_SILENT_MS } from './last-heartbeat.ts';

const dayOf = localDayIn('Europe/Paris');
const HERE: EdgeAddress = { site: 'caux', line: 'tri-1' };
const ORDER: CommandOrder = {
  ...HERE,
  login: 'sup',
  idempotencyKey: 'key-00000001',
  command: 'line.start',
  args: {},
};

/** So many times faster, so that waits pass; the wall clock can be moved. */
function fastClock(times: number): Clock & { passMs: number } {
  const clock = {
    passMs: 0,
    nowMs: () => systemClock.nowMs() + clock.passMs,
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(ms / times, signal),
  };
  return clock;
}

function heartbeat(tick: number) {
  return exampleHeartbeat({ boot: 'b007b007b007b007', tick, at: systemClock.nowMs() });
}

interface Bench extends AsyncDisposable {
  readonly clock: ReturnType<typeof fastClock>;
  readonly sent: string[];
  /** What the edge answers as soon as it is asked. */
  answers: readonly ReplyCode[];
  beat(tick: number, from?: EdgeAddress): void;
  reply(code: ReplyCode, id?: string, from?: EdgeAddress): void;
  /** A run of the server on these records; one that is not stopped is gone as if it were killed. */
  start(): Promise<{ readonly control: ControlSender; readonly sender: CommandSender }>;
  tell(ledger: TestLedger): Promise<void>;
}

async function bench({ records }: FreshRecords, times = 20): Promise<Bench> {
  const directory = tempDir();
  await addUsers(records, [{ login: 'sup', role: 'supervisor', secretHash: '', demo: false }], 5);
  const clock = fastClock(times);
  const board = new HeartbeatBoard();
  const sent: string[] = [];
  const listeners = new Set<(address: EdgeAddress, reply: CommandReply) => void>();
  const senders: CommandSender[] = [];
  const ended = new AbortController();
  const running: Promise<void>[] = [];
  const it: Bench = {
    clock,
    sent,
    answers: [],
    beat: (tick, from = HERE) => board.note({ ...from, said: heartbeat(tick), receivedAtMs: clock.nowMs() }),
    reply: (code, id = idOf(sent.at(-1)), from = HERE) => {
      for (const listener of listeners) {
        listener(from, { v: 1, id, code, detail: null, seq: null, epoch: null });
      }
    },
    start: async () => {
      listeners.clear();
      const channel = {
        publish: (_topic: string, payload: string) => {
          sent.push(payload);
          for (const code of it.answers) it.reply(code, idOf(payload));
          return true;
        },
        onReply: (listener: (address: EdgeAddress, reply: CommandReply) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      };
      const key = commandKey(directory.path, systemEntropy);
      const common = { records, clock, entropy: systemEntropy };
      const sender = new CommandSender({ ...common, board, channel, key, log: keepingLog() });
      senders.push(sender);
      await sender.load();
      const control = new ControlSender({ ...common, sender, board, log: keepingLog() });
      running.push(control.run(ended.signal));
      return { sender, control };
    },
    tell: async (ledger) => {
      const message = { kind: 'bytes', bytes: messageOf(ledger.events) } as const;
      await new RecordsLedgerStore(records, dayOf).take(HERE, [message], clock.nowMs());
    },
    [Symbol.asyncDispose]: async () => {
      for (const sender of senders) await sender.stop();
      ended.abort();
      await Promise.all(running);
      directory[Symbol.dispose]();
    },
  };
  it.beat(7);
  return it;
}

function requestOf(payload: string | undefined) {
  const signed = decodeCommand(Buffer.from(payload ?? ''));
  if (signed === null) throw new Error('not a signed request');
  return signed.request;
}

function idOf(payload: string | undefined): string {
  return requestOf(payload).id;
}

function endOf(request: string, outcome: LedgerPayloads['command.ended']['outcome']) {
  return {
    request,
    command: 'line.start' as const,
    outcome,
    reasons: [],
    readBack: null,
    late: null,
    detail: 'vu',
    tookMs: 900,
  };
}

/** Nothing can be noted of a request, nor read. */
async function away(records: FreshRecords['records']): Promise<void> {
  await sql`alter table commands rename to commands_elsewhere`.execute(records);
}

async function back(records: FreshRecords['records']): Promise<void> {
  await sql`alter table commands_elsewhere rename to commands`.execute(records);
}

describe.each(RECORDS_ENGINES)('a request to a line, noted on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('quotes the last heartbeat, and keeps it: sent again, it is the same to the byte', async () => {
    await using it = await fresh();
    await using b = await bench(it, 100);
    const { control } = await b.start();
    expect(await control.ask(ORDER)).toMatchObject({
      kind: 'told',
      row: { outcome: 'checking', code: null },
    });
    b.beat(8);
    await eventually(() => (b.sent.length >= 3 ? true : null));
    await control.ask(ORDER);
    expect(new Set(b.sent).size).toBe(1);
    expect(requestOf(b.sent[0]).heartbeat).toEqual({ boot: 'b007b007b007b007', tick: 7 });
    const second = await b.start();
    await second.control.ask(ORDER);
    expect(new Set(b.sent).size).toBe(1);
    await second.control.ask({ ...ORDER, idempotencyKey: 'key-00000002' });
    expect(new Set(b.sent.map((payload) => requestOf(payload).heartbeat?.tick))).toEqual(new Set([7, 8]));
  });

  it('quotes it as well when it is about who has the line in hand', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const { control } = await b.start();
    b.answers = ['done'];
    const told = await control.ask({ ...ORDER, command: 'control.take' });
    expect(told).toMatchObject({ kind: 'told', row: { outcome: 'done' } });
    expect(requestOf(b.sent[0])).toMatchObject({ heartbeat: { boot: 'b007b007b007b007', tick: 7 } });
    b.clock.passMs = EDGE_SILENT_MS * 2;
    const silent = { ...ORDER, idempotencyKey: 'key-00000002', command: 'control.release' };
    expect(await control.ask(silent)).toEqual({ kind: 'edge-silent' });
  });

  it.each([
    ['that was not heard for long', EDGE_SILENT_MS + 1_000],
    ['whose heartbeat came before a step of the clock', -60_000],
  ])('is not sent to an edge %s, and leaves no trace', async (_what, passMs) => {
    await using it = await fresh();
    await using b = await bench(it);
    const { control } = await b.start();
    b.clock.passMs = passMs;
    expect(await control.ask({ ...ORDER, command: 'line.stop' })).toEqual({ kind: 'edge-silent' });
    expect(await control.ask({ ...ORDER, line: 'tri-9' })).toEqual({ kind: 'edge-silent' });
    expect([b.sent, await it.records.selectFrom('commands').selectAll().execute()]).toEqual([[], []]);
    b.beat(9);
    b.answers = ['accepted', 'done'];
    expect(await control.ask({ ...ORDER, command: 'line.stop' })).toMatchObject({ row: { outcome: 'done' } });
  });

  it('answered twice in one breath is done: the first answer is not waited for before the second', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const { control } = await b.start();
    b.answers = ['accepted', 'failed'];
    expect(await control.ask(ORDER)).toMatchObject({ row: { outcome: 'failed', code: 'failed' } });
    expect(await control.ask(ORDER)).toMatchObject({ row: { outcome: 'failed' } });
    expect(b.sent).toHaveLength(1);
  });

  it('that was taken waits for its end, however late it comes, and from nobody else', async () => {
    await using it = await fresh();
    await using b = await bench(it, 100);
    const { control } = await b.start();
    b.answers = ['accepted'];
    const asked = await control.ask(ORDER);
    expect(asked).toMatchObject({ row: { outcome: 'checking', code: 'accepted' } });
    const id = idOf(b.sent[0]);
    // Long after nobody waits for it any more.
    await systemClock.sleep(200, AbortSignal.timeout(5_000));
    b.reply('failed', id, { ...HERE, line: 'tri-2' });
    b.reply('expired', id);
    b.reply('done', id);
    b.reply('failed', id);
    await eventually(async () => {
      const row = await commandById(it.records, id, b.clock.nowMs());
      return row?.outcome === 'done' ? true : null;
    });
    expect(await control.ask(ORDER)).toMatchObject({ row: { outcome: 'done' } });
    expect(b.sent).toHaveLength(1);
  });

  it.each([
    ['before anything was answered', null],
    ['after it was taken', 'accepted'],
  ] as const)('of a server that was killed %s is found in the ledger', async (_when, code) => {
    await using it = await fresh();
    await using b = await bench(it);
    const killed = await b.start();
    b.answers = code === null ? [] : [code];
    await killed.control.ask(ORDER);
    const id = idOf(b.sent[0]);
    const sentBefore = b.sent.length;
    const { control } = await b.start();
    const ledger = new TestLedger(HERE);
    ledger.open();
    ledger.add('command.requested', { request: id, command: 'line.start', args: {}, by: 'person' });
    await b.tell(ledger);
    expect(await commandById(it.records, id, b.clock.nowMs())).toMatchObject({ outcome: 'checking', code });
    ledger.add('command.ended', endOf(id, 'unknown'));
    await b.tell(ledger);
    const found = { outcome: 'unknown', detail: 'vu', tookMs: 900 };
    expect(await commandById(it.records, id, b.clock.nowMs())).toMatchObject(found);
    expect(await control.ask(ORDER)).toMatchObject({ kind: 'told', row: found });
    // What the edge says after its ledger changes nothing.
    b.reply('done', id);
    await systemClock.sleep(50, AbortSignal.timeout(5_000));
    expect(await commandById(it.records, id, b.clock.nowMs())).toMatchObject({ outcome: 'unknown' });
    expect(idOf(b.sent.at(-1))).toBe(id);
    expect(b.sent.length).toBeGreaterThanOrEqual(sentBefore);
  });

  it('that was taken before a restart is noted when its end is answered after it', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const first = await b.start();
    b.answers = ['accepted'];
    await first.control.ask(ORDER);
    const id = idOf(b.sent[0]);
    await first.sender.stop();
    await b.start();
    b.reply('unconfirmed', id);
    const noted = await eventually(async () => {
      const row = await commandById(it.records, id, b.clock.nowMs());
      return row?.outcome === 'checking' ? null : row;
    });
    expect(noted).toMatchObject({ outcome: 'unconfirmed', code: 'unconfirmed' });
  });

  it('is not kept waiting by what others have recorded, nor is it without a bound', async () => {
    await using it = await fresh();
    await using b = await bench(it, 5);
    const { control, sender } = await b.start();
    const recording = Array.from({ length: IN_FLIGHT_MAX }, (_, n) =>
      sender.send({ ...ORDER, idempotencyKey: `rec-${n}-00000`, command: 'clock.confirm' }),
    );
    await eventually(() => (sender.inFlight === IN_FLIGHT_MAX ? true : null));
    const moving = await Promise.all(
      Array.from({ length: IN_FLIGHT_MAX + 1 }, (_, n) =>
        control.ask({ ...ORDER, idempotencyKey: `move-${n}-0000` }),
      ),
    );
    expect(moving.filter(({ kind }) => kind === 'told')).toHaveLength(IN_FLIGHT_MAX);
    expect(moving.filter(({ kind }) => kind === 'busy')).toHaveLength(1);
    expect((await Promise.all(recording)).every(({ kind }) => kind === 'no-reply')).toBe(true);
  });

  it('is not kept waiting by a line that does not answer; a stop not by whatever else its own line was asked', async () => {
    await using it = await fresh();
    await using b = await bench(it, 5);
    const { control, sender } = await b.start();
    b.beat(7, { ...HERE, line: 'tri-9' });
    const silent = Array.from({ length: IN_FLIGHT_MAX }, (_, n) =>
      control.ask({ ...ORDER, line: 'tri-9', idempotencyKey: `far-${n}-00000`, command: 'control.take' }),
    );
    await eventually(() => (sender.inFlight === IN_FLIGHT_MAX ? true : null));
    const own = Array.from({ length: IN_FLIGHT_MAX }, (_, n) =>
      control.ask({ ...ORDER, idempotencyKey: `near-${n}-0000`, command: 'control.take' }),
    );
    await eventually(() => (sender.inFlight === 2 * IN_FLIGHT_MAX ? true : null));
    b.answers = ['accepted', 'done'];
    for (const command of ['line.stop', 'line.hold']) {
      const asked = await control.ask({ ...ORDER, idempotencyKey: `key-${command}`, command });
      expect(asked).toMatchObject({ kind: 'told', row: { outcome: 'done' } });
    }
    await Promise.all([...silent, ...own]);
  });

  it('asked twice at once by one person is one, and by two persons two', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    await addUsers(it.records, [{ login: 'two', role: 'supervisor', secretHash: '', demo: false }], 5);
    const { control } = await b.start();
    b.answers = ['accepted', 'done'];
    await Promise.all([
      control.ask(ORDER),
      control.ask(ORDER),
      control.ask({ ...ORDER, login: 'two' }),
      control.ask({ ...ORDER, login: 'two' }),
    ]);
    expect(new Set(b.sent.map(idOf)).size).toBe(2);
    expect(new Set(b.sent.map((payload) => requestOf(payload).actorRef)).size).toBe(2);
    expect(await control.ask({ ...ORDER, args: { a: 1 } })).toEqual({ kind: 'key-reused' });
  });

  it('that sets something in motion is not sent while it cannot be noted', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const { control } = await b.start();
    await away(it.records);
    for (const command of ['line.start', 'line.unhold', 'line.mode', 'setpoint.write', 'control.take']) {
      await expect(control.ask({ ...ORDER, command })).rejects.toThrow(/commands/u);
    }
    expect(b.sent).toEqual([]);
  });

  describe.each(['line.stop', 'line.hold'])('%s', (command) => {
    const stop = { ...ORDER, command, actorRef: 'a'.repeat(32) };

    it('leaves while nothing can be noted, once for a key, and is noted when it can be', async () => {
      await using it = await fresh();
      await using b = await bench(it);
      const { control } = await b.start();
      await away(it.records);
      b.answers = ['accepted'];
      const asked = await control.ask(stop);
      expect(asked).toMatchObject({
        kind: 'told',
        noted: false,
        row: { outcome: 'checking', code: 'accepted' },
      });
      const id = idOf(b.sent[0]);
      expect(requestOf(b.sent[0])).toMatchObject({
        command,
        actorRef: stop.actorRef,
        heartbeat: { tick: 7 },
      });
      expect(await control.ask({ ...stop, args: { a: 1 } })).toEqual({ kind: 'key-reused' });
      b.reply('done', id);
      expect(control.unnoted(id)).toMatchObject({ id, command, outcome: 'done' });
      expect(await control.ask(stop)).toMatchObject({ noted: false, row: { id, outcome: 'done' } });
      expect(b.sent).toHaveLength(1);
      await back(it.records);
      await eventually(() => (control.unnoted(id) === undefined ? true : null));
      const row = await commandById(it.records, id, b.clock.nowMs());
      expect(row).toMatchObject({ id, command, outcome: 'done', code: 'done', actorRef: stop.actorRef });
      b.reply('failed', id);
      expect(await commandById(it.records, id, b.clock.nowMs())).toMatchObject({ outcome: 'done' });
    });

    it('that nobody answers is sent again, the same to the byte, whoever knows the person', async () => {
      await using it = await fresh();
      await using b = await bench(it, 100);
      const { control } = await b.start();
      await away(it.records);
      const { actorRef: _, ...unknown } = stop;
      const asked = await control.ask(unknown);
      expect(asked).toMatchObject({ kind: 'told', noted: false, row: { outcome: 'checking', code: null } });
      await eventually(() => (b.sent.length >= 2 ? true : null));
      expect(new Set(b.sent).size).toBe(1);
    });

    it('is answered by what was heard when the records go away after it was noted', async () => {
      await using it = await fresh();
      await using b = await bench(it, 0.5);
      const { control } = await b.start();
      const asked = control.ask(stop);
      await eventually(() => (b.sent.length === 1 ? true : null));
      await away(it.records);
      b.reply('done');
      expect(await asked).toMatchObject({ kind: 'told', row: { outcome: 'done', code: 'done' } });
      await back(it.records);
    });
  });

  it('stands in pages with what was asked elsewhere, each where its time puts it', async () => {
    await using it = await fresh();
    const rows = Array.from({ length: 12 }, (_, n) => ({
      id: n.toString(16).repeat(32),
      at: 1_000 + n,
      isHere: n % 3 !== 0,
    }));
    for (const { isHere, id, at } of rows) {
      const said = {
        ...HERE,
        at,
        command: 'line.stop',
        args: '{}',
        reasons: null,
        detail: null,
        outcome: null,
      };
      const ledger = {
        request: id,
        askedBy: 'person',
        actorRef: null,
        readBack: null,
        late: null,
        tookMs: null,
      };
      await it.records
        .insertInto('line_commands')
        .values({ ...said, ...ledger, endedAt: null })
        .execute();
      if (!isHere) continue;
      const asked = { id, idempotencyKey: id, actorRef: 'a', seq: null, epoch: null, boot: null, tick: null };
      await it.records
        .insertInto('commands')
        .values({ ...said, ...asked, answeredAt: null })
        .execute();
    }
    const newest = rows.map(({ id }) => id).toReversed();
    for (const limit of [1, 2, 3, 5, 12, 40]) {
      const found: string[] = [];
      for (let after: { at: number; id: string } | null = null; ;) {
        const page = await commandsOf(it.records, { line: HERE.line, site: null, after, limit }, 2_000);
        found.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        if (last === undefined) break;
        after = { at: last.at, id: last.id };
      }
      expect([limit, found]).toEqual([limit, newest]);
    }
  });

  it('stands in the list as the ledger tells it, made again too; the first end stays', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const ledger = new TestLedger(HERE);
    ledger.open();
    const [one, two, three, four] = ['1', '2', '3', '4'].map((digit) => digit.repeat(32)) as [
      string,
      string,
      string,
      string,
    ];
    const args = { setpoint: 'infeed', value: 0.4 };
    ledger.add('command.requested', { request: one, command: 'line.start', args: {}, by: 'person' });
    ledger.add('command.requested', { request: two, command: 'setpoint.write', args, by: 'life-lost' });
    ledger.add('command.ended', { ...endOf(one, 'done'), readBack: true });
    ledger.add('command.ended', endOf(one, 'unknown'));
    ledger.add('command.ended', { ...endOf(three, 'failed'), command: 'line.stop', late: 'belt\u00001' });
    const refused = { ...endOf(four, 'refused'), command: 'line.reset' as const };
    ledger.add('command.ended', refused, { actorRef: 'e'.repeat(32) });
    await b.tell(ledger);
    const query = { line: 'tri-1', site: null, after: null, limit: 10 };
    const list = await commandsOf(it.records, query, b.clock.nowMs());
    expect(list).toMatchObject([
      { id: four, command: 'line.reset', outcome: 'refused', by: 'person', actorRef: 'e'.repeat(32) },
      // What Trame gave up by itself is nobody's.
      {
        id: three,
        command: 'line.stop',
        by: 'trame',
        actorRef: null,
        outcome: 'failed',
        late: 'belt\uFFFD1',
        args: {},
      },
      { id: two, command: 'setpoint.write', by: 'life-lost', outcome: 'checking', args, endedAt: null },
      { id: one, outcome: 'done', readBack: true, by: 'person', code: null },
    ]);
    const rows = await it.records.selectFrom('line_commands').selectAll().orderBy('request').execute();
    await rebuildProjections(it.records, dayOf);
    const again = await it.records.selectFrom('line_commands').selectAll().orderBy('request').execute();
    expect(again).toEqual(rows);
    expect(await commandsOf(it.records, { ...query, site: 'elsewhere' }, 1)).toEqual([]);
  });
});
