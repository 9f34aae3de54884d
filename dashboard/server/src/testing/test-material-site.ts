/**
 * A site for tests of what people do with material: real records, real projection; only the line between them is left
 * out. What is decided becomes events of one ledger at once.
 */
import { payloadFault, type LedgerEventType, type LedgerPayloads } from '@trame/protocol/ledger-payloads';
import { checkProgramme as checkNow } from '@trame/protocol/sort-programmes/check-programme';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TEST_WEIGHING, TestLedger } from '../ledger/test-ledger.ts';
import type { ActContext, Decide, Decision, Draft, Recording, Refused } from '../material/decision.ts';
import { fitting } from '../material/event-size.ts';
import { MaterialBook } from '../material/material-book.ts';
import type { Reference } from '../material/reference.ts';
import { sum } from '../material/shares.ts';
import type { Records } from '../records/open-records.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { embeddedRecords } from './embedded-records.ts';
import { TEST_REFERENCE, TEST_SITE } from './material-reference.ts';
import { tempDir } from './temp-dir.ts';

const dayOf = localDayIn('Europe/Paris');

const checkProgramme: ActContext['checkProgramme'] = (programme, outlets, names) =>
  Promise.resolve(checkNow(programme, outlets, names));

/** Between one act and the next, ms. */
const PACE_MS = 1_000;

/** Events of one act, as they were recorded. */
export interface Done extends Recording {
  /** Ids of its events. */
  readonly events: readonly string[];
}

export type WeighingSaid = Partial<LedgerPayloads['weighing.recorded']>;

export class MaterialSite implements AsyncDisposable {
  readonly records: Records;
  readonly book: MaterialBook;
  reference: Reference;
  nowMs = TEST_NOW_MS;
  /** Who asks. */
  actorRef = opaqueId('supervisor');
  readonly #store: RecordsLedgerStore;
  readonly #ledger: TestLedger;
  readonly #end: () => Promise<void>;

  constructor(records: Records, reference: Reference, end: () => Promise<void>) {
    this.records = records;
    this.reference = reference;
    this.book = new MaterialBook(records, TEST_SITE);
    this.#store = new RecordsLedgerStore(records, dayOf);
    this.#ledger = new TestLedger({ site: TEST_SITE, line: reference.bookKeeper });
    this.#end = end;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  context(occurredAt = this.nowMs): ActContext {
    const { book, reference, nowMs, actorRef } = this;
    return { site: TEST_SITE, book, reference, nowMs, actorRef, occurredAt, dayOf, checkProgramme };
  }

  /** Asks, and records nothing whatever comes of it. */
  async ask<Body>(decide: Decide<Body>, body: Body, target = '', occurredAt?: number): Promise<Decision> {
    return fitting(await decide(this.context(occurredAt), body, target));
  }

  /** Asks, and records what was decided. @throws when it is refused. */
  async act<Body>(decide: Decide<Body>, body: Body, target = '', occurredAt?: number): Promise<Done> {
    const decision = await this.ask(decide, body, target, occurredAt);
    if (decision.kind === 'refused') throw new Error(`refused ${decision.code}: ${decision.detail}`);
    return { ...decision, events: await this.record(decision.drafts) };
  }

  /** @returns why it is refused. @throws when it is not. */
  async refusal<Body>(
    decide: Decide<Body>,
    body: Body,
    target = '',
    occurredAt?: number,
  ): Promise<Pick<Refused, 'code' | 'params'>> {
    const decision = await this.ask(decide, body, target, occurredAt);
    if (decision.kind !== 'refused') throw new Error('it was expected to be refused');
    return { code: decision.code, params: decision.params };
  }

  /** Takes drafts as an edge would have recorded them. @returns the ids of the events. */
  async record(drafts: readonly Draft[]): Promise<string[]> {
    for (const { type, payload } of drafts) {
      const fault = payloadFault(type, payload);
      if (fault !== null) throw new Error(`${type}: ${fault}`);
    }
    const ids: string[] = [];
    for (const { type, payload, occurredAt } of drafts) {
      ids.push(await this.tell(type, payload, occurredAt, this.actorRef));
    }
    this.advance(PACE_MS);
    return ids;
  }

  /** A scale records a stable weighing. @returns its event. */
  weighing(said: WeighingSaid): Promise<string> {
    const number = this.#ledger.events.length + 1;
    return this.tell('weighing.recorded', { ...TEST_WEIGHING, number, ...said });
  }

  /** Appends any event to the ledger and projects it. @returns its id. */
  async tell<T extends LedgerEventType>(
    type: T,
    payload: LedgerPayloads[T],
    occurredAt = this.nowMs,
    actorRef: string | null = null,
  ): Promise<string> {
    if (this.#ledger.events.length === 0) await this.#take(this.#ledger.open());
    const event = this.#ledger.add(type, payload, { occurredAt, recordedAt: this.nowMs, actorRef });
    await this.#take(event);
    return event.id;
  }

  /** @returns what an account holds, grams by source lot. */
  async held(account: string): Promise<Record<string, number>> {
    const shares = await this.book.contents(account);
    return Object.fromEntries(shares.map(({ lot, grams }) => [lot, grams]));
  }

  async grams(account: string): Promise<number> {
    return sum(await this.book.contents(account));
  }

  /** @returns what every account stands at, outer ones included; only what is not 0. */
  async standing(): Promise<Record<string, number>> {
    const rows = await this.records.selectFrom('holdings').selectAll().orderBy('account').execute();
    const all = new Map<string, number>();
    for (const { account, grams } of rows) all.set(account, (all.get(account) ?? 0) + grams);
    return Object.fromEntries([...all].filter(([, grams]) => grams !== 0));
  }

  async #take(event: TestLedger['last']): Promise<void> {
    const { site, line } = this.#ledger;
    const message = { kind: 'bytes', bytes: messageOf([event]) } as const;
    const { stored, refusals } = await this.#store.take({ site, line }, [message], this.nowMs);
    const [refusal] = refusals;
    if (stored.length !== 1) throw new Error(`${event.type} was not stored: ${refusal?.detail ?? '?'}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

/** Opens a site whose records are empty; it is gone when the test is. */
export async function materialSite(changes: Partial<Reference> = {}): Promise<MaterialSite> {
  const directory = tempDir();
  const records = await embeddedRecords(directory.path);
  return new MaterialSite(records, { ...TEST_REFERENCE, ...changes }, async () => {
    await records.destroy();
    directory[Symbol.dispose]();
  });
}

/** @returns an event id that no event has. */
export function noEvent(): string {
  return opaqueId('no such event');
}
