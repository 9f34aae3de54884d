import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_BYTES_MAX } from '@trame/protocol/command';
import {
  ITEMS_PER_REPLY_MAX,
  type ItemExplainData,
  type ItemListData,
  type ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import { describe, expect, it } from 'vitest';
import { PROGRAMME_MARK } from '../domain/programme-mark.ts';
import { itemId, type Item } from '../domain/sorting/item.ts';
import { item, START_MS } from '../domain/sorting/test-item.ts';
import type { NirModel } from '../domain/nir/open-model.ts';
import { ItemSite, given, spectrumOf } from '../items/test-items.ts';
import type { SqliteItemStore } from '../items/sqlite-item-store.ts';
import { readModelFile, SHIPPED_FOLDER } from '../nir/shipped-models.ts';
import type { ReadCommand } from '../ports/read-command.ts';
import { itemExplain } from '../sorting/item-explain.ts';
import { itemList } from '../sorting/item-list.ts';
import { programmeDryRun } from '../sorting/programme-dry-run.ts';
import { ProgrammeKeeper } from '../sorting/programme-keeper.ts';
import { CONFIG, OUTLETS, programme } from '../sorting/test-sorting.ts';
import { TestLedger } from '../uplink/test-ledger.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { programmeActivate } from './programme-activate.ts';
import { TO_READ_MAX } from './read-lane.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

class SortingSite implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'trame-requests-'));
  readonly ledger = new TestLedger();
  readonly model: NirModel;
  readonly keeper: ProgrammeKeeper;
  readonly store: SqliteItemStore;
  readonly desk: TestDesk;
  readonly #items = new ItemSite();

  constructor(question: ReadCommand | null = null) {
    const opened = readModelFile(`${SHIPPED_FOLDER}/nirscan-nano-2026-11.json`);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    this.model = opened.model;
    this.keeper = new ProgrammeKeeper({
      dataDir: this.dir,
      outlets: Object.keys(OUTLETS),
      configured: { kind: 'shipped', id: 'essai' },
      shipped: [programme()],
      recordedHash: null,
      log: keptLog().log,
    });
    this.store = this.#items.open();
    const { store: items, keeper, model } = this;
    this.desk = new TestDesk(this.ledger, null, null, (clock) => ({
      handlers: [programmeActivate(keeper, clock)],
      questions: [
        itemList(items),
        itemExplain({ items, model, programme: () => keeper.active }),
        programmeDryRun({ items, sorting: CONFIG, clock }),
        ...(question === null ? [] : [question]),
      ],
    }));
    this.desk.start();
  }

  /** One that was judged by the present model and programme. */
  piece(seq: number, over: Parameters<typeof item>[1] = {}): Item {
    const { ref } = this.model;
    return item(seq, {
      decided: 'csr',
      rule: 'reste',
      programme: { id: 'essai', version: 1, hash: programmeHash(programme()) },
      ...over,
      verdict: { model: ref, ...over.verdict },
    });
  }

  ask(command: string, args: Record<string, unknown>) {
    return answerTo(this.desk, signed(request({ command, args }), this.desk.server));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.desk[Symbol.asyncDispose]();
    this.store.close();
    this.#items[Symbol.dispose]();
    rmSync(this.dir, { recursive: true });
  }
}

describe('programme.activate', () => {
  it('is recorded, kept and followed, once for a request however often it comes', async () => {
    await using site = new SortingSite();
    const next = programme(2, 'polymere');
    const asked = request({ command: 'programme.activate', args: { programme: next } });
    const message = signed(asked, site.desk.server);
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'done', seq: 1 });
    expect(site.keeper.ref).toEqual({ id: 'essai', version: 2, hash: programmeHash(next) });
    expect(site.ledger.events.map(({ type, payload }) => [type, payload])).toEqual([
      ['programme.active', { programme: 'essai', version: 2, hash: programmeHash(next) }],
    ]);
    expect(site.ledger.mark(PROGRAMME_MARK)).toBe(programmeHash(next));
    site.keeper.activate(programme(3));
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'already-done', seq: 1 });
    expect(site.keeper.ref?.version).toBe(3);
  });

  it('is refused with all that is wrong, and nothing is recorded', async () => {
    await using site = new SortingSite();
    const rules = programme(2).rules.slice(0, 1);
    const reply = await site.ask('programme.activate', { programme: { ...programme(2), rules } });
    expect(reply).toMatchObject({ code: 'refused', data: { findings: [{ weight: 'error' }] } });
    expect([site.keeper.ref?.version, site.ledger.events]).toEqual([1, []]);
  });

  it('changes nothing when the ledger does not take it', async () => {
    await using site = new SortingSite();
    site.ledger.refusal = { kind: 'not-stored', code: 'disk-full', reason: 'full' };
    expect(await site.ask('programme.activate', { programme: programme(2) })).toMatchObject({
      code: 'not-stored',
    });
    expect(site.keeper.ref?.version).toBe(1);
    site.ledger.refusal = null;
    expect(await site.ask('programme.activate', { programme: programme(2) })).toMatchObject({ code: 'done' });
    expect(site.keeper.ref?.version).toBe(2);
  });
});

describe('questions about pieces', () => {
  it('are answered page by page, newest first, by outlet and reading, and nothing is recorded of them', async () => {
    await using site = new SortingSite();
    for (let seq = 1; seq <= 120; seq += 1) {
      site.store.add(site.piece(seq, { outlet: seq % 2 === 0 ? 'csr' : 'manuel' }), spectrumOf(seq));
    }
    site.store.flush();
    const args = { limit: ITEMS_PER_REPLY_MAX, outlet: 'csr', reading: 'pure' };
    const seen: string[] = [];
    for (let before: string | null = null; ;) {
      const reply = await site.ask('item.list', { ...args, before });
      expect(reply?.code).toBe('done');
      const page = reply?.data as ItemListData | undefined;
      seen.push(...(page?.items ?? []).map(({ id }) => id));
      before = page?.next ?? null;
      if (before === null) break;
    }
    const all = Array.from({ length: 60 }, (_, index) => itemId(site.piece(120 - 2 * index)));
    expect(seen).toEqual(all);
    expect(site.ledger.events).toEqual([]);
  });

  it('explain a piece by its verdict, every rule, its spectrum and those of its class', async () => {
    await using site = new SortingSite();
    const piece = site.piece(7);
    site.store.add(piece, spectrumOf(7));
    const reply = await site.ask('item.explain', { item: itemId(piece) });
    const data = reply?.data as ItemExplainData;
    expect(data.verdict).toEqual(piece.verdict);
    expect(data.rules?.map(({ id, failed }) => [id, failed?.why ?? null])).toEqual([
      ['pas-lu', 'another-word'],
      ['reste', null],
    ]);
    expect(data.spectrum?.absorbance).toHaveLength(data.spectrum?.gridNm.length ?? -1);
    expect(data.spectrum?.shape?.classMean).toHaveLength(data.spectrum?.shape?.channelsNm.length ?? -1);
    expect(JSON.stringify(reply).length).toBeLessThan(COMMAND_BYTES_MAX);
  });

  it('say what is not there any more: the piece, its spectrum, its model, its programme', async () => {
    await using site = new SortingSite();
    expect(await site.ask('item.explain', { item: 'nir:69070000:9' })).toMatchObject({ code: 'refused' });
    site.store.add(site.piece(1), null);
    site.store.add(
      site.piece(2, { verdict: { model: { id: 'old', sha256: 'a'.repeat(64) } } }),
      spectrumOf(2),
    );
    const explained = async (seq: number) =>
      (await site.ask('item.explain', { item: itemId(site.piece(seq)) }))?.data as ItemExplainData;
    expect((await explained(1)).noSpectrum).toBe('not-kept');
    expect((await explained(2)).noSpectrum).toBe('another-model');
    site.keeper.activate(programme(2));
    expect((await explained(1)).rules).toBeNull();
  });

  it('try a programme on what was sorted, without following it', async () => {
    await using site = new SortingSite();
    for (let seq = 1; seq <= 10; seq += 1) site.store.add(site.piece(seq), null);
    site.store.flush();
    const range = { from: START_MS, to: START_MS + 60_000 };
    const reply = await site.ask('programme.dryRun', { programme: programme(2, 'polymere'), ...range });
    const data = reply?.data as ProgrammeDryRunData | undefined;
    const moved = { pieces: 10, changed: { pieces: 10 }, changedPercent: { pieces: 100 } };
    // Nobody weighed them.
    expect(data).toMatchObject({ isWhole: true, assumedWeights: 10, report: { ...moved, grams: 10 * 300 } });
    expect([site.keeper.ref?.version, site.ledger.events]).toEqual([1, []]);
    const bad = { ...programme(2), rules: [] };
    expect(await site.ask('programme.dryRun', { programme: bad, ...range })).toMatchObject({
      code: 'refused',
    });
    const late = { programme: programme(2), from: range.to, to: range.from };
    expect(await site.ask('programme.dryRun', late)).toMatchObject({ code: 'refused' });
  });

  it.each([
    ['item.list', { before: null, limit: 51, outlet: null, reading: null }],
    ['item.list', { limit: 5 }],
    ['item.explain', { item: 'nir' }],
    ['programme.dryRun', { programme: {}, from: 0, to: 1 }],
  ])('of %s with %j are refused', async (command, args) => {
    await using site = new SortingSite();
    expect(await site.ask(command, args)).toMatchObject({ code: 'invalid-args' });
  });

  it('are bounded: an answer that is too large, one that fails, and more than may wait', async () => {
    const gate = Promise.withResolvers<void>();
    await using site = new SortingSite({
      command: 'item.odd',
      args: {},
      async read(args) {
        if (JSON.stringify(args).includes('fail')) throw new Error('no');
        if (JSON.stringify(args).includes('wait')) await gate.promise;
        return { kind: 'data', data: 'x'.repeat(COMMAND_BYTES_MAX) };
      },
    });
    const tooLarge = await site.ask('item.odd', {});
    expect([tooLarge?.code, tooLarge?.data]).toEqual(['refused', undefined]);
    expect(await site.ask('item.odd', { fail: 1 })).toMatchObject({ code: 'refused' });
    for (let n = 0; n < TO_READ_MAX; n += 1) {
      site.desk.desk.offer(signed(request({ command: 'item.odd', args: { wait: n } }), site.desk.server));
    }
    // A record is not held up by them.
    expect(await site.ask('programme.activate', { programme: programme(2) })).toMatchObject({ code: 'done' });
    expect(await site.ask('item.odd', { wait: 'more' })).toMatchObject({ code: 'not-stored' });
    gate.resolve();
  });

  it('that nobody trusted signed are not answered', async () => {
    await using site = new SortingSite();
    site.store.add(site.piece(1), null);
    expect(given(site.store.find(site.piece(1)))).not.toBeNull();
    await using stranger = new TestDesk();
    const args = { before: null, limit: 5, outlet: null, reading: null };
    const reply = await answerTo(site.desk, signed(request({ command: 'item.list', args }), stranger.server));
    expect([reply?.code, reply?.data]).toEqual(['unknown-key', undefined]);
  });
});
