/** A list that is asked for page by page: what a question that is not answered makes of it. */
import { expect, it } from 'vitest';
import type { Answer } from '../api/request.ts';
import type { Page } from './material-reads.ts';
import { Paged } from './paged.svelte.ts';

async function afterOne(answer: Answer<Page<string>>): Promise<Paged<string>> {
  const owner = new AbortController();
  const list = new Paged<string>(() => {
    queueMicrotask(() => queueMicrotask(() => owner.abort()));
    return Promise.resolve(answer);
  });
  await list.run(owner.signal);
  return list;
}

it('is told from a list that could not be had when the account may not read it', async () => {
  expect((await afterOne({ kind: 'refused', status: 403, code: 'forbidden' })).state).toBe('forbidden');
  expect((await afterOne({ kind: 'refused', status: 500, code: 'internal' })).state).toBe('failed');
  expect((await afterOne({ kind: 'away' })).state).toBe('failed');
  expect((await afterOne({ kind: 'ok', body: { rows: [], next: null } })).state).toBe('ready');
});
