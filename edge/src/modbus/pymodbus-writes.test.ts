import { describe, expect, it } from 'vitest';
import { BYTE_ORDERS, type TagType, type TagValue } from '@trame/protocol/tag';
import { wordsOf } from '../domain/modbus-width.ts';
import type { ModbusTag } from '../domain/line-config.ts';
import { device, rtuTcp, serial, tag, tcp, writeOf } from './testing/device-config.ts';
import { run } from './testing/run-drivers.ts';
import {
  kill,
  readByPymodbus,
  serialLine,
  startPymodbus,
  type SlavePlace,
  type SlaveUnit,
  type SlaveValue,
} from './testing/pymodbus.ts';
import { freePort } from '../ports/test-free-port.ts';

/** What is written, and how Python writes it. */
const VALUES: Readonly<
  Record<Exclude<TagType, 'bool' | 'string'>, readonly (readonly [TagValue, string])[]>
> = {
  int16: [
    [-32_768, '-32768'],
    [258, '258'],
  ],
  uint16: [[65_535, '65535']],
  int32: [
    [-2_147_483_648, '-2147483648'],
    [0x01020304, '16909060'],
  ],
  uint32: [[4_294_967_295, '4294967295']],
  int64: [
    [-(2n ** 63n), '-9223372036854775808'],
    [0x0102030405060708n, '72623859790382856'],
  ],
  uint64: [[2n ** 64n - 1n, '18446744073709551615']],
  float32: [
    [-1234.5625, '-1234.5625'],
    [0.1, '0.10000000149011612'],
  ],
  float64: [[Math.PI, '3.141592653589793']],
};

interface Line {
  readonly tags: readonly ModbusTag[];
  readonly unit: SlaveUnit;
  readonly written: readonly { readonly name: string; readonly value: TagValue; readonly shown: string }[];
  readonly places: readonly SlavePlace[];
}

/** Every type in every byte order as a writable tag, and coils; the slave holds ones everywhere. */
function everything(): Line {
  const tags: ModbusTag[] = [];
  const holding: SlaveValue[] = [];
  const written: { name: string; value: TagValue; shown: string }[] = [];
  const places: SlavePlace[] = [];
  let address = 10;
  for (const order of BYTE_ORDERS) {
    for (const [type, values] of Object.entries(VALUES) as [TagType, (typeof VALUES)['int16']][]) {
      for (const [value, shown] of values) {
        const name = `${type} ${order} ${shown}`;
        const one = tag(name, address, { type, byteOrder: order, writable: true });
        tags.push(one);
        holding.push({ address, type, order, value: '1' });
        written.push({ name, value, shown });
        places.push({ register: 'holding', address, type, order });
        address += wordsOf(one);
      }
    }
  }
  for (const [coil, value] of [
    [3, true],
    [4, false],
  ] as const) {
    tags.push(tag(`coil ${coil}`, coil, { register: 'coil', type: 'bool', writable: true }));
    written.push({ name: `coil ${coil}`, value, shown: value ? 'True' : 'False' });
    places.push({ register: 'coil', address: coil, type: 'bool', order: 'ABCD' });
  }
  return { tags, unit: { holding, coil: { 3: false, 4: true } }, written, places };
}

describe('an independent Modbus slave', () => {
  it.each(['tcp', 'rtu-tcp'] as const)(
    'is written over %s: it holds every type in every byte order',
    async (mode) => {
      const line = everything();
      const port = await freePort();
      startPymodbus(mode, String(port), { 7: line.unit });
      const link = mode === 'tcp' ? tcp(port) : rtuTcp(port);
      const { sink, write, stop } = run(device(link, line.tags, { unit: 7, everyMs: 200, timeoutMs: 1000 }));
      await sink.until(() => sink.states().at(-1) === 'online', 15_000);
      for (const { name, value } of line.written) {
        const readBack = name.startsWith('float32') ? Math.fround(Number(value)) : value;
        expect([name, await write(name, value)]).toStrictEqual([name, { kind: 'confirmed', readBack }]);
      }
      await stop();
      expect(await readByPymodbus(mode, port, 7, line.places)).toStrictEqual(
        line.written.map(({ shown }) => shown),
      );
      expect(sink.incidents('write-failed')).toBe(0);
    },
    60_000,
  );

  it('is written over a serial line', async () => {
    const line = everything();
    const [master, slave] = await serialLine();
    startPymodbus('serial', slave, { 7: line.unit });
    const { sink, write } = run(
      device(serial(master), line.tags, { unit: 7, everyMs: 200, timeoutMs: 1000 }),
    );
    await sink.until(() => sink.states().at(-1) === 'online', 15_000);
    for (const { name, value } of line.written) {
      const readBack = name.startsWith('float32') ? Math.fround(Number(value)) : value;
      expect([name, await write(name, value)]).toStrictEqual([name, { kind: 'confirmed', readBack }]);
    }
  }, 60_000);

  it('refuses what it does not have in words, and is told as away when it is', async () => {
    const port = await freePort();
    const holding = [{ address: 4, type: 'uint16', order: 'ABCD', value: '1' }];
    const slave = startPymodbus('tcp', String(port), { 1: { holding } });
    const writes = [writeOf('here', 4), writeOf('nowhere', 40)];
    const { sink, write } = run(device(tcp(port), [tag('a', 4)], { writes }));
    expect(await write('here', 7)).toStrictEqual({
      kind: 'refused',
      reason: 'scale n’est pas connecté : rien n’a été écrit',
    });
    await sink.until(() => sink.states().at(-1) === 'online', 15_000);
    expect(await write('here', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(await write('nowhere', 7)).toStrictEqual({
      kind: 'refused',
      reason: 'scale refuse (adresse inconnue de l’appareil, exception Modbus 2)',
    });
    await kill(slave);
    await sink.until(() => sink.states().at(-1) !== 'online', 5000);
    expect(await write('here', 8)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/pas connecté/u),
    });
    expect(sink.incidents('write-failed')).toBe(3);
  }, 30_000);
});
