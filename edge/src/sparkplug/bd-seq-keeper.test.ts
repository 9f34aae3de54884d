import { describe, expect, it } from 'vitest';
import { BD_SEQ_RETRY_MS, BdSeqKeeper } from './bd-seq-keeper.ts';

/** A store on a disk that a test fills, and what is logged meanwhile. */
function keeperOnDisk() {
  const disk = { isFull: false, kept: [] as number[], tries: 0, logged: [] as string[] };
  const store = {
    lastBdSeq: () => null,
    keepBdSeq: (bdSeq: number) => {
      disk.tries += 1;
      if (disk.isFull) throw new Error('database or disk is full');
      disk.kept.push(bdSeq);
    },
  };
  const tell = (level: string) => () => void disk.logged.push(level);
  const log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  return { disk, keeper: new BdSeqKeeper(store, log) };
}

describe('the number of a session', () => {
  it('is on disk at once, and once', () => {
    const { disk, keeper } = keeperOnDisk();
    keeper.keep(4, 0);
    keeper.retry(BD_SEQ_RETRY_MS);
    expect(disk).toMatchObject({ kept: [4], tries: 1, logged: [] });
  });

  it('is tried again now and then while the disk refuses, the latest one only, and told once', () => {
    const { disk, keeper } = keeperOnDisk();
    disk.isFull = true;
    keeper.keep(4, 0);
    keeper.keep(5, 10);
    keeper.retry(10 + BD_SEQ_RETRY_MS - 1);
    expect(disk).toMatchObject({ tries: 2, logged: ['error'] });
    keeper.retry(10 + BD_SEQ_RETRY_MS);
    keeper.retry(10 + BD_SEQ_RETRY_MS + 1);
    expect(disk).toMatchObject({ kept: [], tries: 3, logged: ['error'] });
    disk.isFull = false;
    keeper.retry(10 + 2 * BD_SEQ_RETRY_MS);
    keeper.retry(10 + 3 * BD_SEQ_RETRY_MS);
    expect(disk).toMatchObject({ kept: [5], tries: 4, logged: ['error', 'info'] });
  });
});
