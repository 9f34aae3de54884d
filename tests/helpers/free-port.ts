import { createServer } from 'node:net';

/** Below the range from which the kernel takes ports for outgoing connections, so that none of those is in the way. */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const TRIES = 200;

/** A loopback port that nothing listened on a moment ago. */
export function freePort(): Promise<number> {
  return freePortBlock(1);
}

/** The first of `count` consecutive loopback ports that nothing listened on a moment ago. */
export async function freePortBlock(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - count));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} consecutive free ports after ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
