/** What people wrote, as pages read it again. */
import type { NoteRow } from '@trame/protocol/material/material-answers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMaterialServer, type MaterialServer } from '../testing/test-material-server.ts';

interface Notes {
  readonly rows: readonly NoteRow[];
  readonly next: string | null;
}

let material: MaterialServer;
beforeAll(async () => {
  material = await startMaterialServer();
});
afterAll(() => material[Symbol.asyncDispose]());

it('lists notes latest first, page by page, and those about one thing', async () => {
  const now = Date.now();
  for (const [minutes, text] of [
    [3, 'tapis nettoyé'],
    [2, 'bac plein'],
    [1, 'lot mouillé'],
  ] as const) {
    const body = { occurredAt: now - minutes * 60_000, text, about: minutes === 2 ? 'zone:zone-a' : null };
    expect((await material.act('/notes', body)).status).toBe(201);
  }
  const all = await material.get<Notes>('/notes');
  expect(all.rows.map(({ text }) => text)).toEqual(['lot mouillé', 'bac plein', 'tapis nettoyé']);
  expect(all.rows.map(({ at }) => now - at)).toEqual([60_000, 120_000, 180_000]);
  const first = await material.get<Notes>('/notes?limit=2');
  expect(first.rows.map(({ id }) => id)).toEqual(all.rows.slice(0, 2).map(({ id }) => id));
  const second = await material.get<Notes>(`/notes?limit=2&cursor=${first.next ?? ''}`);
  expect(second).toEqual({ rows: all.rows.slice(2), next: null });
  const about = await material.get<Notes>('/notes?about=zone:zone-a');
  expect(about.rows.map(({ text }) => text)).toEqual(['bac plein']);
});
