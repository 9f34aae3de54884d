/** One alarm as the desk keeps it: how it is declared, how it runs, what was seen of it last. */
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import { conditionOf, isSuppressed, type AlarmView } from '../domain/alarms/alarm-condition.ts';
import type { AlarmState } from '../domain/alarms/alarm-machine.ts';
import { feelInputs, isSettled, startAlarm, type AlarmRun } from '../domain/alarms/alarm-run.ts';
import type { Instant, TagState } from '../domain/tag-state.ts';

export class WatchedAlarm {
  readonly config: AlarmConfig;
  run: AlarmRun;
  value: AlarmChanged['value'] = null;
  #seen: readonly (TagState | null)[] | null = null;

  constructor(config: AlarmConfig, kept: AlarmState, at: Instant) {
    this.config = config;
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

  #hasNews({ devices }: AlarmView, tick: boolean): boolean {
    const { source, when, unless } = this.config;
    if (tick && source !== 'tag') return true;
    if (when === null && unless.length === 0) return false;
    const refs = [...(when === null ? [] : [when.tag]), ...unless.map((condition) => condition.tag)];
    const seen = refs.map(({ device, tag }) => devices.get(device)?.tags.get(tag) ?? null);
    const isSame = this.#seen !== null && seen.every((tag, index) => tag === this.#seen?.[index]);
    this.#seen = seen;
    return !isSame;
  }
}
