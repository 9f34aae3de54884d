/** Asks a line for things and follows each until it is known what came of it. */
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import { findOrder, getOrder, sendOrder } from '../api/control.ts';
import { isReasons, type OrderAnswer } from '../api/read-control.ts';
import type { Answer } from '../api/request.ts';
import {
  isOpen,
  newIntent,
  nextIntent,
  nextStep,
  SLOW_MS,
  slotOf,
  type Intent,
  type IntentEvent,
  type OrderArgs,
  type OrderCommand,
} from './intent.ts';

/** The server answers within a second: who waits longer waits for a dead link. */
const SEND_LIMIT_MS = 3_000;
/** How often it is asked what came of it. */
const LOOK_MS = 1_000;

export interface CommanderOptions {
  readonly line: string;
  readonly site: string;
  /** Server time, ms since 1970 UTC. */
  readonly nowMs: () => number;
  readonly newKey: () => string;
  /** Told of each answer: one may say that the session is over. */
  readonly noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>;
  readonly owner: AbortSignal;
}

export class Commander {
  readonly #options: CommanderOptions;
  /** By slot; the latest of each. */
  #intents = $state.raw<ReadonlyMap<string, Intent>>(new Map());

  constructor(options: CommanderOptions) {
    this.#options = options;
  }

  /** What was asked, the latest first. */
  get intents(): readonly Intent[] {
    return [...this.#intents.values()].toSorted((a, b) => b.atMs - a.atMs);
  }

  isOpen(command: OrderCommand, args: OrderArgs = {}): boolean {
    const intent = this.#intents.get(slotOf(command, args));
    return intent !== undefined && isOpen(intent);
  }

  /** Asks for it, unless the same is asked already. */
  give(command: OrderCommand, args: OrderArgs = {}): void {
    const before = this.#intents.get(slotOf(command, args));
    const intent = newIntent(before, { command, args, atMs: this.#options.nowMs() }, this.#options.newKey);
    if (intent === null) return;
    this.#put(intent);
    void this.#follow(intent.slot, intent.key);
  }

  /** What the line says it did last. */
  hear(last: ControlPicture['last']): void {
    if (last === null) return;
    for (const intent of this.#intents.values())
      this.#take(intent.slot, intent.key, { kind: 'picture', last });
  }

  async #follow(slot: string, key: string): Promise<void> {
    const slow = setTimeout(() => this.#take(slot, key, { kind: 'slow' }), SLOW_MS);
    await this.#send(slot, key);
    clearTimeout(slow);
    for (let step = this.#step(slot, key); step !== 'nothing'; step = this.#step(slot, key)) {
      await pause(LOOK_MS, this.#options.owner);
      if (this.#options.owner.aborted) return;
      if (step === 'send') await this.#send(slot, key);
      else if (step === 'give-up') this.#take(slot, key, { kind: 'given-up' });
      else if (step === 'ask-by-id') await this.#askById(slot, key);
      else await this.#lookForIt(slot, key);
    }
  }

  #step(slot: string, key: string) {
    const intent = this.#current(slot, key);
    return intent === null ? 'nothing' : nextStep(intent, this.#options.nowMs());
  }

  async #send(slot: string, key: string): Promise<void> {
    const intent = this.#current(slot, key);
    if (intent === null || !isOpen(intent)) return;
    const { line, site, noticed } = this.#options;
    const body = { command: intent.command, args: intent.args, site };
    const answer = await noticed(sendOrder(line, body, key, this.#limited()));
    if (this.#options.owner.aborted) return;
    this.#take(slot, key, eventOf(answer));
  }

  async #askById(slot: string, key: string): Promise<void> {
    const stage = this.#current(slot, key)?.stage;
    if (stage?.kind !== 'checking' || stage.request === null) return;
    const answer = await this.#options.noticed(getOrder(stage.request, this.#limited()));
    if (answer.kind === 'ok') this.#take(slot, key, { kind: 'row', row: answer.body });
  }

  async #lookForIt(slot: string, key: string): Promise<void> {
    const answer = await this.#options.noticed(findOrder(this.#options, key, this.#limited()));
    if (answer.kind !== 'ok') return;
    const [row] = answer.body;
    this.#take(slot, key, row === undefined ? { kind: 'no-row' } : { kind: 'row', row });
  }

  #limited(): AbortSignal {
    return AbortSignal.any([this.#options.owner, AbortSignal.timeout(SEND_LIMIT_MS)]);
  }

  #current(slot: string, key: string): Intent | null {
    const intent = this.#intents.get(slot);
    return intent?.key === key ? intent : null;
  }

  #take(slot: string, key: string, event: IntentEvent): void {
    const intent = this.#current(slot, key);
    if (intent === null) return;
    const next = nextIntent(intent, event, this.#options.nowMs());
    if (next !== intent) this.#put(next);
  }

  #put(intent: Intent): void {
    this.#intents = new Map(this.#intents).set(intent.slot, intent);
  }
}

function eventOf(answer: Answer<OrderAnswer>): IntentEvent {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'answered', answer: answer.body };
    case 'refused': {
      // A line that did not reply in time may have done it all the same.
      if (answer.status >= 500) return { kind: 'away' };
      const reasons = isReasons(answer.reasons) ? answer.reasons : [];
      const code = answer.code === '' ? String(answer.status) : answer.code;
      return { kind: 'refused', code, reasons, detail: answer.detail ?? null };
    }
    case 'away':
    case 'dropped':
      return { kind: 'away' };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
