/** What a person does about an alarm: sent once under one key until the line has answered. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import type { App } from '../app.svelte.ts';
import { postAlarmAct } from '../api/alarms.ts';
import type { Answer } from '../api/request.ts';
import { serverRefusalText } from '../control/reason-text.ts';
import { t } from '../messages/translate.ts';
import { newRequestKey } from '../system/request-key.ts';
import { bodyAtOnce, type WordedAct } from './act-body.ts';

export type ActOutcome =
  | { readonly kind: 'done' }
  /** `isOpen`: nobody knows; asked again, it is the same act. */
  | { readonly kind: 'failed'; readonly words: string; readonly isOpen: boolean };

export class AlarmActs {
  readonly #app: Pick<App, 'noticed'>;
  readonly #owner: AbortSignal;
  /** By act and alarm: kept while nobody knows whether it was recorded. */
  readonly #keys = new Map<string, string>();
  #busy = $state.raw<ReadonlySet<string>>(new Set());
  #failures = $state.raw<ReadonlyMap<string, string>>(new Map());

  constructor(app: Pick<App, 'noticed'>, owner: AbortSignal) {
    this.#app = app;
    this.#owner = owner;
  }

  isBusy(alarm: string): boolean {
    return this.#busy.has(alarm);
  }

  /** Why the last act about this alarm was not done; null: it was, or there was none. */
  failure(alarm: string): string | null {
    return this.#failures.get(alarm) ?? null;
  }

  /** @returns null when one about this alarm is under way. */
  atOnce(
    { id, occurrence }: Pick<AlarmRow, 'id' | 'occurrence'>,
    act: Exclude<AlarmAct, WordedAct>,
  ): Promise<ActOutcome | null> {
    return this.send(id, act, bodyAtOnce(act, occurrence));
  }

  /** @returns null when one about this alarm is under way. */
  async send(alarm: string, act: AlarmAct, body: object): Promise<ActOutcome | null> {
    if (this.#busy.has(alarm)) return null;
    const what = `${alarm} ${act} ${JSON.stringify(body)}`;
    const key = this.#keys.get(what) ?? newRequestKey();
    this.#keys.set(what, key);
    this.#busy = new Set(this.#busy).add(alarm);
    const answer = await this.#app.noticed(postAlarmAct(alarm, act, body, key, this.#owner));
    const busy = new Set(this.#busy);
    busy.delete(alarm);
    this.#busy = busy;
    const outcome = actOutcome(answer);
    if (outcome.kind === 'done' || !outcome.isOpen) this.#keys.delete(what);
    const failures = new Map(this.#failures);
    if (outcome.kind === 'done') failures.delete(alarm);
    else failures.set(alarm, outcome.words);
    this.#failures = failures;
    return outcome;
  }
}

export function actOutcome(answer: Answer<unknown>): ActOutcome {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'done' };
    case 'refused':
      if (answer.status >= 500) return { kind: 'failed', words: t('alarmAct.noReply'), isOpen: true };
      if (answer.code === 'refused' || answer.code === 'stale')
        return { kind: 'failed', words: t('alarmAct.changed'), isOpen: false };
      return {
        kind: 'failed',
        words: serverRefusalText(answer.code === '' ? String(answer.status) : answer.code),
        isOpen: false,
      };
    case 'away':
    case 'dropped':
      return { kind: 'failed', words: t('alarmAct.away'), isOpen: true };
  }
}
