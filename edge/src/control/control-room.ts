/**
 * Where a line is controlled: looks at it after each cycle, takes requests, and does what the machine decides. The
 * machine is pure; here are its clock, its devices, its ledger, and whoever is told.
 */
import type { ControlEffect, ControlEvent, DeviceView } from '../domain/control/control-types.ts';
import { LOOK_EVERY_MS } from '../domain/control/control-types.ts';
import type { Instant } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceWriter } from '../ports/device-writer.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { MotionAnswer, MotionDesk, MotionRequest } from '../ports/motion-desk.ts';
import type { Recording } from '../ports/recording.ts';
import { slept } from '../ports/slept.ts';
import { AnswerBook } from './answer-book.ts';
import type { ControlMachine } from './control-machine-port.ts';
import { PictureVoice } from './picture-voice.ts';
import { StepRunner, type StepEffect } from './step-runner.ts';

export interface ControlRoomOptions<State> {
  readonly machine: ControlMachine<State>;
  readonly devices: () => ReadonlyMap<string, DeviceView>;
  readonly writer: DeviceWriter;
  readonly recording: Recording;
  /** Hands a picture on, or leaves it: never blocks. */
  readonly say: (picture: string) => boolean;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** How often the machine looks when no cycle makes it look, ms: bounds are kept about so exactly. */
const LOOK_MS = Math.min(100, LOOK_EVERY_MS);
const ID_BYTES = 16;
const REQUEST_KEY = 'request:';
const ENDED_KEY = 'ended:';
const NOT_RUNNING = 'Trame démarre ou s’arrête : rien n’a été demandé.';

export class ControlRoom<State> implements MotionDesk {
  readonly #options: ControlRoomOptions<State>;
  readonly #answers = new AnswerBook();
  /** Of the machine as it began last: what an earlier one asked for is nobody's. */
  #steps: StepRunner | null = null;
  readonly #voice: PictureVoice;
  readonly #broken = Promise.withResolvers<never>();
  /** What is fed from then on is outcomes. */
  #isEnding = false;
  /** Null: it does not run yet, or any more. */
  #state: { readonly now: State; readonly knowsMarks: boolean } | null = null;

  constructor(options: ControlRoomOptions<State>) {
    this.#options = options;
    this.#voice = new PictureVoice(options.say);
    // Whoever runs the room is told; it may break before it runs.
    this.#broken.promise.catch((error: unknown) => options.log.error({ error }, 'the control room broke'));
  }

  /** What the machine remembers, for whoever watches the line; null: it does not run. */
  get state(): State | null {
    return this.#state?.now ?? null;
  }

  /** To be called after each cycle. Does not throw. */
  observe(): void {
    this.#look();
    // Where nobody waits, the next look says it: a picture for each cycle would cost more than it tells.
    if (this.#voice.isAwaited(this.#options.clock.monotonicMs())) this.#speak();
  }

  /** Controls the line until the signal aborts; then ends what is under way: recorded, answered, its request bit taken back. */
  async run(signal: AbortSignal): Promise<void> {
    this.#begin();
    try {
      await Promise.race([this.#lookOften(signal), this.#broken.promise]);
    } finally {
      await this.#steps?.stop(this.#endMachine());
      this.#state = null;
    }
  }

  knows(id: string): boolean {
    return this.#answers.knows(id) || this.#isRecorded(id);
  }

  request(request: MotionRequest, reply: (answer: MotionAnswer) => void): void {
    const isKnown = this.#answers.knows(request.id);
    if (!isKnown && (this.#state === null || this.#isEnding)) {
      reply({ code: 'not-stored', detail: NOT_RUNNING, seq: null, epoch: null });
      return;
    }
    if (!this.#answers.open(request, reply)) return;
    this.#look();
    this.#take({ kind: 'request', at: this.#now(), ...request, isRecorded: this.#isRecorded(request.id) });
    this.#speak();
  }

  #isRecorded(id: string): boolean {
    const { recording } = this.#options;
    return recording.isKnown(`${REQUEST_KEY}${id}`) || recording.isKnown(`${ENDED_KEY}${id}`);
  }

  /** @returns the writes by which it leaves the line clean. */
  #endMachine(): readonly StepEffect[] {
    this.#isEnding = true;
    if (this.#state === null) return [];
    try {
      const { state, effects } = this.#options.machine.next(this.#state.now, {
        kind: 'end',
        at: this.#now(),
      });
      this.#state = { ...this.#state, now: state };
      this.#do(effects.filter((effect) => !isWrite(effect)));
      this.#speak(true);
      return effects.filter(isWrite);
    } catch (error) {
      this.#broken.reject(error);
      return [];
    }
  }

  #begin(): void {
    const { machine, recording } = this.#options;
    const knowsMarks = recording.hasMarks;
    this.#steps = this.#newSteps(this.#steps);
    const step = machine.start((name) => recording.mark(name), this.#now());
    this.#state = { now: step.state, knowsMarks };
    this.#do(step.effects);
  }

  /** @param before given up. */
  #newSteps(before: StepRunner | null): StepRunner {
    const { clock, writer, recording, log } = this.#options;
    const steps: StepRunner = new StepRunner({
      clock,
      log,
      writer,
      recording,
      now: () => this.#now(),
      tell: (event) => {
        if (this.#steps === steps) this.#take(event);
      },
      onBroken: (error) => this.#broken.reject(error),
    });
    // A step never rejects: what breaks in one is told.
    void before?.stop();
    return steps;
  }

  async #lookOften(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, LOOK_MS, signal)) {
      this.#beginAgain();
      this.#look();
      this.#speak();
    }
  }

  /** A ledger that could not be read at the start knows what was under way then, and who had the line in hand. */
  #beginAgain(): void {
    if (this.#state?.knowsMarks !== false || !this.#options.recording.hasMarks) return;
    if (this.#options.machine.picture(this.#state.now, this.#now(), 1).busy === null) this.#begin();
  }

  #look(): void {
    if (this.#isEnding) return;
    const { devices, entropy } = this.#options;
    const freshId = Buffer.from(entropy.bytes(ID_BYTES)).toString('hex');
    this.#take({ kind: 'look', at: this.#now(), devices: devices(), freshId });
  }

  /** One event, and all that follows from it at once. */
  #take(event: ControlEvent): void {
    if (this.#state === null) return;
    try {
      const { state, effects } = this.#options.machine.next(this.#state.now, event);
      this.#state = { ...this.#state, now: state };
      this.#do(effects);
      if (effects.some(isEnd)) this.#tellEnd(event);
    } catch (error) {
      this.#broken.reject(error);
    }
  }

  /** Whoever waits for a command sees at once how it ended, with what the devices show since. */
  #tellEnd({ kind }: ControlEvent): void {
    if (kind !== 'look') this.#look();
    this.#speak(true);
  }

  #do(effects: readonly ControlEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'answer') this.#answer(effect);
      else this.#steps?.run(effect);
    }
  }

  #answer({ id, code, reasons, detail, isFinal }: Extract<ControlEffect, { readonly kind: 'answer' }>): void {
    const { epoch, seq } = this.#options.recording.find(`${REQUEST_KEY}${id}`) ?? { epoch: null, seq: null };
    const because = reasons.length === 0 ? {} : { reasons: [...reasons] };
    this.#answers.answer(id, { code, detail, seq, epoch, ...because }, isFinal);
  }

  #speak(isUrgent = false): void {
    const { machine, clock } = this.#options;
    const state = this.#state;
    if (state === null) return;
    this.#voice.look(clock.monotonicMs(), (n) => machine.picture(state.now, this.#now(), n), isUrgent);
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }
}

function isWrite(effect: ControlEffect): effect is Extract<ControlEffect, { readonly kind: 'write' }> {
  return effect.kind === 'write';
}

function isEnd(effect: ControlEffect): boolean {
  return effect.kind === 'record' && effect.record.type === 'command.ended';
}
