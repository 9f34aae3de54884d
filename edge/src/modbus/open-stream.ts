/** Opens the byte stream of a link: a TCP connection or a serial port. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ModbusLink } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { Clock } from '../ports/clock.ts';

/** Shorter than a system's own (minutes): a device that comes back is found within 10 s of it. */
const CONNECT_TIMEOUT_MS = 3000;
/** Finds a peer that vanished while nobody asks. */
const TCP_KEEP_ALIVE_MS = 10_000;

export interface LinkStream {
  readonly duplex: Duplex;
  /** Lets the system have the connection or port back. Harmless when it is closed already. */
  close(): void;
}

type OpenedStream =
  | { readonly kind: 'open'; readonly stream: LinkStream }
  /** `reason`: `10.0.0.11:502 refused the connection`. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Never rejects: what a network or a port can do wrong is a `failed`. Aborting gives `failed` too. */
export async function openStream(link: ModbusLink, clock: Clock, signal: AbortSignal): Promise<OpenedStream> {
  const name = linkName(link);
  if (signal.aborted) return { kind: 'failed', reason: `${name} is no longer wanted` };
  const done = new AbortController();
  const { promise, resolve } = Promise.withResolvers<OpenedStream>();
  const give = (opened: OpenedStream) => {
    resolve(opened);
    done.abort();
  };
  const stream = await createStream(link, (error) => {
    give(error === null ? { kind: 'open', stream } : { kind: 'failed', reason: openingFailure(name, error) });
  });
  const giveUp = () => give({ kind: 'failed', reason: `${name} is no longer wanted` });
  signal.addEventListener('abort', giveUp, { once: true });
  const deadline = clock.sleep(CONNECT_TIMEOUT_MS, done.signal).then(
    () =>
      give({ kind: 'failed', reason: `${name} did not accept a connection within ${CONNECT_TIMEOUT_MS} ms` }),
    () => undefined,
  );
  const opened = await promise;
  signal.removeEventListener('abort', giveUp);
  await deadline;
  if (opened.kind === 'failed') stream.close();
  return opened;
}

type OnOpen = (error: Error | null) => void;

async function createStream(link: ModbusLink, onOpen: OnOpen): Promise<LinkStream> {
  if (link.kind === 'serial') return await createSerial(link, onOpen);
  const socket = connect({
    host: link.host,
    port: link.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
  });
  socket.once('connect', () => onOpen(null));
  // Stays for the socket's life: an error after opening is followed by close, which its owner watches.
  socket.on('error', onOpen);
  return { duplex: socket, close: () => socket.destroy() };
}

async function createSerial(
  link: Extract<ModbusLink, { kind: 'serial' }>,
  onOpen: OnOpen,
): Promise<LinkStream> {
  // Native code: loaded only where there is a serial line.
  const { SerialPort } = await import('serialport');
  const { path, baud, parity, dataBits, stopBits } = link;
  const port = new SerialPort({ path, baudRate: baud, parity, dataBits, stopBits, autoOpen: false });
  // Its destroy() says closed without closing, and close() waits for nothing: a port that is still being
  // opened when it is given up is closed as soon as it is open.
  let isWanted = true;
  const close = () => {
    isWanted = false;
    if (port.isOpen) port.close(() => undefined);
  };
  port.on('error', onOpen);
  port.open((error) => {
    onOpen(error);
    if (!isWanted) close();
  });
  return { duplex: port, close };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no network',
  EHOSTDOWN: 'cannot be reached: the host is down',
  ETIMEDOUT: 'did not accept a connection in time',
  ENOTFOUND: 'is no known host name',
  EAI_AGAIN: 'cannot be looked up: the name server does not answer',
  ENOENT: 'is not there',
  EACCES: 'may not be opened by this user',
};

/** @returns in words why a link could not be opened or broke. */
function openingFailure(name: string, error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  const known = REASONS[code] ?? serialReason(error.message);
  return known === null ? `${name} cannot be opened: ${error.message}` : `${name} ${known}`;
}

/** The serial bindings tell the system's reason in words only. */
function serialReason(message: string): string | null {
  if (/no such file/iu.test(message)) return 'is not there';
  if (/permission denied/iu.test(message)) return 'may not be opened by this user';
  if (/cannot lock port|resource temporarily unavailable/iu.test(message))
    return 'is used by another program';
  return null;
}
