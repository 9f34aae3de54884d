/** One alarm as the desk keeps it: how it is declared, how it runs, what was seen of it last. */
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import { conditionOf, isSuppressed, type AlarmView } from '../domain/alarms/alarm-condition.ts';
import type { AlarmState } from '../domain/alarms/alarm-machine.ts';
import { feelInputs, isSettled, startAlarm, type AlarmRun } from '../domain/alarms/alarm-run.ts';
import type { TagRef } from '../domain/tag-ref.ts';
import type { Instant, TagState } from '../domain/tag-state.ts';

export class WatchedAlarm {
  readonly config: AlarmConfig;
  run: AlarmRun;
  value: AlarmChanged['value'] = null;
  readonly #refs: readonly TagRef[];
  readonly #seen: (TagState | null | undefined)[] = [];

  constructor(config: AlarmConfig, kept: AlarmState, at: Instant) {
    this.config = config;
    this.#refs = [config.when ?? [], config.unless].flat().map((condition) => condition.tag);
    this.run = startAlarm(kept, at.monotonicMs);
  }

  get id(): string {
    return this.config.id;
  }

  get group(): string | null {
    return this.config.group;
  }

  get state(): AlarmState['name'] {
    return this.run.state.name;
  }

  /**
   * Takes what there is to see. Most of what a cycle brings concerns few alarms: one whose tags did not move is not looked
   * at, and what Trame watches itself once a second.
   * @returns whether something may follow from it.
   */
  feel(view: AlarmView, at: Instant, tick: boolean): boolean {
    const { config, run } = this;
    if (!this.#hasNews(view, tick) && isSettled(run, config)) return false;
    const { condition, value } = this.#see(view);
    if (condition !== null) this.value = value;
    this.run = feelInputs(run, { condition, suppressed: isSuppressed(config, view) }, config, at.monotonicMs);
    return !isSettled(this.run, config);
  }

  #see(view: AlarmView): ReturnType<typeof conditionOf> {
    const { condition } = this.run;
    // A report stands until the next one.
    if (this.config.source === 'reported') {
      return { condition: condition.known ? condition.value : null, value: this.value };
    }
    return conditionOf(this.config, view, condition.value);
  }

  /** Asked for every alarm in every cycle. */
  #hasNews({ devices }: AlarmView, tick: boolean): boolean {
    let isNew = tick && this.config.source !== 'tag';
    for (const [index, { device, tag }] of this.#refs.entries()) {
      const state = devices.get(device)?.tags.get(tag) ?? null;
      if (this.#seen[index] === state) continue;
      this.#seen[index] = state;
      isNew = true;
    }
    return isNew;
  }
}
