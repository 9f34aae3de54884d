/** A piece leads to the programme by which it was judged wherever that can be read. */
import { createServer, type Server } from 'node:http';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import type { ProgrammeAnswer } from '@trame/protocol/sort-programmes/programme-answers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { getFreePort, listen } from '../api/test-server.ts';
import { findProgramme } from './programme-of-piece.ts';

const HASH = 'cd'.repeat(32);
const SAVED: ProgrammeAnswer = {
  version: 3,
  hash: HASH,
  label: 'Maison',
  note: '',
  savedAt: 1_795_000_000_000,
  byYou: false,
  lastVersion: 4,
  programme: { ...AUTOMATIC_LINE_PROGRAMME, id: 'maison', version: 3 },
};
const FETCH = globalThis.fetch;
let server: Server;
let origin: string;

const find = (id: string, version: number, hash = HASH) =>
  findProgramme({ id, version, hash }, (asked) => asked, AbortSignal.timeout(5_000));

beforeEach(async () => {
  server = createServer(({ url = '' }, outgoing) => {
    const isExamples = url.endsWith('/examples');
    const isSaved = url.includes('/maison');
    const body = isExamples ? { rows: [AUTOMATIC_LINE_PROGRAMME] } : isSaved ? SAVED : { code: 'not-found' };
    outgoing.writeHead(isExamples || isSaved ? 200 : 404, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  });
  origin = await listen(server);
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => FETCH(`${origin}${path}`, init));
});

afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

describe('the programme of a piece', () => {
  it('is the saved version, when it is the same', async () => {
    const found = await find('maison', 3);
    expect(found?.route).toMatchObject({ screen: 'programme', id: 'maison', version: 3 });
    expect(found?.ruleLabels.get('dechet')).toBe('Déchet');
    expect(await find('maison', 3, 'ef'.repeat(32))).toBeNull();
  });

  it('is the example that a line follows until another is activated', async () => {
    const found = await find('ligne-automatique', 1);
    expect(found?.route).toMatchObject({ id: null, example: 'ligne-automatique' });
    expect(found?.ruleLabels.get('dechet')).toBe('Déchet');
    expect(await find('ligne-automatique', 9)).toBeNull();
    expect(await find('ailleurs', 1)).toBeNull();
  });

  it('is not known while nobody answers', async () => {
    origin = `http://127.0.0.1:${await getFreePort()}`;
    expect(await find('maison', 3)).toBeUndefined();
  });
});
