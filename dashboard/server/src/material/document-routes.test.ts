/** Photos and documents through a whole server. */
import type { Problem } from '@trame/protocol/dashboard-api';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { mediaOf } from './document-media.ts';
import { DISK_RESERVE_BYTES, DOCUMENT_BYTES_MAX, DocumentStore } from './document-store.ts';

let server: TestServer;
let operator: string;

beforeAll(async () => {
  server = await startTestServer();
  operator = await server.signIn('operator');
});
afterAll(() => server[Symbol.asyncDispose]());

const JPEG = Buffer.concat([
  Buffer.from('ffd8ffe0', 'hex'),
  Buffer.from('a photo of a torn bale'.repeat(50)),
]);
const PDF = Buffer.from('%PDF-1.7\na delivery note\n');
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const folder = () => join(server.directory, 'dashboard', 'documents');

async function post(body: Buffer, { cookie = operator, type = 'application/octet-stream' } = {}) {
  const headers = { cookie, 'content-type': type };
  const response = await fetch(`${server.url}/api/v1/documents`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  return { status: response.status, body: (await response.json()) as { id: string } & Problem };
}

describe('a document', () => {
  it('lies under its hash, and is given back as it came', async () => {
    const id = hashOf(JPEG);
    expect(await post(JPEG, { type: 'image/png' })).toEqual({
      status: 201,
      body: { id, media: 'image/jpeg', bytes: JPEG.length },
    });
    expect(readFileSync(join(folder(), id))).toEqual(JPEG);
    const response = await server.get(`/api/v1/documents/${id}`, operator);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(JPEG);
    const { headers } = response;
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(headers.get('content-disposition')).toBe(`inline; filename="${id.slice(0, 12)}.jpg"`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });

  it('sent again is the same document', async () => {
    const before = readdirSync(folder()).length;
    const [one, two] = await Promise.all([post(PDF), post(PDF)]);
    expect(one).toEqual(two);
    expect(one.body.id).toBe(hashOf(PDF));
    expect(readdirSync(folder())).toHaveLength(before + 1);
    const shown = await server.get(`/api/v1/documents/${one.body.id}`, operator);
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]{12}\.pdf"$/u);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 400, 'malformed-body'],
    [
      'a page that calls itself a photo',
      Buffer.from('<html><script>alert(1)</script>'),
      415,
      'foreign-media',
    ],
    ['a few bytes', Buffer.from([0xff, 0xd8]), 415, 'foreign-media'],
    ['too much', Buffer.concat([PDF, Buffer.alloc(DOCUMENT_BYTES_MAX)]), 413, 'body-too-large'],
  ])('is refused when it is %s, and leaves nothing behind', async (_, bytes, status, code) => {
    const before = readdirSync(folder());
    expect(await post(bytes, { type: 'image/jpeg' })).toMatchObject({ status, body: { code } });
    expect(readdirSync(folder())).toEqual(before);
  });

  it('is for those who work with material', async () => {
    for (const role of ['region', 'trainee'] as const) {
      expect((await post(PDF, { cookie: await server.signIn(role) })).status).toBe(403);
    }
    expect((await post(PDF, { cookie: '' })).status).toBe(401);
    expect((await server.get(`/api/v1/documents/${hashOf(PDF)}`)).status).toBe(401);
  });

  it('that nobody sent is unknown, and a path is no name', async () => {
    const missing = await server.get(`/api/v1/documents/${'0'.repeat(64)}`, operator);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: 'unknown-document' });
    expect((await server.get('/api/v1/documents/..%2Frecords.sqlite', operator)).status).toBe(400);
  });
});

async function* streamOf(bytes: Buffer) {
  for (const byte of bytes) yield await Promise.resolve(Buffer.from([byte]));
}

describe('the store', () => {
  it('takes away what a stop left half-written, and keeps room for the records', async () => {
    using directory = tempDir();
    const records = await embeddedRecords(directory.path);
    let freeBytes = DISK_RESERVE_BYTES - 1;
    const store = new DocumentStore({
      dataDir: directory.path,
      records,
      entropy: systemEntropy,
      nowMs: () => 7,
      freeBytes: () => Promise.resolve(freeBytes),
    });
    await store.open();
    const half = join(directory.path, 'documents', 'half.part');
    writeFileSync(half, 'x');
    await store.open();
    expect(existsSync(half)).toBe(false);
    expect(await store.store(streamOf(PDF))).toEqual({ kind: 'no-room' });
    freeBytes = DISK_RESERVE_BYTES;
    expect(await store.store(streamOf(PDF))).toMatchObject({ kind: 'stored' });
    writeFileSync(join(directory.path, 'documents', hashOf(PDF)), 'short');
    expect(await store.read(hashOf(PDF))).toBeNull();
    await records.destroy();
  });

  it.each([
    ['RIFF0000WEBPVP8 ', 'image/webp'],
    ['RIFF0000WAVEfmt ', null],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['GIF89a', null],
  ])('knows %j as %s', (head, media) => {
    expect(mediaOf(Buffer.from(head, 'latin1'))).toBe(media);
  });
});
