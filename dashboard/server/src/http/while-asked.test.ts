import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { whileAsked } from './while-asked.ts';

it('is aborted when whoever asks hangs up before the answer, and not after it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = async (signal?: AbortSignal) => {
    const request = once(server, 'request') as Promise<[unknown, ServerResponse]>;
    const answer = fetch(`http://127.0.0.1:${port}`, signal === undefined ? {} : { signal });
    const [, raw] = await request;
    return { raw, answer };
  };

  const page = new AbortController();
  const left = await asked(page.signal);
  const gone = whileAsked(left);
  page.abort();
  await Promise.all([once(gone, 'abort'), expect(left.answer).rejects.toThrow('aborted')]);

  const stayed = await asked();
  const wanted = whileAsked(stayed);
  const closed = once(stayed.raw, 'close');
  stayed.raw.end('answer');
  expect(await (await stayed.answer).text()).toBe('answer');
  await closed;
  expect(wanted.aborted).toBe(false);
  server.closeAllConnections();
  server.close();
});
