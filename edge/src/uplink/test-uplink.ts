/** An edge whose ledger goes to a real broker, for tests. */
import type { Heartbeat } from '@trame/protocol/heartbeat';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { CursorStore, Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { systemClock } from '../system/clock.ts';
import { LedgerUplink, type LedgerUplinkOptions } from './ledger-uplink.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export function keptLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return {
    lines,
    log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
  };
}

export class TestUplink implements AsyncDisposable {
  readonly uplink: LedgerUplink;
  readonly logged: LogLine[];
  readonly serverTimes: number[] = [];
  readonly #abort = new AbortController();
  readonly #run: Promise<void>;
  #tick = 0;

  constructor(
    ledger: Ledger & CursorStore,
    url: string,
    over: Partial<LedgerUplinkOptions> = {},
    config: Partial<UplinkConfig> = {},
  ) {
    const { log, lines } = keptLog();
    this.logged = lines;
    this.uplink = new LedgerUplink({
      site: 'caux',
      line: 'tri-1',
      config: {
        url,
        primaryHost: null,
        username: null,
        passwordFile: null,
        caFile: null,
        keepAliveS: 5,
        protocolVersion: 4,
        ...config,
      },
      consumers: ['trame'],
      ledger,
      cursors: ledger,
      heartbeat: () => this.#heartbeat(ledger),
      onServerTime: (atMs) => this.serverTimes.push(atMs),
      commands: null,
      clock: systemClock,
      entropy: { random: () => 0, bytes: (count) => new Uint8Array(count).fill(7) },
      log,
      ...over,
    });
    this.#run = this.uplink.run(this.#abort.signal);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #heartbeat(ledger: Ledger): Heartbeat {
    this.#tick += 1;
    const { epoch, seq, hash } = ledger.head;
    const { status } = this.uplink;
    return {
      v: 1,
      boot: '0123456789abcdef',
      tick: this.#tick,
      at: systemClock.nowMs(),
      version: 'test',
      ledger: {
        state: 'ok',
        code: null,
        reason: null,
        epoch,
        head: seq,
        hash,
        unstored: 0,
        lost: 0,
        consumers: status,
      },
      spool: null,
      disk: { state: 'ok', freeBytes: null, reserveBytes: 0 },
      clock: { state: 'unchecked', offsetMs: null },
    };
  }
}
