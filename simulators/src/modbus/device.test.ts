import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { baleScaleMap, type BaleScaleReading } from './bale-scale-map.ts';
import { crc16 } from './crc16.ts';
import { ModbusDevice } from './device.ts';
import { energyMeterMap } from './energy-meter-map.ts';
import { infeedScaleMap, type InfeedScaleReading } from './infeed-scale-map.ts';
import { soundLink, type LinkBehaviour } from './link-behaviour.ts';
import { pressMap } from './press-map.ts';

const run = promisify(execFile);
const open: { close: () => Promise<void> | void }[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource.close();
});

const infeed: InfeedScaleReading = {
  grossG: 112_350,
  tareG: 62_000,
  totalG: 987_654_321_012,
  weighings: 70_001,
  stable: true,
  overload: false,
  belowMin: false,
};
const bale: BaleScaleReading = {
  tareG: 0,
  grossG: 28_400,
  stable: true,
  overload: false,
  belowMin: false,
  alibi: 70_123,
  lastAlibiG: 28_400,
  totalG: 12_345_678,
};
const monotonicMs = (): number => performance.now();

async function infeedScale(press: () => boolean = () => true): Promise<ModbusDevice<InfeedScaleReading>> {
  const writable = [{ table: 'coil' as const, address: 1, words: 1, apply: press }];
  const ports = [{ framing: 'tcp' as const, port: 0 }];
  const device = new ModbusDevice(infeedScaleMap, writable, ports, infeed, monotonicMs);
  open.push(device);
  await device.listen();
  return device;
}

async function baleScale(): Promise<ModbusDevice<BaleScaleReading>> {
  const ports = [
    { framing: 'tcp' as const, port: 0 },
    { framing: 'rtu' as const, port: 0 },
  ];
  const device = new ModbusDevice(baleScaleMap, [], ports, bale, monotonicMs);
  open.push(device);
  await device.listen();
  return device;
}

/** An independent master. Gives its values in order; throws what it printed when it failed. */
async function mbpoll(port: number, ...options: string[]): Promise<string[]> {
  const fixed = ['-m', 'tcp', '-p', String(port), '-0', '-1', '-q', '-o', '1'];
  const { stdout } = await run('mbpoll', [...fixed, ...options, '127.0.0.1'], { timeout: 10_000 });
  return [...stdout.matchAll(/^\[\d+\]:\s+(\S+)/gmu)].map((match) => match[1] ?? '');
}

interface Raw {
  readonly socket: Socket;
  readonly send: (bytes: readonly number[]) => void;
  /** What came within `ms`. */
  readonly heard: (ms: number) => Promise<number[]>;
  readonly ended: Promise<string>;
}

async function raw(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1');
  open.push({ close: () => void socket.destroy() });
  const bytes: number[] = [];
  socket.on('data', (chunk) => bytes.push(...chunk));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.on('close', () => resolve('closed'));
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    ended,
    send: (data) => void socket.write(Uint8Array.from(data)),
    heard: (ms) => new Promise((resolve) => setTimeout(() => resolve(bytes.splice(0)), ms)),
  };
}

function rtu(...body: number[]): number[] {
  const crc = crc16(Uint8Array.from(body));
  return [...body, crc & 0xff, crc >>> 8];
}

const readGross = [0, 7, 0, 0, 0, 6, 1, 3, 0, 100, 0, 2];

describe('devices read by mbpoll', () => {
  it('gives the reception scale: floats low register first, bits, a 64-bit total', async () => {
    const [port = 0] = (await infeedScale()).ports;
    expect(await mbpoll(port, '-a', '1', '-r', '100', '-c', '3', '-t', '4:float')).toEqual([
      '112.35',
      '50.35',
      '62',
    ]);
    expect(await mbpoll(port, '-a', '1', '-r', '3', '-c', '3', '-t', '1')).toEqual(['1', '0', '0']);
    const words = await mbpoll(port, '-a', '1', '-r', '110', '-c', '4', '-t', '4:hex');
    const total = words.toReversed().reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);
    expect(total).toBe(987_654_321_012n);
  });

  it('gives the bale scale: hundredths of a kilogram, big end first, a status word', async () => {
    const [port = 0] = (await baleScale()).ports;
    expect(await mbpoll(port, '-a', '1', '-B', '-r', '1', '-c', '2', '-t', '4:int')).toEqual([
      '2840',
      '2840',
    ]);
    expect(await mbpoll(port, '-a', '1', '-B', '-r', '8', '-c', '1', '-t', '4:int')).toEqual(['70123']);
    expect(await mbpoll(port, '-a', '1', '-r', '0', '-c', '1', '-t', '4:hex')).toEqual(['0x0001']);
  });

  it('gives the press: bytes swapped in each register', async () => {
    const reading = {
      state: 3,
      cycle: 2,
      pressureDeciBar: 1_234,
      bales: 66_000,
      strokes: 9,
      outletIndex: 4,
      blocked: true,
      oilDeciC: 415,
    };
    const device = new ModbusDevice(pressMap, [], [{ framing: 'tcp', port: 0 }], reading, monotonicMs);
    open.push(device);
    await device.listen();
    const words = await mbpoll(device.ports[0] ?? 0, '-a', '3', '-r', '0', '-c', '6', '-t', '4:hex');
    // 3, 2, 1234 = 0x04D2, 415 = 0x019F, 66000 = 0x000101D0
    expect(words).toEqual(['0x0300', '0x0200', '0xD204', '0x9F01', '0x0100', '0xD001']);
    expect(await mbpoll(device.ports[0] ?? 0, '-a', '3', '-r', '0', '-c', '2', '-t', '1')).toEqual([
      '1',
      '1',
    ]);
  });

  it('gives the energy meter: input registers, the total lowest byte first', async () => {
    const reading = { volts: 231.5, amperes: 12.25, powerW: 5_750, totalWh: 12_345_678 };
    const device = new ModbusDevice(energyMeterMap, [], [{ framing: 'tcp', port: 0 }], reading, monotonicMs);
    open.push(device);
    await device.listen();
    const [port = 0] = device.ports;
    expect(await mbpoll(port, '-a', '7', '-B', '-r', '0', '-c', '1', '-t', '3:float')).toEqual(['231.5']);
    expect(await mbpoll(port, '-a', '7', '-B', '-r', '30', '-c', '1', '-t', '3:float')).toEqual(['5.75']);
    const words = await mbpoll(port, '-a', '7', '-r', '50', '-c', '4', '-t', '3:hex');
    const bytes = Uint8Array.from(words.flatMap((word) => [Number(word) >> 8, Number(word) & 0xff]));
    expect(new DataView(bytes.buffer).getFloat64(0, true)).toBeCloseTo(12_345.678, 6);
  });

  it('refuses a hole in the map and another unit', async () => {
    const [port = 0] = (await infeedScale()).ports;
    await expect(mbpoll(port, '-a', '1', '-r', '106', '-c', '1')).rejects.toThrow(/Illegal data address/u);
    await expect(mbpoll(port, '-a', '2', '-r', '100', '-c', '2')).rejects.toThrow(/Target device failed/u);
  });

  it('lets the tare key be pressed', async () => {
    let pressed = 0;
    const device = await infeedScale(() => {
      pressed += 1;
      return true;
    });
    const port = String(device.ports[0]);
    await run('mbpoll', ['-m', 'tcp', '-p', port, '-0', '-a', '1', '-r', '1', '-t', '0', '127.0.0.1', '1']);
    expect(pressed).toBe(1);
  });
});

describe('RTU over TCP', () => {
  it('answers a frame with a frame, both closed by their CRC', async () => {
    const link = await raw((await baleScale()).ports[1] ?? 0);
    link.send(rtu(1, 3, 0, 8, 0, 2));
    // 70123 = 0x000111EB
    expect(await link.heard(100)).toEqual(rtu(1, 3, 4, 0x00, 0x01, 0x11, 0xeb));
  });

  it('keeps the CRC of the published example', () => {
    // «MODBUS over Serial Line» 1.02 appendix B: 02 07 → CRC 0x1241, sent 41 12
    expect(crc16(Uint8Array.of(0x02, 0x07))).toBe(0x1241);
  });

  it('keeps silent on a wrong CRC, another unit and a broadcast, and answers the next good frame', async () => {
    const link = await raw((await baleScale()).ports[1] ?? 0);
    link.send([...rtu(1, 3, 0, 8, 0, 2).slice(0, 7), 0x00]);
    link.send(rtu(9, 3, 0, 8, 0, 2));
    link.send(rtu(0, 3, 0, 8, 0, 2));
    expect(await link.heard(100)).toEqual([]);
    link.send(rtu(1, 3, 0, 0, 0, 1));
    expect(await link.heard(100)).toEqual(rtu(1, 3, 2, 0, 1));
  });

  it('puts together a frame that comes in pieces, and forgets half of one after a silence', async () => {
    const link = await raw((await baleScale()).ports[1] ?? 0);
    const frame = rtu(1, 3, 0, 0, 0, 1);
    link.send(frame.slice(0, 3));
    await link.heard(30);
    link.send(frame.slice(3));
    expect(await link.heard(100)).toEqual(rtu(1, 3, 2, 0, 1));
    link.send(frame.slice(0, 5));
    await link.heard(600);
    link.send(frame);
    expect(await link.heard(100)).toEqual(rtu(1, 3, 2, 0, 1));
  });
});

describe('Modbus TCP', () => {
  it('answers several requests that arrive at once, each under its own transaction', async () => {
    const link = await raw((await infeedScale()).ports[0] ?? 0);
    link.send([...readGross, 0, 8, 0, 0, 0, 6, 1, 2, 0, 3, 0, 1]);
    const heard = await link.heard(100);
    expect(heard.slice(0, 9)).toEqual([0, 7, 0, 0, 0, 7, 1, 3, 4]);
    expect(heard.slice(13)).toEqual([0, 8, 0, 0, 0, 4, 1, 2, 1, 1]);
  });

  it('hangs up on another protocol', async () => {
    const link = await raw((await infeedScale()).ports[0] ?? 0);
    link.send([...Buffer.from('GET / HTTP/1.1\r\n\r\n')]);
    expect(await link.ended).toBe('closed');
  });
});

/** A raw connection to a reception scale whose link behaves like this. */
async function faulty(behaviour: Partial<LinkBehaviour>): Promise<Raw> {
  const device = await infeedScale();
  await device.behave({ ...soundLink, ...behaviour }, null);
  return raw(device.ports[0] ?? 0);
}

describe('faults on a link', () => {
  it('mute: the connection is accepted and nothing is answered', async () => {
    const link = await faulty({ mute: true });
    link.send(readGross);
    expect(await link.heard(150)).toEqual([]);
  });

  it('slow: the answer comes, later', async () => {
    const link = await faulty({ delayMs: 200 });
    link.send(readGross);
    expect(await link.heard(120)).toEqual([]);
    expect(await link.heard(200)).toHaveLength(13);
  });

  it('exception: whatever is asked', async () => {
    const link = await faulty({ exception: 6 });
    link.send(readGross);
    expect(await link.heard(80)).toEqual([0, 7, 0, 0, 0, 3, 1, 0x83, 6]);
  });

  it('truncate, garbage, wrong unit: the answer is damaged in just that way', async () => {
    const sound = [0, 7, 0, 0, 0, 7, 1, 3, 4];
    const truncated = await faulty({ damage: 'truncate' });
    truncated.send(readGross);
    expect(await truncated.heard(80)).toEqual(sound.slice(0, 6));
    const garbage = await faulty({ damage: 'garbage' });
    garbage.send(readGross);
    const noise = await garbage.heard(80);
    expect(noise).toHaveLength(13);
    expect(noise.slice(0, 9)).not.toEqual(sound);
    const wrongUnit = await faulty({ damage: 'wrongUnit' });
    wrongUnit.send(readGross);
    expect((await wrongUnit.heard(80)).slice(0, 9)).toEqual([0, 7, 0, 0, 0, 7, 2, 3, 4]);
  });

  it('NaN: one float field is no number, the others stay', async () => {
    const device = await infeedScale();
    await device.behave(soundLink, { field: 'gross', value: Number.NaN });
    const values = await mbpoll(device.ports[0] ?? 0, '-a', '1', '-r', '100', '-c', '2', '-t', '4:float');
    expect(values).toEqual(['nan', '50.35']);
  });

  it('refuse: living connections are reset, new ones refused; mended, the same port answers again', async () => {
    const device = await infeedScale();
    const [port = 0] = device.ports;
    const link = await raw(port);
    await device.behave({ ...soundLink, refuse: true }, null);
    expect(await link.ended).toBe('ECONNRESET');
    await expect(mbpoll(port, '-a', '1', '-r', '100', '-c', '2')).rejects.toThrow(/refused/u);
    await device.behave(soundLink, null);
    expect(device.ports).toEqual([port]);
    expect(await mbpoll(port, '-a', '1', '-r', '3', '-c', '1', '-t', '1')).toEqual(['1']);
  });
});
