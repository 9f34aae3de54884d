/** Writing to one Modbus device: checked here, carried out on its link between two reads. */
import type { TagValue } from '@trame/protocol/tag';
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { rawToWrite } from '../domain/write-value.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { Clock } from '../ports/clock.ts';
import type { WriteOptions, WriteOutcome } from '../ports/device-writer.ts';
import { WriteDesk, type WriteDeskPorts } from '../ports/write-desk.ts';
import { refused } from '../ports/write-outcomes.ts';
import type { LinkMember } from './link-scheduler.ts';
import { findTarget } from './write-target.ts';

/** A link that broke under a write is opened again for reading back. */
const REOPEN_MS = 4000;

export interface WriteLink {
  /** The device as it is served now; null while it is not. */
  readonly member: LinkMember | null;
  /** There is something to write. */
  wake(): void;
}

export interface ModbusWriter {
  write(name: string, value: TagValue, signal: AbortSignal, options?: WriteOptions): Promise<WriteOutcome>;
}

export function createModbusWriter(
  device: ModbusDeviceConfig,
  link: WriteLink,
  ports: WriteDeskPorts & { readonly clock: Clock },
): ModbusWriter {
  const desk = new WriteDesk(device.id, ports);
  return {
    async write(name, value, signal, options = {}) {
      const found = findTarget(device, name);
      if (found.kind === 'unknown') return refused(WRITE_WORDS.unknownTarget(device.id, name, 'modbus'));
      if (found.kind === 'read-only') return refused(WRITE_WORDS.notWritable(device.id, name));
      const { target } = found;
      const converted = rawToWrite(value, target.type, target);
      if (converted.kind === 'refused') return converted;
      const { raw } = converted;
      const { expect = value, settle: isSettled = false } = options;
      const wanted = expect === null ? null : rawToWrite(expect, target.type, { ...target, range: null });
      if (wanted !== null && wanted.kind === 'refused') return wanted;
      const expected = wanted === null ? null : wanted.raw;
      const answerWithinMs = 2 * device.limits.timeoutMs + target.readbackMs + REOPEN_MS;
      return await desk.submit(name, answerWithinMs, signal, async ({ signal, sent }) => {
        const { member } = link;
        if (member === null) return refused(WRITE_WORDS.stopping(device.id));
        const away = member.poller.writeRefusal;
        if (away !== null) return refused(away);
        const { promise, resolve } = Promise.withResolvers<WriteOutcome>();
        const looksBefore = isSettled && expected !== null;
        const job = { target, raw, expected, looksBefore, signal, sent, settle: resolve };
        member.writer.add(job, ports.clock.monotonicMs());
        link.wake();
        return await Promise.race([promise, aborted(signal)]);
      });
    },
  };
}

/** The desk has decided already; this only ends the wait. */
function aborted(signal: AbortSignal): Promise<WriteOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(refused(WRITE_WORDS.cancelled())), { once: true });
  });
}
