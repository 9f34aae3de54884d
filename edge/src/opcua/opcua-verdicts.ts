/**
 * Gives the verdicts of one device to its sorter, in the session that reads it. They go out at once: they wait for no other write
 * and none waits for them. The node cannot be read back, so what the server says of the write is all there is.
 */
import type { OpcuaDeviceConfig } from '../domain/line-config.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { WriteOutcome } from '../ports/device-writer.ts';
import type { WriteDeskPorts } from '../ports/write-desk.ts';
import { refused, unconfirmed } from '../ports/write-outcomes.ts';
import {
  UINT32_MAX,
  VERDICT_WITHIN_MS,
  VERDICT_WRITES_MAX,
  VERDICTS_PER_WRITE_MAX,
  type SorterVerdict,
} from '../ports/verdict-writer.ts';
import { DeadlineExceeded } from './deadline.ts';
import type { NodeAccess } from './node-access.ts';
import { statusNameOf } from './service-failure.ts';
import { isRefusal, isTurnedAway } from './write-status.ts';

export class OpcuaVerdicts {
  readonly #device: OpcuaDeviceConfig;
  readonly #ports: WriteDeskPorts;
  #access: NodeAccess | null = null;
  #underWay = 0;

  constructor(device: OpcuaDeviceConfig, ports: WriteDeskPorts) {
    this.#device = device;
    this.#ports = ports;
  }

  /** A session is there. */
  attach(access: NodeAccess): void {
    this.#access = access;
  }

  /** The session is gone. */
  detach(): void {
    this.#access = null;
  }

  async give(verdicts: readonly SorterVerdict[], signal: AbortSignal): Promise<WriteOutcome> {
    const outcome = await this.#decide(verdicts, signal);
    if (outcome.kind !== 'confirmed') {
      const { kind, reason } = outcome;
      const { id } = this.#device;
      this.#ports.log.debug(
        { device: id, verdicts: verdicts.length, outcome: kind, reason },
        'a write failed',
      );
      this.#ports.sink.incident(id, 'write-failed');
    }
    return outcome;
  }

  async #decide(verdicts: readonly SorterVerdict[], signal: AbortSignal): Promise<WriteOutcome> {
    const { id, verdicts: target } = this.#device;
    const access = this.#access;
    if (target === undefined) return refused(WRITE_WORDS.noVerdicts(id));
    if (signal.aborted) return refused(WRITE_WORDS.cancelled());
    if (!areVerdicts(verdicts)) return refused(WRITE_WORDS.wrongVerdicts(VERDICTS_PER_WRITE_MAX));
    if (access === null) return refused(WRITE_WORDS.notConnected(id));
    const nodeId = access.resolve(target.node);
    if (nodeId === null) return refused(WRITE_WORDS.unknownNode(id, target.node));
    if (this.#underWay >= VERDICT_WRITES_MAX) return refused(WRITE_WORDS.tooMany(id, VERDICT_WRITES_MAX));
    const pairs = Uint32Array.from(verdicts.flatMap(({ seq, outlet }) => [seq, outlet]));
    this.#underWay += 1;
    try {
      const wait = { ms: VERDICT_WITHIN_MS, signal };
      const status = await access.write(nodeId, access.variantOfNumbers(pairs), wait);
      if (status.isGoodish()) return { kind: 'confirmed', readBack: null };
      const words = WRITE_WORDS.opcuaStatus(status.name);
      return isRefusal(status.name)
        ? refused(WRITE_WORDS.refusedByDevice(id, words))
        : unconfirmed(WRITE_WORDS.doubtfulAnswer(id, words));
    } catch (error) {
      return signal.aborted ? unconfirmed(WRITE_WORDS.cancelledAfter(id)) : this.#unanswered(access, error);
    } finally {
      this.#underWay -= 1;
    }
  }

  #unanswered(access: NodeAccess, error: unknown): WriteOutcome {
    const { id } = this.#device;
    const status = statusNameOf(error);
    if (error instanceof DeadlineExceeded) {
      return unconfirmed(WRITE_WORDS.noAnswer(id, WRITE_WORDS.silent()));
    }
    if (access.ended.aborted || status === null) {
      return unconfirmed(WRITE_WORDS.noAnswer(id, WRITE_WORDS.linkLost()));
    }
    const words = WRITE_WORDS.opcuaStatus(status);
    return isTurnedAway(status)
      ? refused(WRITE_WORDS.refusedByDevice(id, words))
      : unconfirmed(WRITE_WORDS.noAnswer(id, words));
  }
}

function areVerdicts(verdicts: readonly SorterVerdict[]): boolean {
  return (
    verdicts.length > 0 &&
    verdicts.length <= VERDICTS_PER_WRITE_MAX &&
    verdicts.every(({ seq, outlet }) => isUint32(seq, 0) && isUint32(outlet, 1))
  );
}

function isUint32(value: number, min: number): boolean {
  return Number.isInteger(value) && value >= min && value <= UINT32_MAX;
}
