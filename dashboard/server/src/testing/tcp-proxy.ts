/** A cable that can be cut: passes bytes between a client and a server until told otherwise. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Pulls the cable out: both ends see a dead connection at once. */
  cut(): void;
  /** Swallows everything from now on, for present connections: neither end is told. New ones pass. */
  freeze(): void;
  /** As {@link freeze}, and new connections are taken and swallowed too. */
  silence(): void;
  /** New connections pass again; those that were swallowed stay dead. */
  restore(): void;
}

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const swallowed = new Set<Socket>();
  let isSilent = false;
  const server = createServer((near) => {
    if (isSilent) {
      swallowed.add(near);
      near.on('error', () => near.destroy()).on('close', () => swallowed.delete(near));
      near.resume();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  const freeze = () => {
    for (const [near, far] of pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.resume();
      far.resume();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    freeze,
    silence: () => {
      isSilent = true;
      freeze();
    },
    restore: () => {
      isSilent = false;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      for (const near of swallowed) near.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
