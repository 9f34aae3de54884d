/** Addresses of Modbus links: `tcp://host:502`, `rtu-tcp://host:502`, `serial:///dev/ttyUSB0?baud=9600`. */
import type { ModbusLink } from '../domain/line-config.ts';
import { closest } from './closest.ts';
import type { Reader } from './config-node.ts';

/** Registered for Modbus; also the default of RTU over TCP. */
const MODBUS_TCP_PORT = 502;
/** «MODBUS over Serial Line» 1.02 §2.5.1: 19 200 or 9 600 baud, even parity by default. */
const DEFAULT_BAUD = 9600;
const SERIAL_KEYS = ['baud', 'parity', 'dataBits', 'stopBits'] as const;
const MIN_BAUD = 300;
const MAX_BAUD = 4_000_000;
const EXPECTED =
  'expected tcp://host:502, rtu-tcp://host:502 or serial:///dev/ttyUSB0?baud=9600&parity=even&stopBits=1';

type LinkParse = ModbusLink | { readonly kind: 'wrong'; readonly message: string };

export const modbusLink: Reader<ModbusLink> = (node) => {
  const written = node.scalar;
  if (typeof written !== 'string') return node.fail(`${EXPECTED}, got ${node.shown}`);
  const link = parseModbusUrl(written);
  return link.kind === 'wrong' ? node.fail(link.message) : link;
};

/** @returns the link, or what is wrong with the text. */
function parseModbusUrl(written: string): LinkParse {
  if (!URL.canParse(written)) return wrong(`${EXPECTED}, got ${JSON.stringify(written)}`);
  const url = new URL(written);
  if (url.username !== '' || url.password !== '') return wrong('Modbus knows no user: leave it out');
  switch (url.protocol) {
    case 'tcp:':
    case 'rtu-tcp:':
      return networkLink(url, url.protocol === 'tcp:' ? 'tcp' : 'rtu-tcp');
    case 'serial:':
      return serialLink(url);
    default:
      return wrong(`${EXPECTED}, got ${JSON.stringify(written)}`);
  }
}

function networkLink(url: URL, kind: 'tcp' | 'rtu-tcp'): LinkParse {
  if (url.hostname === '') return wrong(`a host is missing: ${EXPECTED}`);
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '') {
    return wrong(`nothing may follow the port: ${EXPECTED}`);
  }
  const port = url.port === '' ? MODBUS_TCP_PORT : Number(url.port);
  if (port === 0) return wrong('port 0 is not a port: expected 1 to 65535');
  return { kind, host: url.hostname.replace(/^\[(.*)\]$/u, '$1'), port };
}

function serialLink(url: URL): LinkParse {
  if (url.hostname !== '' || url.pathname.length < 2) {
    return wrong('expected the path of a serial port after three slashes: serial:///dev/ttyUSB0?baud=9600');
  }
  for (const key of url.searchParams.keys()) {
    if (SERIAL_KEYS.some((known) => known === key)) continue;
    const guess = closest(key, SERIAL_KEYS);
    const hint = guess === null ? `expected one of ${SERIAL_KEYS.join(', ')}` : `did you mean ${guess}?`;
    return wrong(`unknown serial setting ${JSON.stringify(key)}, ${hint}`);
  }
  const setting = (key: (typeof SERIAL_KEYS)[number], absent: string) => url.searchParams.get(key) ?? absent;
  const baud = Number(setting('baud', String(DEFAULT_BAUD)));
  if (!Number.isInteger(baud) || baud < MIN_BAUD || baud > MAX_BAUD) {
    return wrong(`expected baud from ${MIN_BAUD} to ${MAX_BAUD}, got ${setting('baud', '')}`);
  }
  const parity = setting('parity', 'even');
  if (parity !== 'none' && parity !== 'even' && parity !== 'odd') {
    return wrong(`expected parity none, even or odd, got ${parity}`);
  }
  const dataBits = setting('dataBits', '8');
  // RTU needs all eight bits of each byte: seven are for the ASCII mode, which this driver does not speak.
  if (dataBits !== '8') return wrong(`expected dataBits 8, which Modbus RTU needs, got ${dataBits}`);
  const stopBits = setting('stopBits', '1');
  if (stopBits !== '1' && stopBits !== '2') return wrong(`expected stopBits 1 or 2, got ${stopBits}`);
  const path = decodeURIComponentOrNull(url.pathname);
  if (path === null) return wrong('the path holds a % that is no escape');
  return { kind: 'serial', path, baud, parity, dataBits: 8, stopBits: stopBits === '1' ? 1 : 2 };
}

function wrong(message: string): LinkParse {
  return { kind: 'wrong', message };
}

function decodeURIComponentOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
