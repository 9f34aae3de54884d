/** The desk on both engines: real records, a real ledger; only the broker between desk and line is left out. */
import { decodeCommand, type CommandReply } from '@trame/protocol/command';
import type { MaterialRecordArgs } from '@trame/protocol/material/material-record';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addUsers } from '../access/user-repository.ts';
import { actorRefOf } from '../commands/actor-repository.ts';
import { CommandSender, type CommandChannel, type EdgeAddress } from '../commands/command-sender.ts';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import { LedgerNews } from '../ledger/ledger-news.ts';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, TestLedger } from '../ledger/test-ledger.ts';
import type { Records } from '../records/open-records.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { fasterClock } from '../testing/test-material-server.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import type { ActOrder } from './act-order.ts';
import { MaterialDesk } from './material-desk.ts';
import { buildReference } from './reference-builder.ts';
import { seenScales } from './reference-scales.ts';

const dayOf = localDayIn('Europe/Paris');

/** A line that records at once what it is asked, and is answered for by the records themselves. */
class RecordingLine implements CommandChannel {
  readonly ledger = new TestLedger();
  readonly news = new LedgerNews(systemClock);
  isHeard = true;
  /** Says so of the next requests. */
  staleTimes = 0;
  readonly #records: Records;
  readonly #listeners = new Set<(address: EdgeAddress, reply: CommandReply) => void>();
  readonly #done = new Map<string, number>();

  constructor(records: Records) {
    this.#records = records;
  }

  publish(_topic: string, payload: string): boolean {
    const request = decodeCommand(Buffer.from(payload))?.request;
    if (request === undefined) throw new Error('no request');
    void this.#answer(request.id, request.args as unknown as MaterialRecordArgs);
    return true;
  }

  onReply(listener: (address: EdgeAddress, reply: CommandReply) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async store(): Promise<void> {
    const store = new RecordsLedgerStore(this.#records, dayOf);
    const message = { kind: 'bytes', bytes: messageOf(this.ledger.events) } as const;
    await store.take(this.ledger, [message], systemClock.nowMs());
    this.news.tell();
  }

  async #answer(id: string, { records }: MaterialRecordArgs): Promise<void> {
    const { epoch } = this.ledger;
    let seq = this.#done.get(id) ?? null;
    let code: CommandReply['code'] = seq === null ? 'done' : 'already-done';
    if (seq === null && this.staleTimes > 0) {
      this.staleTimes -= 1;
      code = 'stale';
      this.ledger.fill(1);
    } else if (seq === null) {
      seq = this.ledger.events.length + 1;
      this.#done.set(id, seq);
      for (const { type, payload, occurredAt } of records) this.ledger.addAny(type, payload, { occurredAt });
    }
    if (this.isHeard) {
      for (const listener of this.#listeners) {
        listener(this.ledger, { v: 1, id, code, detail: null, seq, epoch: seq === null ? null : epoch });
      }
    }
    await this.store();
  }
}

async function lineOn(records: Records): Promise<RecordingLine> {
  const line = new RecordingLine(records);
  line.ledger.open();
  await line.store();
  await addUsers(records, [{ login: 'sup', role: 'supervisor', secretHash: '', demo: false }], 5);
  return line;
}

interface Desk extends AsyncDisposable {
  readonly desk: MaterialDesk;
  readonly outcomes: string[];
}

function openDesk(records: Records, line: RecordingLine): Desk {
  const clock = fasterClock(20);
  const log = keepingLog();
  const key = generateKeyPairSync('ed25519').privateKey;
  const sender = new CommandSender({
    records,
    board: new HeartbeatBoard(),
    channel: line,
    key,
    clock,
    entropy: systemEntropy,
    log,
  });
  const outcomes: string[] = [];
  const { site, line: name } = line.ledger;
  const description = { stations: [], outlets: [] };
  const lines = [{ site, line: name, description, countsInfeed: false }];
  const desk = new MaterialDesk({
    records,
    sender,
    news: line.news,
    reference: async () => {
      const seen = await seenScales(records, site);
      return buildReference({}, { ownSite: null, installation: 'demo', lines, scales: () => seen });
    },
    actorRefOf: (login) => actorRefOf(records, login, clock.nowMs(), systemEntropy),
    dayOf,
    checkProgramme: () => Promise.resolve([]),
    clock,
    log,
    counted: (outcome) => outcomes.push(outcome),
    afterwards: () => Promise.reject(new Error('the printer is on fire')),
  });
  return {
    desk,
    outcomes,
    [Symbol.asyncDispose]: async () => {
      const stopped = desk.stop();
      await sender.stop();
      await stopped;
    },
  };
}

const order = (key: string, partner: string, bodyHash = partner): ActOrder => ({
  key,
  bodyHash,
  login: 'sup',
  occurredAt: null,
  decide: (context) => declarePartner(context, { partner, role: 'client', name: partner }, ''),
});

describe.each(RECORDS_ENGINES)('the desk, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('does an act once by its key, and a failing printer is a warning', async () => {
    await using place = await fresh();
    const line = await lineOn(place.records);
    await using bench = openDesk(place.records, line);
    const first = await bench.desk.act(order('key-00000001', 'frip-nord'));
    expect(first).toMatchObject({
      kind: 'done',
      answer: { id: 'frip-nord', events: [line.ledger.last.id], warnings: ['not-printed'], replayed: false },
    });
    expect(await bench.desk.act(order('key-00000001', 'frip-nord'))).toMatchObject({
      answer: { replayed: true },
    });
    expect(await bench.desk.act(order('key-00000001', 'autre'))).toMatchObject({ code: 'key-reused' });
    expect(bench.outcomes).toEqual(['done', 'replayed', 'key-reused']);
    expect(line.ledger.events).toHaveLength(2);
  });

  it('decides anew when the line knew more, and goes on after a restart', async () => {
    await using place = await fresh();
    const line = await lineOn(place.records);
    line.staleTimes = 2;
    await using bench = openDesk(place.records, line);
    expect(await bench.desk.act(order('key-00000002', 'un'))).toMatchObject({ kind: 'done' });
    line.isHeard = false;
    expect(await bench.desk.act(order('key-00000003', 'deux'))).toMatchObject({ code: 'no-reply' });
    const before = line.ledger.events.length;
    line.isHeard = true;
    await using second = openDesk(place.records, line);
    expect(await second.desk.act(order('key-00000003', 'deux'))).toMatchObject({
      kind: 'done',
      answer: { id: 'deux', events: [line.ledger.last.id] },
    });
    expect(line.ledger.events).toHaveLength(before);
  });

  it('asks at most so many to wait, and gives up what waits when it stops', async () => {
    await using place = await fresh();
    const line = await lineOn(place.records);
    line.isHeard = false;
    const bench = openDesk(place.records, line);
    const asked = Array.from({ length: 140 }, (_, index) =>
      bench.desk.act(order(`key-0001${String(index).padStart(4, '0')}`, `p${index}`)),
    );
    expect(bench.desk.waiting).toBe(128);
    await bench[Symbol.asyncDispose]();
    const codes = (await Promise.all(asked)).map((outcome) => ('code' in outcome ? outcome.code : 'done'));
    expect(codes.filter((code) => code === 'busy').length).toBeGreaterThanOrEqual(139);
    expect(bench.desk.waiting).toBe(0);
  });
});
