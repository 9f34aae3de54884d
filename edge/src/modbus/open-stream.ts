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
  const failed = (what: string): OpenedStream => ({ kind: 'failed', reason: `${name} ${what}` });
  const { promise, resolve } = Promise.withResolvers<OpenedStream>();
  const giveUp = () => resolve(failed('is no longer wanted'));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const done = new AbortController();
  const deadline = clock.sleep(CONNECT_TIMEOUT_MS, done.signal).then(
    () => resolve(failed(`did not accept a connection within ${CONNECT_TIMEOUT_MS} ms`)),
    () => undefined,
  );
  const opening = await startOpening(link).catch(toError);
  if (opening instanceof Error) {
    resolve(failed(reasonOf(opening)));
  } else {
    const { stream, opened } = opening;
    opened.then(
      () => resolve({ kind: 'open', stream }),
      (error: unknown) => resolve(failed(reasonOf(toError(error)))),
    );
  }
  const result = await promise;
  done.abort();
  await deadline;
  signal.removeEventListener('abort', giveUp);
  if (result.kind === 'failed' && !(opening instanceof Error)) opening.stream.close();
  return result;
}

interface Opening {
  readonly stream: LinkStream;
  /** Rejects with the system's reason. */
  readonly opened: Promise<void>;
}

async function startOpening(link: ModbusLink): Promise<Opening> {
  return link.kind === 'serial' ? await startSerial(link) : startTcp(link);
}

function startTcp({ host, port }: Exclude<ModbusLink, { kind: 'serial' }>): Opening {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  const socket = connect({ host, port, noDelay: true, ...keepAlive });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', () => resolve());
  // Stays for the socket's life: an error after opening is followed by close, which its owner watches.
  socket.on('error', reject);
  return { stream: { duplex: socket, close: () => socket.destroy() }, opened: promise };
}

async function startSerial(link: Extract<ModbusLink, { kind: 'serial' }>): Promise<Opening> {
  // Native code, needed only where there is a serial line.
  const { SerialPort } = await import('serialport');
  const { path, baud, parity, dataBits, stopBits } = link;
  const port = new SerialPort({ path, baudRate: baud, parity, dataBits, stopBits, autoOpen: false });
  // Its destroy() says closed without closing, and close() refuses while it is being opened: a port that is
  // given up meanwhile is closed as soon as it is open.
  let isWanted = true;
  const close = () => {
    isWanted = false;
    if (port.isOpen) port.close(() => undefined);
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  port.on('error', reject);
  port.open((error) => {
    if (error === null) resolve();
    else reject(error);
    if (!isWanted) close();
  });
  return { stream: { duplex: port, close }, opened: promise };
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

/** @returns in words why a link could not be opened, to follow its name. */
function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? serialReason(error.message) ?? `cannot be opened: ${error.message}`;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The serial bindings tell the system's reason in words only. */
function serialReason(message: string): string | null {
  if (/no such file/iu.test(message)) return 'is not there';
  if (/permission denied/iu.test(message)) return 'may not be opened by this user';
  if (/cannot lock port|resource temporarily unavailable/iu.test(message))
    return 'is used by another program';
  return null;
}
