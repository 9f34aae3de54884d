/** Runs what the machine asks of devices and of the ledger, and tells how it went. Every step can be given up. */
import type { ControlEffect, ControlEvent, StepOutcome } from '../domain/control/control-types.ts';
import type { Instant } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceWriter } from '../ports/device-writer.ts';
import type { Log } from '../ports/log.ts';
import type { Recording } from '../ports/recording.ts';
import { slept } from '../ports/slept.ts';
import { LifeLog } from './life-log.ts';

export type StepEffect = Exclude<ControlEffect, { readonly kind: 'answer' }>;

export interface StepRunnerOptions {
  readonly writer: DeviceWriter;
  readonly recording: Recording;
  readonly now: () => Instant;
  readonly clock: Clock;
  readonly log: Log;
  /** What came of a step. */
  readonly tell: (event: ControlEvent) => void;
  /** An invariant broke. */
  readonly onBroken: (error: unknown) => void;
}

/** What is written at the very end has so long, ms: the devices are let go after. */
export const LAST_STEPS_MS = 1_000;
const STOPPED: StepOutcome = { kind: 'refused', reason: "Trame s'arrête" };

export class StepRunner {
  readonly #options: StepRunnerOptions;
  readonly #steps = new Map<number, AbortController>();
  readonly #running = new Set<Promise<void>>();
  readonly #life: LifeLog;
  #end = new AbortController();

  constructor(options: StepRunnerOptions) {
    this.#options = options;
    this.#life = new LifeLog(options.log);
  }

  run(effect: StepEffect): void {
    switch (effect.kind) {
      case 'record':
        this.#record(effect);
        return;
      case 'write':
      case 'call':
        this.#own(effect.step, (signal) => this.#act(effect, signal));
        return;
      case 'live':
        this.#keep(this.#live(effect));
        return;
      case 'forget':
        this.#steps.get(effect.step)?.abort();
        return;
    }
  }

  /**
   * Gives up every step; resolves when all have been told and what the machine made of it is done, too.
   * @param last begun once all else is given up, and given up themselves after {@link LAST_STEPS_MS}.
   */
  async stop(last: readonly StepEffect[] = []): Promise<void> {
    this.#end.abort();
    this.#end = new AbortController();
    for (const effect of last) this.run(effect);
    const inTime = new AbortController();
    const told = this.#allTold().finally(() => inTime.abort());
    if (await slept(this.#options.clock, LAST_STEPS_MS, inTime.signal)) this.#end.abort();
    await told;
    this.#end.abort();
  }

  async #allTold(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #record({ record, step }: Extract<ControlEffect, { readonly kind: 'record' }>): void {
    const { recording, now, tell } = this.#options;
    if (step === null) {
      recording.push([record]);
      return;
    }
    this.#own(step, async (signal) => {
      const stored = await recording.ask(record, signal);
      return () => tell({ kind: 'recorded', at: now(), step, stored });
    });
  }

  async #act(
    effect: Extract<ControlEffect, { readonly kind: 'write' | 'call' }>,
    signal: AbortSignal,
  ): Promise<() => void> {
    const { writer, now, tell } = this.#options;
    const { step } = effect;
    const outcome = signal.aborted ? STOPPED : await this.#send(effect, writer, signal);
    return () => tell({ kind: 'written', at: now(), step, outcome });
  }

  #send(
    effect: Extract<ControlEffect, { readonly kind: 'write' | 'call' }>,
    writer: DeviceWriter,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    if (effect.kind === 'call') {
      const { device, method, args } = effect;
      return writer.call({ device, method }, args, signal);
    }
    const { target, value, expect, settle = false } = effect;
    return writer.write(target, value, signal, { settle, ...(expect === undefined ? {} : { expect }) });
  }

  async #live({ target, value }: Extract<ControlEffect, { readonly kind: 'live' }>): Promise<void> {
    const { writer, now, tell } = this.#options;
    const { signal } = this.#end;
    if (signal.aborted) return;
    const outcome = await writer.write(target, value, signal, { expect: null });
    if (signal.aborted) return;
    const at = now();
    this.#life.take(target, outcome, at.monotonicMs);
    tell({ kind: 'lived', at, outcome });
  }

  /** A step belongs to the machine until it is told or given up. @param work gives what to tell of it. */
  #own(step: number, work: (signal: AbortSignal) => Promise<() => void>): void {
    const abort = new AbortController();
    this.#steps.set(step, abort);
    const signal = AbortSignal.any([abort.signal, this.#end.signal]);
    const task = work(signal).then((told) => {
      this.#steps.delete(step);
      told();
      return undefined;
    });
    this.#keep(task);
  }

  #keep(task: Promise<void>): void {
    const owned: Promise<void> = task
      .catch((error: unknown) => this.#options.onBroken(error))
      .finally(() => this.#running.delete(owned));
    this.#running.add(owned);
  }
}
