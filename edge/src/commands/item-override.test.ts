/** What a person says of one piece: in the ledger first, then beside the piece, once for a request, and never lost between. */
import type { ItemExplainData } from '@trame/protocol/classification/item-requests';
import { describe, expect, it } from 'vitest';
import { itemId, type Item } from '../domain/sorting/item.ts';
import { item } from '../domain/sorting/test-item.ts';
import { given, ItemSite } from '../items/test-items.ts';
import type { SqliteItemStore } from '../items/sqlite-item-store.ts';
import { OVERRIDES_PER_ITEM_MAX } from '../ports/item-store.ts';
import { itemExplain } from '../sorting/item-explain.ts';
import { OVERRIDE_MARK, OverrideKeeper } from '../sorting/override-keeper.ts';
import { programme } from '../sorting/test-sorting.ts';
import { TestLedger } from '../uplink/test-ledger.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { itemOverride } from './item-override.ts';
import { QUESTIONS_NOT_SORTING } from './not-sorting.ts';
import { programmeActivate } from './programme-activate.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

const OUTLETS = ['polymere', 'csr', 'manuel'];
const SAID = { to: 'polymere', reason: 'label-says', note: '100 % polyester' };

class OverrideSite implements AsyncDisposable {
  readonly ledger = new TestLedger();
  readonly items = new ItemSite();
  readonly store: SqliteItemStore;
  readonly desk: TestDesk;
  keeper: OverrideKeeper | null = null;

  constructor() {
    this.store = this.items.open();
    this.desk = new TestDesk(this.ledger, null, null, (clock) => {
      this.keeper = this.keeperAt(clock);
      return {
        handlers: [itemOverride(this.keeper)],
        questions: [itemExplain({ items: this.store, model: null, programme: () => null })],
      };
    });
    this.desk.start();
  }

  /** As an edge has one that starts now. */
  keeperAt(clock = this.desk.clock): OverrideKeeper {
    return new OverrideKeeper({
      items: this.store,
      line: 'tri-1',
      outlets: OUTLETS,
      told: this.ledger.mark(OVERRIDE_MARK),
      clock,
      log: keptLog().log,
    });
  }

  piece(seq: number): Item {
    const piece = item(seq, { outlet: 'csr' });
    this.store.add(piece, null);
    return piece;
  }

  message(args: Record<string, unknown>) {
    return signed(request({ command: 'item.override', args }), this.desk.server);
  }

  say(args: Record<string, unknown>) {
    return answerTo(this.desk, this.message(args));
  }

  overridesOf(piece: Item) {
    return given(this.store.find(piece))?.overrides;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.desk[Symbol.asyncDispose]();
    this.store.close();
    this.items[Symbol.dispose]();
  }
}

describe('item.override', () => {
  it('is recorded and kept beside the piece, once for a request however often it comes', async () => {
    await using site = new OverrideSite();
    const piece = site.piece(7);
    const id = itemId(piece);
    const message = site.message({ item: id, ...SAID });
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'done', seq: 1 });
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'already-done', seq: 1 });
    expect(site.ledger.events.map(({ type, actorRef, payload }) => ({ type, actorRef, payload }))).toEqual([
      {
        type: 'verdict.changed',
        actorRef: 'cafe0123cafe0123',
        payload: { line: 'tri-1', item: id, from: 'csr', ...SAID },
      },
    ]);
    const explained = await answerTo(
      site.desk,
      signed(request({ command: 'item.explain', args: { item: id } }), site.desk.server),
    );
    const { overrides, item: row } = (explained as { data: ItemExplainData }).data;
    expect(overrides).toMatchObject([{ from: 'csr', ...SAID, actorRef: 'cafe0123cafe0123' }]);
    expect(row).toMatchObject({ outlet: 'csr', overrides: 1, overriddenTo: 'polymere' });
    // Said again, it goes on from where it goes by now.
    expect(await site.say({ item: id, to: 'manuel', reason: 'soiled', note: '' })).toMatchObject({
      code: 'done',
      seq: 2,
    });
    expect(site.ledger.events[1]?.payload).toMatchObject({ from: 'polymere', to: 'manuel' });
    expect(site.overridesOf(piece)?.map(({ to }) => to)).toEqual(['polymere', 'manuel']);
  });

  it('is refused with a code where it cannot be, and nothing is recorded', async () => {
    await using site = new OverrideSite();
    const id = itemId(site.piece(1));
    const refusal = async (args: object) => {
      const reply = await site.say({ item: id, ...SAID, ...args });
      return [reply?.code, reply?.refusal];
    };
    expect(await refusal({ item: 'nir:69070000:99' })).toEqual(['refused', 'unknown-item']);
    expect(await refusal({ item: 'nir:69070000:007' })).toEqual(['refused', 'unknown-item']);
    expect(await refusal({ to: 'laine' })).toEqual(['refused', 'unknown-outlet']);
    expect(await refusal({ to: 'csr' })).toEqual(['refused', 'same-outlet']);
    expect(await refusal({ reason: 'because' })).toEqual(['invalid-args', undefined]);
    site.store.close();
    expect(await refusal({ item: 'nir:69070000:2' })).toEqual(['refused', 'items-away']);
    expect(site.ledger.events).toEqual([]);
  });

  it('is bounded for one piece', async () => {
    await using site = new OverrideSite();
    const id = itemId(site.piece(1));
    for (let n = 0; n < OVERRIDES_PER_ITEM_MAX; n += 1) {
      const to = n % 2 === 0 ? 'polymere' : 'csr';
      expect(await site.say({ item: id, ...SAID, to })).toMatchObject({ code: 'done' });
    }
    expect(await site.say({ item: id, ...SAID, to: 'manuel' })).toMatchObject({
      code: 'refused',
      refusal: 'too-many-overrides',
    });
    expect(site.ledger.events).toHaveLength(OVERRIDES_PER_ITEM_MAX);
  });

  it('changes nothing when the ledger does not take it, and is done when it is asked again', async () => {
    await using site = new OverrideSite();
    const piece = site.piece(1);
    site.ledger.refusal = { kind: 'not-stored', code: 'disk-full', reason: 'full' };
    const message = site.message({ item: itemId(piece), ...SAID });
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'not-stored' });
    expect(site.overridesOf(piece)).toEqual([]);
    site.ledger.refusal = null;
    expect(await answerTo(site.desk, message)).toMatchObject({ code: 'done' });
    expect(site.overridesOf(piece)).toHaveLength(1);
  });

  it('is found in the ledger by an edge that was killed before it kept it, and added once', async () => {
    await using site = new OverrideSite();
    const piece = site.piece(3);
    site.store.flush();
    const { keeper, desk } = site;
    if (keeper === null) throw new Error('there is a keeper');
    const verdict = keeper.judge({ item: itemId(piece), ...SAID, reason: 'label-says' }, null);
    if (verdict.kind === 'refused') throw new Error(verdict.detail);
    // The ledger took it, and the edge is no more.
    site.ledger.marks.set(verdict.markName, verdict.mark);
    expect(site.overridesOf(piece)).toEqual([]);
    for (const start of [1, 2]) {
      site.keeperAt(desk.clock);
      expect([start, site.overridesOf(piece)?.length]).toEqual([start, 1]);
    }
    expect(site.overridesOf(piece)).toMatchObject([{ from: 'csr', ...SAID, actorRef: null }]);
  });

  it('waits for a store that does not take it now, in its order, and counts meanwhile', async () => {
    await using site = new OverrideSite();
    const piece = site.piece(4);
    site.store.flush();
    site.items.freeBytes = 0;
    const id = itemId(piece);
    expect(await site.say({ item: id, ...SAID })).toMatchObject({ code: 'done' });
    expect(await site.say({ item: id, ...SAID })).toMatchObject({ refusal: 'same-outlet' });
    expect(await site.say({ item: id, ...SAID, to: 'manuel' })).toMatchObject({ code: 'done' });
    expect(site.overridesOf(piece)).toEqual([]);
    site.items.freeBytes = null;
    const ended = new AbortController();
    const run = site.keeper?.run(ended.signal);
    await site.desk.clock.advance(5_000);
    ended.abort();
    await run;
    expect(site.overridesOf(piece)?.map(({ from, to }) => [from, to])).toEqual([
      ['csr', 'polymere'],
      ['polymere', 'manuel'],
    ]);
  });
});

describe('a line that does not sort by spectra', () => {
  it('says so under a code of its own, whatever it is asked of pieces or programmes', async () => {
    await using desk = new TestDesk(new TestLedger(), null, null, (clock) => ({
      handlers: [programmeActivate(null, clock), itemOverride(null)],
      questions: QUESTIONS_NOT_SORTING,
    }));
    desk.start();
    const asked: [string, Record<string, unknown>][] = [
      ['programme.activate', { programme: programme() }],
      ['item.override', { item: 'nir:69070000:1', ...SAID }],
      ['item.list', { before: null, limit: 5, outlet: null, reading: null }],
      ['item.explain', { item: 'nir:69070000:1' }],
      ['programme.dryRun', { programme: programme(), from: 1_600_000_000_000, to: 1_600_000_000_001 }],
    ];
    for (const [command, args] of asked) {
      const reply = await answerTo(desk, signed(request({ command, args }), desk.server));
      expect([command, reply?.code, reply?.refusal]).toEqual([command, 'refused', 'not-sorting']);
    }
  });
});
