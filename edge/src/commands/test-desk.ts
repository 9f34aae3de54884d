/** A desk with a scale and a clock, its key files in a folder of its own, and whoever signs requests to it. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeReply, signCommand, type CommandReply, type CommandRequest } from '@trame/protocol/command';
import type { EventClock } from '@trame/protocol/ledger-event';
import type { ScaleVerified } from '@trame/protocol/ledger-payloads';
import { TestClock } from '../pipeline/test-clock.ts';
import type { AlarmRequests } from '../ports/alarm-requests.ts';
import type { MotionDesk } from '../ports/motion-desk.ts';
import { until } from '../sparkplug/test-broker.ts';
import { TestLedger } from '../uplink/test-ledger.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { alarmRequests } from './alarm-requests.ts';
import { clockConfirm } from './clock-confirm.ts';
import { CommandDesk, type CommandDeskOptions } from './command-desk.ts';
import { materialRecord } from './material-record.ts';
import { scaleVerify } from './scale-verify.ts';

export class TestDesk implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'trame-desk-'));
  readonly keyFile = join(this.dir, 'command-key.pub.pem');
  readonly clock = new TestClock();
  readonly ledger: TestLedger;
  readonly server: KeyObject;
  readonly verified: ScaleVerified[] = [];
  readonly replies: CommandReply[] = [];
  readonly logged: ReturnType<typeof keptLog>['lines'];
  readonly desk: CommandDesk;
  clockState: EventClock['state'] = 'unchecked';
  /** As material is dated by it. */
  eventClock: EventClock = { state: 'unchecked', offsetMs: null };
  confirmed = 0;
  readonly #abort = new AbortController();
  #run: Promise<void> | null = null;

  constructor(
    ledger = new TestLedger(),
    motion: MotionDesk | null = null,
    alarms: AlarmRequests | null = null,
    more: (clock: TestClock) => Pick<CommandDeskOptions, 'handlers' | 'questions'> = () => ({ handlers: [] }),
  ) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const { log, lines } = keptLog();
    this.ledger = ledger;
    this.logged = lines;
    this.server = privateKey;
    writeFileSync(this.keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    const { handlers, ...questions } = more(this.clock);
    this.desk = new CommandDesk({
      ...questions,
      site: 'caux',
      line: 'tri-1',
      trust: [this.keyFile],
      handlers: [
        scaleVerify({
          scales: ['bale'],
          clock: this.clock,
          onVerified: (verified) => this.verified.push(verified),
        }),
        clockConfirm({
          state: () => this.clockState,
          marks: (nowMs) => ({ 'clock.latest': String(nowMs) }),
          clock: this.clock,
          onConfirmed: () => {
            this.confirmed += 1;
          },
        }),
        materialRecord(ledger, () => this.eventClock),
        ...alarmRequests(alarms),
        ...handlers,
      ],
      motion,
      ledger,
      clock: this.clock,
      log,
    });
  }

  /** From here on what is offered is worked on. */
  start(): void {
    this.#run = this.desk.run(this.#abort.signal, (payload) => {
      const reply = decodeReply(Buffer.from(payload));
      if (reply === null) throw new Error(`this is no reply: ${payload}`);
      this.replies.push(reply);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#run;
    rmSync(this.dir, { recursive: true });
  }
}

export function request(over: Partial<CommandRequest> = {}): CommandRequest {
  return {
    v: 1,
    id: randomBytes(16).toString('hex'),
    site: 'caux',
    line: 'tri-1',
    command: 'scale.verify',
    args: { scale: 'bale', outcome: 'accepted', on: '2023-11-01', due: '2024-11-01' },
    actorRef: 'cafe0123cafe0123',
    at: 1_700_000_000_000,
    ...over,
  };
}

export function signed(asked: CommandRequest, key: KeyObject): Buffer {
  return Buffer.from(JSON.stringify(signCommand(asked, key)));
}

/** @returns the one answer to these messages. */
export async function answerTo(desk: TestDesk, payload: Uint8Array) {
  const before = desk.replies.length;
  desk.desk.offer(payload);
  await until('it is answered', () => desk.replies.length > before);
  return desk.replies.at(-1);
}
