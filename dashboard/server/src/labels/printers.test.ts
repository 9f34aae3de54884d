import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { labelJob } from './label-job.ts';
import { Printers } from './printers.ts';
import { renderLabel } from './render-label.ts';
import { baleFacts } from './test-label-facts.ts';

const owned: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of owned.splice(0)) await release();
});

/** A printer that keeps what it gets. */
async function printer() {
  const taken: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
    socket.on('end', () => {
      taken.push(text);
      socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return { taken, port: address.port };
}

function printersFor(ports: readonly number[]) {
  const settled: string[] = [];
  const printers = new Printers({
    printers: ports.map((port, index) => ({
      id: `imprimante-${index + 1}`,
      label: `Imprimante ${index + 1}`,
      host: '127.0.0.1',
      port,
      presses: index === 0 ? ['presse-1'] : ['presse-1', 'presse-2'],
    })),
    clock: systemClock,
    log: keepingLog(),
    onSettled: (id, job, { kind }) => settled.push(`${id} ${job} ${kind}`),
  });
  owned.push(() => printers.stop());
  return { printers, settled };
}

test('the label of an output comes out of the printer that is named, and of it alone', async () => {
  const [one, other] = [await printer(), await printer()];
  const { printers, settled } = printersFor([one.port, other.port]);
  expect(printers.submit('imprimante-2', await labelJob('b1', baleFacts))).toEqual({
    kind: 'queued',
    ahead: 0,
  });
  await eventually(() => (settled.length === 1 ? true : null));
  expect(settled).toEqual(['imprimante-2 b1 printed']);
  expect(other.taken).toEqual([(await renderLabel(baleFacts, 'zpl')).body]);
  expect(one.taken).toEqual([]);
  expect(printers.states().map(({ id, printed }) => [id, printed])).toEqual([
    ['imprimante-1', 0],
    ['imprimante-2', 1],
  ]);
});

test('a press has the first printer that is named for it, and a printer that nobody knows is none', async () => {
  const { printers } = printersFor([1, 2]);
  expect(printers.ofPress('presse-1')).toBe('imprimante-1');
  expect(printers.ofPress('presse-2')).toBe('imprimante-2');
  expect(printers.ofPress('presse-3')).toBeNull();
  expect(printers.ofPress(null)).toBeNull();
  expect(printers.submit('imprimante-3', await labelJob('b1', baleFacts))).toBeNull();
});

test('a bale whose label cannot be drawn is told so, and nothing is thrown', async () => {
  const { printers } = printersFor([1]);
  const tooLong = { ...baleFacts, qrContent: `https://${'a'.repeat(200)}.example/b/1` };
  expect(printers.submit('imprimante-1', await labelJob('b1', tooLong))).toMatchObject({ kind: 'not-drawn' });
});
