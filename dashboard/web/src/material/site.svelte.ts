/** What the screens of material know of their site: its names, its zone of time, and the present. */
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { createContext } from 'svelte';
import { getReference } from '../api/material.ts';
import { Poll } from '../api/poll.svelte.ts';
import type { App } from '../app.svelte.ts';
import { instantFormat, type InstantFormat } from '../format/instant.ts';
import type { Choice } from './form-fields.ts';

/** Configuration changes when somebody starts the server again. */
const REFERENCE_MS = 300_000;

/** Who may decide about stock, shipments, shifts and scales. */
const LEADS: ReadonlySet<string> = new Set(['supervisor', 'administrator']);

export class Site {
  readonly app: App;
  readonly format: InstantFormat;
  /** False: this person logs and moves, others decide. */
  readonly leads: boolean;
  readonly #reference: Poll<ReferenceAnswer>;

  constructor(app: App, session: { readonly timeZone: string; readonly role: string }) {
    this.app = app;
    this.format = instantFormat(session.timeZone);
    this.leads = LEADS.has(session.role);
    this.#reference = new Poll({
      ask: (signal) => app.noticed(getReference(signal)),
      intervalMs: REFERENCE_MS,
      nowMs: () => app.feed.nowMs,
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#reference.run(signal);
  }

  /** Null: not heard yet. */
  get reference(): ReferenceAnswer | null {
    return this.#reference.body;
  }

  get hasFailed(): boolean {
    const { answer } = this.#reference;
    return answer !== null && answer.kind !== 'ok';
  }

  get nowMs(): number {
    return this.app.feed.nowMs;
  }

  /** `08:12:04` of today, else `21 nov. 17:40`. */
  when(ms: number): string {
    return this.format.recent(ms, this.nowMs);
  }

  /** Label of an outlet; its id when the configuration does not know it any more. */
  outlet(id: string): string {
    return this.reference?.outlets.find((one) => one.id === id)?.label ?? id;
  }

  zone(id: string): string {
    return this.reference?.zones.find((one) => one.id === id)?.label ?? id;
  }

  scale(id: string): string {
    return this.reference?.scales.find((one) => one.id === id)?.label ?? id;
  }

  get zones(): readonly Choice[] {
    return (this.reference?.zones ?? []).map(choice);
  }

  get outlets(): readonly Choice[] {
    return (this.reference?.outlets ?? []).map(choice);
  }

  get printers(): readonly Choice[] {
    return (this.reference?.printers ?? []).map(choice);
  }
}

function choice({ id, label }: { readonly id: string; readonly label: string }): Choice {
  return { value: id, label };
}

export const [useSite, provideSite] = createContext<Site>();
