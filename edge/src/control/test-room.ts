/**
 * A control room with a machine that a test scripts, devices that answer when the test says so, and a recording in
 * memory: what is proven with it is the room's own doing. The real machine is proven where it lies, and both together on
 * real devices in `edge-control.test.ts`.
 */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { ControlEffect, ControlEvent, StepOutcome } from '../domain/control/control-types.ts';
import { TestClock } from '../pipeline/test-clock.ts';
import type { DeviceWriter } from '../ports/device-writer.ts';
import type { LedgerRecord } from '../ports/ledger.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { MotionAnswer, MotionRequest } from '../ports/motion-desk.ts';
import type { Recording } from '../ports/recording.ts';
import { ControlRoom } from './control-room.ts';

export const BOOT = '00112233aabbccdd';

export interface SentWrite {
  readonly what: unknown;
  readonly value: unknown;
  readonly expect: unknown;
  readonly signal: AbortSignal;
  settle(outcome: StepOutcome): void;
}

export class TestRoom implements AsyncDisposable {
  readonly clock = new TestClock();
  readonly events: ControlEvent[] = [];
  readonly sent: SentWrite[] = [];
  readonly pushed: LedgerRecord[] = [];
  readonly asked: { readonly record: LedgerRecord; readonly settle: (stored: boolean) => void }[] = [];
  readonly said: ControlPicture[] = [];
  readonly errors: unknown[] = [];
  readonly warned: unknown[] = [];
  readonly known = new Set<string>();
  readonly room: ControlRoom<number>;
  /** What the machine asks for at an event; looks are left out of {@link events} unless it asks for something. */
  script: (event: ControlEvent) => readonly ControlEffect[] = () => [];
  startEffects: readonly ControlEffect[] = [];
  starts: (string | null)[] = [];
  hasMarks = true;
  busy = false;
  state: ControlPicture['state'] = 'idle';
  takesPictures = true;
  /** Why every command would be refused now. */
  reasons: CommandReason[] = [];
  run: Promise<void> = Promise.resolve();
  readonly end = new AbortController();

  constructor() {
    const log: Log = {
      debug: () => {},
      info: () => {},
      warn: (fields) => this.warned.push(fields),
      error: (fields) => this.errors.push(fields),
    };
    this.room = new ControlRoom<number>({
      machine: {
        start: (mark) => {
          this.starts.push(mark('control.holder'));
          return { state: 0, effects: this.startEffects };
        },
        next: (state, event) => {
          const effects = this.script(event);
          if (event.kind !== 'look' || effects.length > 0) this.events.push(event);
          return { state: state + 1, effects };
        },
        picture: (_state, at, n) => this.#picture(at.wallMs, n),
      },
      devices: () => new Map(),
      writer: this.#writer(),
      recording: this.#recording(),
      say: (text) => {
        if (this.takesPictures) this.said.push(JSON.parse(text) as ControlPicture);
        return this.takesPictures;
      },
      clock: this.clock,
      entropy: { random: () => 0.5, bytes: (count) => new Uint8Array(count) },
      log,
    });
  }

  start(): void {
    this.run = this.room.run(this.end.signal);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  }

  /** @returns the growing list of its answers. */
  request(over: Partial<MotionRequest> = {}): MotionAnswer[] {
    const answers: MotionAnswer[] = [];
    const request = {
      id: 'a'.repeat(32),
      command: 'line.start',
      args: {},
      actor: 'cafe0123cafe0123',
    } as const;
    this.room.request({ ...request, ...over }, (answer) => answers.push(answer));
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end.abort();
    await this.run;
  }

  #writer(): DeviceWriter {
    const send = (
      what: unknown,
      value: unknown,
      signal: AbortSignal,
      expect: unknown,
    ): Promise<StepOutcome> => {
      const { promise, resolve } = Promise.withResolvers<StepOutcome>();
      this.sent.push({ what, value, expect, signal, settle: resolve });
      const given = (): void => resolve({ kind: 'unconfirmed', readBack: null, reason: 'given up' });
      signal.addEventListener('abort', given, { once: true });
      return promise;
    };
    return {
      write: (target, value, signal, options) =>
        send(target, value, signal, options !== undefined && 'expect' in options ? options.expect : 'itself'),
      call: (target, args, signal) => send(target, args, signal, 'itself'),
    };
  }

  #recording(): Recording {
    const hasMarks = (): boolean => this.hasMarks;
    return {
      get isOpen() {
        return hasMarks();
      },
      get hasMarks() {
        return hasMarks();
      },
      waiting: 0,
      mark: () => (this.hasMarks ? 'cafe' : null),
      isKnown: (key) => this.known.has(key),
      find: (key) => (this.known.has(key) ? { epoch: 'e'.repeat(32), seq: 7 } : null),
      push: (records) => void this.pushed.push(...records),
      ask: async (record) => {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        this.asked.push({ record, settle: resolve });
        return promise;
      },
    };
  }

  #picture(at: number, n: number): ControlPicture {
    return {
      v: 1,
      boot: BOOT,
      n,
      at,
      commanded: true,
      state: this.state,
      stateSince: 0,
      mode: null,
      modes: [],
      emergencyStop: null,
      remote: null,
      enableLeftMs: null,
      holder: null,
      asking: null,
      busy: this.busy
        ? { request: 'a'.repeat(32), command: 'line.start', phase: 'requested', station: null, since: 0 }
        : null,
      last: null,
      refusals: {
        'line.start': this.reasons,
        'line.stop': this.reasons,
        'line.hold': this.reasons,
        'line.unhold': this.reasons,
        'line.reset': this.reasons,
        'line.mode': this.reasons,
      },
      interlocks: [],
      stations: [],
      setpoints: [],
      sorter: null,
      scales: [],
      presses: [],
    };
  }
}

export function requested(step: number | null): ControlEffect {
  const payload = { request: 'a'.repeat(32), command: 'line.start', args: {}, by: 'person' } as const;
  return {
    kind: 'record',
    step,
    record: ledgerRecord('command.requested', 1_700_000_000_000, payload) as never,
  };
}

export function ended(): ControlEffect {
  const payload = {
    request: 'a'.repeat(32),
    command: 'line.start',
    outcome: 'done',
    reasons: [],
    readBack: null,
    late: null,
    detail: null,
    tookMs: 0,
  } as const;
  const record = ledgerRecord('command.ended', 1_700_000_000_000, { ...payload, reasons: [] });
  return { kind: 'record', step: null, record: record as never };
}

export function write(step: number, over: object = {}): ControlEffect {
  const target = { device: 'plc', tag: 'request' };
  return { kind: 'write', step, request: 'a'.repeat(32), target, value: true, ...over };
}

export function answer(
  code: 'accepted' | 'done' | 'refused' | 'not-stored',
  isFinal: boolean,
): ControlEffect {
  const reasons = code === 'refused' ? [{ code: 'busy' as const, ref: null, words: '' }] : [];
  return { kind: 'answer', id: 'a'.repeat(32), code, reasons, detail: null, isFinal };
}
