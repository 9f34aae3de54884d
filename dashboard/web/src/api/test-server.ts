/** Loopback servers of this folder's tests. */
import { createServer, type Server } from 'node:http';

/** @returns the origin, e.g. `http://127.0.0.1:40123`. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** @returns a port on which nobody listens just now. */
export async function getFreePort(): Promise<number> {
  const server = createServer();
  const origin = await listen(server);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return Number(new URL(origin).port);
}
