/** The MQTT broker of a single PC, inside this process. Two PCs or more use Mosquitto. */
import { Aedes } from 'aedes';
import { timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { StartError } from '../start-error.ts';
import { NEW_FRAMING, nextFraming, PACKET_BYTES_MAX } from './packet-bound.ts';

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Empty: whoever reaches this address may connect, so the address must be this machine's own. */
  readonly accounts: readonly { readonly username: string; readonly password: string }[];
  readonly drainTimeoutMs?: number;
  /** A connection could not be taken; the others go on. */
  readonly onFault?: (error: Error) => void;
  /** A packet past {@link PACKET_BYTES_MAX} was announced; its client has been cut off. */
  readonly onExcess?: (bytes: number, address: string) => void;
}

export interface EmbeddedBroker {
  readonly port: number;
  close(): Promise<void>;
}

/** A subscriber that reads nothing for so long is cut off: it would hold up everybody else's messages. */
const DRAIN_TIMEOUT_MS = 15_000;
const CONNECTIONS_MAX = 256;

/** @throws StartError when the port cannot be had. */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker({
    drainTimeout: options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS,
    connectTimeout: 10_000,
    maxClientsIdLength: 128,
    authenticate: (_client, username, password, done) => {
      if (options.accounts.length === 0 || isKnown(options.accounts, username, password)) done(null, true);
      else done(null, false);
    },
  });
  const server = createServer((socket) => {
    broker.handle(socket);
    bound(socket, options.onExcess);
  });
  server.maxConnections = CONNECTIONS_MAX;
  try {
    await listen(server, options);
  } catch (error) {
    await closed(broker);
    throw new StartError(listenProblem(error, options), { cause: error });
  }
  server.on('error', (error) => options.onFault?.(error));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      await closed(broker);
      await stopped;
    },
  };
}

/** The broker collects a packet whole before it looks at it: this looks at the length as it passes. */
function bound(socket: Socket, onExcess: EmbeddedBrokerOptions['onExcess']): void {
  let framing = NEW_FRAMING;
  // Beside the broker's «readable», this hears each chunk as the broker reads it and pulls nothing itself.
  socket.on('data', (chunk: Buffer) => {
    const next = nextFraming(framing, chunk, PACKET_BYTES_MAX);
    framing = next.framing;
    if (next.excess === null || socket.destroyed) return;
    onExcess?.(next.excess, socket.remoteAddress ?? '');
    socket.destroy();
  });
}

function listen(server: Server, { host, port }: EmbeddedBrokerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(broker: Aedes): Promise<void> {
  return new Promise((resolve) => broker.close(() => resolve()));
}

function listenProblem(error: unknown, { host, port }: EmbeddedBrokerOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return `Port ${port} (MQTT) is in use: stop the other program or set TRAME_MQTT_PORT`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The embedded broker cannot listen on ${host}:${port}: ${reason}`;
}

function isKnown(
  accounts: EmbeddedBrokerOptions['accounts'],
  username: string | undefined,
  password: Buffer | undefined,
): boolean {
  return accounts.some(
    (account) =>
      account.username === username && sameSecret(Buffer.from(account.password), password ?? Buffer.alloc(0)),
  );
}

function sameSecret(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}
