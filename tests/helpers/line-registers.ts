/** What the simulated PLC holds, read on its Modbus port beside whoever commands it: a witness that Trame has no hand in. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** As in simulators/README.md, from the one that material meets first. */
export const STATIONS_DOWNSTREAM = [
  'hopper',
  'opening',
  'infeedBelt',
  'post1',
  'post2',
  'nir',
  'sortingBelt',
  'sorter',
] as const;
type SequencedStation = (typeof STATIONS_DOWNSTREAM)[number];

export interface LineRegisters {
  /** PackML, 1 to 17. */
  readonly state: number;
  readonly mode: number;
  /** Counts twice a second. */
  readonly life: number;
  readonly trameLife: number;
  readonly setpointMmPerS: number;
  readonly horn: boolean;
  readonly trameLifeLost: boolean;
  /** 0 off, 1 stopped, 2 starting, 3 running, 4 starved, 5 blocked, 6 jammed, 7 fault. */
  readonly stations: Readonly<Record<SequencedStation, number>>;
}

const UNIT = 1;
/** Register of the first station; the line's own state stands before it. */
const FIRST_STATION = 21;
const HEADER_BYTES = 9;

/** @param port of the simulated line on Modbus. */
export async function readLineRegisters(port: number): Promise<LineRegisters> {
  const words = await readModbus(port, 3, 0, 11);
  const states = await readModbus(port, 3, FIRST_STATION, STATIONS_DOWNSTREAM.length);
  const bits = await readModbus(port, 2, 0, 10);
  const word = (at: number): number => words.readUInt16BE(at * 2);
  const bit = (at: number): boolean => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  const stations = STATIONS_DOWNSTREAM.map(
    (station, index) => [station, states.readUInt16BE(index * 2)] as const,
  );
  return {
    state: word(1),
    mode: word(2),
    life: words.readUInt32BE(8),
    trameLife: words.readUInt32BE(12),
    setpointMmPerS: word(8),
    horn: bit(4),
    trameLifeLost: bit(7),
    stations: Object.fromEntries(stations) as Record<SequencedStation, number>,
  };
}

/** @returns what stands from an address on: words of function 3, bits of function 2. */
export async function readModbus(
  port: number,
  functionCode: number,
  from: number,
  count: number,
): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from([0, 1, 0, 0, 0, 6, UNIT, functionCode, 0, from, 0, count]));
    let answer = Buffer.alloc(0);
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer]);
      const bytes = answer[HEADER_BYTES - 1] ?? 0;
      if (answer.length >= HEADER_BYTES && answer.length >= HEADER_BYTES + bytes) break;
    }
    if (answer[7] !== functionCode) throw new Error(`the device answers ${answer.toString('hex')}`);
    return answer.subarray(HEADER_BYTES);
  } finally {
    socket.destroy();
  }
}

export interface WatchedRegisters {
  /** For how long so far something was so, ms, and how often that changed. */
  readonly times: (isSo: (registers: LineRegisters) => boolean) => {
    readonly forMs: number;
    readonly changes: number;
  };
  readonly end: () => Promise<void>;
}

const LOOK_EVERY_MS = 50;

/** Looks many times a second until it is ended; what cannot be read is as it was. */
export function watchRegisters(read: () => Promise<LineRegisters>): WatchedRegisters {
  const sights: { readonly atMs: number; readonly seen: LineRegisters }[] = [];
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      sights.push({ seen: await read(), atMs: performance.now() });
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    times: (isSo) => {
      let [forMs, changes] = [0, 0];
      for (const [n, { atMs, seen }] of sights.entries()) {
        const before = sights[n - 1];
        if (before === undefined) continue;
        if (isSo(before.seen)) forMs += atMs - before.atMs;
        if (isSo(before.seen) !== isSo(seen)) changes += 1;
      }
      return { forMs, changes };
    },
    end: async () => {
      over.abort();
      await looking;
    },
  };
}
