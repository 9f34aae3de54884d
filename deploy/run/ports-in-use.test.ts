import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { portsInUse } from './ports-in-use.ts';

test('a port that another program listens on is told with its use and the variable that moves it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const named = { port, use: 'dashboard', variable: 'TRAME_HTTP_PORT' };
  expect(await portsInUse([named])).toEqual([
    `Port ${port} (dashboard) is in use: stop the other program or set TRAME_HTTP_PORT`,
  ]);
  other.close();
  await once(other, 'close');
  expect(await portsInUse([named])).toEqual([]);
});

test('a program that listens on every address counts too', async () => {
  const other = createServer().listen(0, '0.0.0.0');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect(await portsInUse([{ port, use: 'broker', variable: 'TRAME_MQTT_PORT' }])).toHaveLength(1);
  other.close();
});
