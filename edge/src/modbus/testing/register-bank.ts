/** A scripted device that keeps what it is given: registers and coils that a test looks at and changes. */
import type { Script } from './scripted-server.ts';

export interface RegisterBank {
  readonly registers: Map<number, number>;
  readonly coils: Map<number, boolean>;
  /** Answers every request as a device that works. */
  readonly script: Script;
}

export function registerBank(): RegisterBank {
  const registers = new Map<number, number>();
  const coils = new Map<number, boolean>();
  const script: Script = (request) => {
    const { code, address, count, data, answer, echo } = request;
    switch (code) {
      case 1:
        answer(Buffer.from([coils.get(address) === true ? 1 : 0]));
        return;
      case 3:
        request.registers(
          ...Array.from({ length: count }, (_, index) => registers.get(address + index) ?? 0),
        );
        return;
      case 5:
        coils.set(address, data[0] === 0xff);
        break;
      case 6:
      case 16:
        for (let word = 0; 2 * word < data.length; word += 1) {
          registers.set(address + word, Buffer.from(data).readUInt16BE(2 * word));
        }
        break;
      case 15:
        coils.set(address, ((data[0] ?? 0) & 1) === 1);
        break;
      default:
        request.exception(1);
        return;
    }
    echo();
  };
  return { registers, coils, script };
}
