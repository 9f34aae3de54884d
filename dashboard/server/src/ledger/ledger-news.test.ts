import { describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { LedgerNews } from './ledger-news.ts';

const SOON_MS = 5_000;
const nothing = () => Promise.resolve(null);

describe('whoever waits for something to be stored', () => {
  it('is woken when it is, and misses nothing that came while it looked', async () => {
    const news = new LedgerNews(systemClock);
    const { signal } = new AbortController();
    const before = news.told;
    news.tell();
    expect(await news.after(before, 0, signal)).toBe(true);
    const waiting = news.after(news.told, SOON_MS, signal);
    news.tell();
    expect(await waiting).toBe(true);
  });

  it('looks again after each, until it finds', async () => {
    const news = new LedgerNews(systemClock);
    let looked = 0;
    const found = news.until(
      () => {
        looked += 1;
        // Told while it looks: it must look again.
        news.tell();
        return Promise.resolve(looked === 3 ? 'there' : null);
      },
      SOON_MS,
      new AbortController().signal,
    );
    expect(await found).toBe('there');
  });

  it('gives up when the time is over, or when it is stopped', async () => {
    const news = new LedgerNews(systemClock);
    const stopping = new AbortController();
    expect(await news.until(nothing, 30, stopping.signal)).toBeNull();
    const waiting = news.until(nothing, SOON_MS, stopping.signal);
    stopping.abort();
    expect(await waiting).toBeNull();
    expect(await news.after(news.told, SOON_MS, stopping.signal)).toBe(false);
  });
});
