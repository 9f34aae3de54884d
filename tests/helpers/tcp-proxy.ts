/** A cable between two programs that a test can turn into a hole: bytes go in, none come out, nobody is told. */
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Where new connections lead from now on. */
  readonly leadTo: (port: number) => void;
  /** Swallows everything, on old and new connections; `false`: passes bytes on again. */
  readonly swallow: (on: boolean) => void;
  /** Bytes that were swallowed so far. */
  readonly swallowedBytes: () => number;
}

/** Listens on a free loopback port. */
export async function startTcpProxy(): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let target: number | null = null;
  let swallows = false;
  let swallowedBytes = 0;

  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (swallows) swallowedBytes += bytes.length;
      else to.write(bytes);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      // The end of a connection is a message, too: a hole does not pass it on.
      if (!swallows) to.destroy();
    });
  };
  const server = createServer((near) => {
    if (target === null) {
      near.destroy();
      return;
    }
    const far = createConnection(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => {
      target = port;
    },
    swallow: (on) => {
      swallows = on;
    },
    swallowedBytes: () => swallowedBytes,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
