import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GOOD } from '@trame/protocol/quality';
import { BYTE_ORDERS, type TagType, type TagValue } from '@trame/protocol/tag';
import type { ModbusLink, ModbusTag } from '../domain/line-config.ts';
import type { Reading } from '../domain/reading.ts';
import { wordsOf } from '../domain/modbus-width.ts';
import { device, rtuTcp, serial, tag, tcp } from './testing/device-config.ts';
import { run } from './testing/run-drivers.ts';
import { kill, serialLine, startPymodbus, type SlaveUnit, type SlaveValue } from './testing/pymodbus.ts';
import { freePort } from '../ports/test-free-port.ts';

const VALUES: Readonly<Record<Exclude<TagType, 'bool'>, readonly TagValue[]>> = {
  int16: [-32_768, 32_767, -2, 258],
  uint16: [0, 65_535, 258],
  int32: [-2_147_483_648, 2_147_483_647, 0x01020304],
  uint32: [4_294_967_295, 0x01020304],
  int64: [-(2n ** 63n), 2n ** 63n - 1n, 0x0102030405060708n],
  uint64: [2n ** 64n - 1n, 0x0102030405060708n],
  float32: [1.5, -1234.5625, 2 ** -126],
  float64: [Math.PI, -1e300, 5e-324],
  string: ['Balance n° 7', 'é', 'ABCDE'],
};

interface Line {
  readonly tags: readonly ModbusTag[];
  readonly unit: SlaveUnit;
  readonly expected: ReadonlyMap<string, TagValue>;
}

/** Every type, every byte order, its difficult values, one after the other with holes between. */
function everything(): Line {
  const tags: ModbusTag[] = [];
  const holding: SlaveValue[] = [];
  const expected = new Map<string, TagValue>();
  let address = 0;
  for (const order of BYTE_ORDERS) {
    for (const [type, values] of Object.entries(VALUES) as [TagType, readonly TagValue[]][]) {
      values.forEach((value, index) => {
        const name = `${type} ${order} ${index}`;
        const lengthBytes = typeof value === 'string' ? Buffer.byteLength(value) : null;
        const read = tag(name, address, { type, byteOrder: order, lengthBytes });
        tags.push(read);
        holding.push({ address, type, order, value: String(value) });
        expected.set(name, value);
        // A hole now and then: reading over it is an illegal address.
        address += wordsOf(read) + (index === 0 ? 3 : 0);
      });
    }
  }
  const bits = { 0: true, 1: false, 9: true, 10: true };
  for (const register of ['coil', 'discrete'] as const) {
    for (const [bit, value] of Object.entries(bits)) {
      tags.push(tag(`${register} ${bit}`, Number(bit), { register, type: 'bool' }));
      expected.set(`${register} ${bit}`, value);
    }
  }
  const input = [{ address: 500, type: 'uint16', order: 'ABCD', value: String(0b1000_0000_0000_0101) }];
  for (const [bit, value] of [
    [0, true],
    [1, false],
    [2, true],
    [15, true],
  ] as const) {
    tags.push(tag(`input bit ${bit}`, 500, { register: 'input', type: 'bool', bit }));
    expected.set(`input bit ${bit}`, value);
  }
  return { tags, unit: { holding, input, coil: bits, discrete: bits }, expected };
}

/** @returns the last reading of every tag of the line. */
async function readEverything(link: ModbusLink, line: Line): Promise<readonly (Reading | undefined)[]> {
  const { sink } = run(device(link, line.tags, { unit: 7, everyMs: 200, timeoutMs: 1000 }));
  const names = [...line.expected.keys()];
  await sink.until(() => names.every((name) => sink.of(name).length > 0), 15_000);
  return names.map((name) => sink.of(name).at(-1));
}

function written(line: Line): Reading[] {
  return [...line.expected].map(([tag, value]) => ({ tag, value, quality: GOOD, sourceTimeMs: null }));
}

describe('an independent Modbus slave', () => {
  it('is read over TCP: every type in every byte order', async () => {
    const line = everything();
    const port = await freePort();
    startPymodbus('tcp', String(port), { 7: line.unit });
    expect(await readEverything(tcp(port), line)).toStrictEqual(written(line));
  }, 30_000);

  it('is read over RTU in TCP: every type in every byte order', async () => {
    const line = everything();
    const port = await freePort();
    startPymodbus('rtu-tcp', String(port), { 7: line.unit });
    expect(await readEverything(rtuTcp(port), line)).toStrictEqual(written(line));
  }, 30_000);

  it('is read over a serial line: every type in every byte order', async () => {
    const line = everything();
    const [master, slave] = await serialLine();
    startPymodbus('serial', slave, { 7: line.unit });
    expect(await readEverything(serial(master), line)).toStrictEqual(written(line));
  }, 30_000);

  it('shares its serial line with a dead one that does not hold it up', async () => {
    const [master, slave] = await serialLine();
    const holding = [{ address: 4, type: 'uint16', order: 'ABCD', value: '44' }];
    startPymodbus('serial', slave, { 1: { holding } });
    const here = device(serial(master), [tag('here', 4)], {
      id: 'here',
      unit: 1,
      everyMs: 100,
      timeoutMs: 300,
    });
    const dead = device(serial(master), [tag('dead', 4)], {
      id: 'dead',
      unit: 2,
      everyMs: 100,
      timeoutMs: 300,
    });
    const { sink } = run(here, dead);
    await sink.until(() => sink.of('here').length >= 30, 15_000);
    expect(sink.of('here').every(({ value }) => value === 44)).toBe(true);
    expect(sink.states('here').at(-1)).toBe('online');
    expect(sink.states('dead')).toStrictEqual([
      expect.stringMatching(/unit 2 did not answer within 300 ms$/u),
    ]);
  }, 30_000);

  it('flows again within 10 s of a restart', async () => {
    const port = await freePort();
    const unit = { holding: [{ address: 4, type: 'float32', order: 'CDAB', value: '12.5' }] };
    const first = startPymodbus('tcp', String(port), { 1: unit });
    const { sink } = run(
      device(tcp(port), [tag('mass', 4, { type: 'float32', byteOrder: 'CDAB' })], { everyMs: 100 }),
    );
    await sink.until(() => sink.of('mass').length > 3, 15_000);
    await kill(first);
    await sink.until(() => sink.states().at(-1) === `127.0.0.1:${port} refused the connection`, 3000);
    await delay(2000);
    const seen = sink.of('mass').length;
    startPymodbus('tcp', String(port), { 1: unit });
    await sink.until(() => sink.of('mass').length > seen, 10_000);
    expect(sink.of('mass').at(-1)).toMatchObject({ value: 12.5, quality: GOOD });
  }, 40_000);
});
