import { describe, expect, it } from 'vitest';
import { BLOCK_PIECES, RECENT_BLOCKS, REFERENCE_BLOCKS_MIN } from '../domain/sorting/share-drift.ts';
import type { Item } from '../domain/sorting/item.ts';
import { FIBRE_PIECES_MIN, GOOD_HOURS } from '../domain/sorting/drift-reference.ts';
import { chance, runSeed } from '../domain/sorting/test-chance.ts';
import { item, START_MS } from '../domain/sorting/test-item.ts';
import { MISSED_STANDS_MS } from '../domain/sorting/missed-reads.ts';
import { TestClock } from '../pipeline/test-clock.ts';
import type { ItemStoreHealth } from '../ports/item-store.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { DriftDesk, KEEP_EVERY_MS } from './drift-desk.ts';

const seed = runSeed();
const HOURS_MS = (GOOD_HOURS + 1) * 3_600_000;

/** Texts that outlive a desk; `isAway`: the file does not answer. */
class KeptTexts {
  readonly texts = new Map<string, string>();
  isAway = false;
  writes = 0;

  get health(): ItemStoreHealth {
    const state = this.isAway ? 'closed' : 'ok';
    return {
      state,
      reason: null,
      items: 0,
      spectra: 0,
      waiting: 0,
      dropped: 0,
      unreadable: 0,
      setAsideAtMs: null,
    };
  }

  keep(name: string, text: string): boolean {
    if (this.isAway) return false;
    this.texts.set(name, text);
    this.writes += 1;
    return true;
  }

  kept(name: string): string | null {
    return this.isAway ? null : (this.texts.get(name) ?? null);
  }
}

function desk(items = new KeptTexts()) {
  const clock = new TestClock();
  const { log, lines } = keptLog();
  return { items, clock, lines, drift: new DriftDesk({ device: 'nir', items, clock, log }) };
}

/** @param farther how many times as far from their model as at first. @param polyester share of polyester. */
function* pieces(count: number, farther = 1, polyester = 0.5, from = 0): Generator<Item> {
  const luck = chance(seed + from);
  for (let seq = from; seq < from + count; seq += 1) {
    const fibre = luck.next() < polyester ? 'polyester' : 'cellulosic';
    const measured = farther * 0.1 * Math.exp(0.3 * luck.normal());
    yield item(seq, {
      readAtMs: START_MS + (seq * HOURS_MS) / LEARNT_PIECES,
      verdict: { fibre, gates: [{ gate: 'distance', passed: true, measured, limit: 0.4 }] },
    });
  }
}

const LEARNT_PIECES = 4 * FIBRE_PIECES_MIN;

function learnt(items?: KeptTexts) {
  const one = desk(items);
  for (const piece of pieces(LEARNT_PIECES + 1)) one.drift.take(piece);
  return one;
}

describe('what is watched of sorting', () => {
  it('raises when spectra drift, and not before, and goes on where it was after an end', async () => {
    const first = learnt();
    expect(first.drift.watch.distance.isRaised).toBe(false);
    for (const piece of pieces(3000, 1, 0.5, 5000)) first.drift.take(piece);
    expect(first.drift.watch).toMatchObject({ distance: { isRaised: false }, refused: { isRaised: false } });
    const ending = new AbortController();
    const run = first.drift.run(ending.signal);
    ending.abort();
    await run;

    const second = desk(first.items);
    expect(second.drift.watch).toEqual(first.drift.watch);
    for (const piece of pieces(500, 1.5, 0.5, 9000)) second.drift.take(piece);
    expect(second.drift.watch.distance.isRaised).toBe(true);
  });

  it('is kept once a minute, and only when there is something new', async () => {
    const { drift, items, clock } = desk();
    const ending = new AbortController();
    const run = drift.run(ending.signal);
    await clock.advance(3 * KEEP_EVERY_MS);
    expect(items.writes).toBe(0);
    drift.take(item(1));
    await clock.advance(3 * KEEP_EVERY_MS);
    expect(items.writes).toBe(1);
    ending.abort();
    await run;
    expect(items.writes).toBe(1);
  });

  it('does not write over what was learnt while its file was away when the edge started', async () => {
    const { items, drift: before } = learnt();
    const one = new AbortController();
    const saved = before.run(one.signal);
    one.abort();
    await saved;
    items.isAway = true;
    const { drift, clock } = desk(items);
    const ending = new AbortController();
    const run = drift.run(ending.signal);
    drift.take(item(1));
    await clock.advance(KEEP_EVERY_MS);
    expect(drift.watch.distance.isRaised).toBeNull();
    items.isAway = false;
    await clock.advance(KEEP_EVERY_MS);
    expect(drift.watch.distance).toEqual(before.watch.distance);
    ending.abort();
    await run;
  });

  it('begins anew with a text that it cannot read, and says so', () => {
    const items = new KeptTexts();
    items.texts.set('drift.nir', '{"version":9}');
    const { drift, lines } = desk(items);
    expect(drift.watch.shares.isRaised).toBeNull();
    expect(lines.some(({ message }) => message.includes('cannot be read'))).toBe(true);
  });

  it('takes what a person says for what is usual: of spectra anew, of shares from the last pieces', () => {
    const { drift, items } = learnt();
    for (const piece of pieces(500, 1.5, 0.5, 5000)) drift.take(piece);
    expect(drift.watch.distance.isRaised).toBe(true);
    drift.acceptUsual('nir-drift');
    expect(drift.watch.distance).toMatchObject({
      isRaised: null,
      words: 'apprentissage : 0 bonnes heures sur 8',
    });
    expect(drift.watch.shares.isRaised).toBeNull();

    const usual = (REFERENCE_BLOCKS_MIN + RECENT_BLOCKS + 2) * BLOCK_PIECES;
    for (const piece of pieces(usual, 1, 0.5, 20_000)) drift.take(piece);
    expect(drift.watch.shares.isRaised).toBe(false);
    for (const piece of pieces(RECENT_BLOCKS * BLOCK_PIECES, 1, 0.9, 60_000)) drift.take(piece);
    expect(drift.watch.shares).toMatchObject({ isRaised: true });
    const { writes } = items;
    drift.acceptUsual('class-shares');
    expect(drift.watch.shares.isRaised).toBeNull();
    // At once: a power cut must not take back what a person said.
    expect(items.writes).toBe(writes + 1);
    for (const piece of pieces(usual, 1, 0.9, 80_000)) drift.take(piece);
    expect(drift.watch.shares.isRaised).toBe(false);
    drift.acceptUsual('disk');
    expect(drift.watch.shares.isRaised).toBe(false);
  });

  it('says what was missed for some minutes after the last, and then that it is calm', async () => {
    const { drift, clock } = desk();
    expect(drift.watch.missed).toBe(0);
    drift.missed(3);
    await clock.advance(MISSED_STANDS_MS - 1);
    drift.missed(2);
    await clock.advance(MISSED_STANDS_MS - 1);
    expect(drift.watch.missed).toBe(5);
    await clock.advance(1);
    expect(drift.watch.missed).toBe(0);
    drift.missed(1);
    expect(drift.watch.missed).toBe(1);
  });
});
