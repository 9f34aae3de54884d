/** Requests that read, on a way of their own: they wait for no record, and no record and no stop waits for them. */
import { COMMAND_BYTES_MAX, type CommandReply, type CommandRequest } from '@trame/protocol/command';
import { Compile, type Validator } from 'typebox/compile';
import type { Log } from '../ports/log.ts';
import type { ReadAnswer, ReadCommand } from '../ports/read-command.ts';

export type ReadReply = Pick<CommandReply, 'code' | 'detail' | 'seq' | 'epoch' | 'refusal' | 'data'>;
type Answer = (reply: ReadReply) => void;

/** Requests that may wait to be answered; one more is refused, and its sender asks again. */
export const TO_READ_MAX = 16;
/** What a reply needs beside its data, bytes. */
const ENVELOPE_BYTES = 2048;
const TOO_MANY = `${TO_READ_MAX} questions wait already`;
const TOO_LARGE = 'the answer does not fit into a reply: ask for less';

interface Reader {
  readonly command: ReadCommand;
  readonly validator: Validator;
}

export class ReadLane {
  readonly #readers: ReadonlyMap<string, Reader>;
  readonly #log: Log;
  readonly #waiting: { readonly request: CommandRequest; readonly answer: Answer }[] = [];
  #wake: (() => void) | null = null;

  constructor(commands: readonly ReadCommand[], log: Log) {
    this.#readers = new Map(
      commands.map((command) => [command.command, { command, validator: Compile(command.args) }]),
    );
    this.#log = log;
  }

  takes({ command }: CommandRequest): boolean {
    return this.#readers.has(command);
  }

  /** @param answer told once, perhaps before this returns; never when the edge ends first. */
  carry(request: CommandRequest, answer: Answer): void {
    if (this.#waiting.some((each) => each.request.id === request.id)) return;
    if (this.#waiting.length >= TO_READ_MAX) {
      answer(refused('not-stored', TOO_MANY));
      return;
    }
    this.#waiting.push({ request, answer });
    this.#wake?.();
  }

  /** One after the other, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const [next] = this.#waiting;
        if (next === undefined) await this.#woken(signal);
        else {
          const reply = await this.#read(next.request, signal);
          if (!signal.aborted) next.answer(reply);
          this.#waiting.shift();
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #read({ command, args }: CommandRequest, signal: AbortSignal): Promise<ReadReply> {
    const reader = this.#readers.get(command);
    if (reader === undefined) throw new Error(`«${command}» reads nothing`);
    if (!reader.validator.Check(args)) {
      const [first] = reader.validator.Errors(args);
      const fault = `args${first?.instancePath ?? ''}: ${first?.message ?? 'not such arguments'}`;
      return refused('invalid-args', fault);
    }
    try {
      return replyOf(await reader.command.read(args, signal));
    } catch (error) {
      this.#log.error({ error, command }, 'a question could not be answered');
      return refused('refused', 'this question could not be answered; the log of the edge says why');
    }
  }

  async #woken(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (!signal.aborted) await promise;
    this.#wake = null;
  }
}

function replyOf(answer: ReadAnswer): ReadReply {
  if (answer.kind === 'refused') {
    const { detail, refusal } = answer;
    return { ...refused('refused', detail), ...(refusal === undefined ? {} : { refusal }) };
  }
  const bytes = Buffer.byteLength(JSON.stringify(answer.data));
  if (bytes > COMMAND_BYTES_MAX - ENVELOPE_BYTES) {
    return { ...refused('refused', TOO_LARGE), refusal: 'too-large' };
  }
  return { code: 'done', detail: null, seq: null, epoch: null, data: answer.data };
}

function refused(code: ReadReply['code'], detail: string): ReadReply {
  return { code, detail, seq: null, epoch: null };
}
