import { mbapFraming, rtuFraming } from './frame.ts';
import type { LinkBehaviour } from './link-behaviour.ts';
import {
  assertNoOverlap,
  encodeImage,
  type ForcedValue,
  type RegisterImage,
  type RegisterMap,
  type WritableField,
} from './register-map.ts';
import { ModbusSlave } from './slave.ts';

export interface ModbusPort {
  readonly framing: 'tcp' | 'rtu';
  readonly port: number;
}

/** A Modbus device: one register map, served on one or more ports. */
export class ModbusDevice<Reading> {
  #map: RegisterMap<Reading>;
  #image: RegisterImage;
  #slaves: readonly ModbusSlave[];
  #reading: Reading;
  #forced: ForcedValue | null = null;

  constructor(
    map: RegisterMap<Reading>,
    writable: readonly WritableField[],
    ports: readonly ModbusPort[],
    reading: Reading,
    monotonicMs: () => number,
  ) {
    assertNoOverlap(map);
    this.#map = map;
    this.#reading = reading;
    this.#image = encodeImage(map, reading, null);
    const source = { unit: map.unit, image: () => this.#image, writable };
    this.#slaves = ports.map(
      ({ framing, port }) =>
        new ModbusSlave(source, framing === 'tcp' ? mbapFraming : rtuFraming, port, monotonicMs),
    );
  }

  /** The ports it listens on, in the order they were asked for. */
  get ports(): readonly number[] {
    return this.#slaves.map((slave) => slave.port);
  }

  async listen(): Promise<void> {
    for (const slave of this.#slaves) await slave.listen();
  }

  /** Shows a new reading. Masters see it from their next request on. */
  show(reading: Reading): void {
    this.#reading = reading;
    this.#image = encodeImage(this.#map, reading, this.#forced);
  }

  /** Puts faults on the link and, if asked, a false value on one field. */
  async behave(behaviour: LinkBehaviour, forced: ForcedValue | null): Promise<void> {
    this.#forced = forced;
    this.show(this.#reading);
    for (const slave of this.#slaves) await slave.behave(behaviour);
  }

  async close(): Promise<void> {
    await Promise.all(this.#slaves.map((slave) => slave.close()));
  }
}
