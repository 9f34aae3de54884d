import { createServer } from 'node:net';
import type { NamedPort } from './start-options.ts';

/**
 * One line for each port that another program holds (or that may not be opened), found by opening it on loopback and
 * closing it again.
 */
export async function portsInUse(ports: readonly NamedPort[]): Promise<string[]> {
  const outcomes = await Promise.all(
    ports.map(async (named) => ({ named, code: await tryPort(named.port) })),
  );
  return outcomes.flatMap(({ named, code }) => (code === null ? [] : [lineFor(named, code)]));
}

function lineFor({ port, use, variable }: NamedPort, code: string): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} (${use}) is in use: stop the other program or set ${variable}`;
  }
  if (code === 'EACCES')
    return `Port ${port} (${use}) needs more rights: set ${variable} to a port above 1023`;
  return `Port ${port} (${use}) cannot be opened (${code}): set ${variable}`;
}

/** Null when the port is free, else the system's error code. */
function tryPort(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(null)));
  });
}
