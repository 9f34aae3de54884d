/** What the screens of material know of their site: its names, its zone of time, and the present. */
import { createContext, untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { Session } from '@trame/protocol/dashboard-api';
import type { PartnerRow, ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { getReference } from '../api/material.ts';
import { Poll } from '../api/poll.svelte.ts';
import type { App } from '../app.svelte.ts';
import { formatKg } from '../format/kilograms.ts';
import { instantFormat, type InstantFormat } from '../format/instant.ts';
import type { Choice } from './form-fields.ts';
import { all, listPartners } from './material-reads.ts';
import { accountText } from './material-words.ts';
import { t } from '../messages/translate.ts';
import { signedKg } from './refusal-figures.ts';

/** Configuration changes when somebody starts the server again. */
const REFERENCE_MS = 300_000;
/** Partners are declared now and then. */
const PARTNERS_MS = 60_000;
/** Past this many their ids stand for them. */
const PARTNERS_MAX = 2_000;

/** Figures of lists stand below one another: all as fine as the finest scale; without one as a platform scale, 100 g. */
const USUAL_INTERVAL_GRAMS = 100;

/** Who may decide about stock, shipments, shifts and scales. */
const LEADS: ReadonlySet<string> = new Set(['supervisor', 'administrator']);

export class Site {
  readonly app: App;
  /** Keys of acts whose outcome stands before somebody already. */
  readonly followed = new SvelteSet<string>();
  readonly format: InstantFormat;
  /** False: this person logs and moves, others decide. */
  readonly leads: boolean;
  readonly #reference: Poll<ReferenceAnswer>;
  readonly #partners: Poll<readonly PartnerRow[]>;
  readonly #intervalGrams = $derived.by(() => {
    const intervals = (this.reference?.scales ?? []).flatMap(({ intervalGrams }) => intervalGrams ?? []);
    return intervals.length === 0 ? USUAL_INTERVAL_GRAMS : Math.max(1, Math.min(...intervals));
  });

  constructor(app: App, session: { readonly timeZone: string; readonly role: string }) {
    this.app = app;
    this.format = instantFormat(session.timeZone);
    this.leads = LEADS.has(session.role);
    this.#reference = new Poll({
      ask: (signal) => app.noticed(getReference(signal)),
      intervalMs: REFERENCE_MS,
      nowMs: () => app.feed.nowMs,
    });
    this.#partners = new Poll({
      ask: (signal) => app.noticed(all<PartnerRow>(listPartners, {}, PARTNERS_MAX, signal)),
      intervalMs: PARTNERS_MS,
      nowMs: () => app.feed.nowMs,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#reference.run(signal), this.#partners.run(signal)]);
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

  /** A weight in a list: as fine as the site's scales, whatever shares of it are. */
  kg(grams: number): string {
    const rounded = this.#rounded(grams);
    // A share that is less than a scale shows is not nothing.
    if (rounded === 0 && grams !== 0)
      return t('matter.lessThan', { weight: formatKg(this.#intervalGrams, this.#intervalGrams) });
    return formatKg(rounded, this.#intervalGrams);
  }

  signedKg(grams: number): string {
    return signedKg(this.#rounded(grams), this.#intervalGrams);
  }

  get #ofLines() {
    return this.app.feed.lines.flatMap(({ description }) => description.outlets);
  }

  #rounded(grams: number): number {
    return Math.round(grams / this.#intervalGrams) * this.#intervalGrams;
  }

  /** Label of an outlet, as the site says or a line of it; its id when nobody knows it any more. */
  outlet(id: string): string {
    const declared = this.reference?.outlets.find((one) => one.id === id);
    return declared?.label ?? this.#ofLines.find((one) => one.id === id)?.label ?? id;
  }

  /** Ids of the outlets of a line; until its description is heard, of the whole site. */
  outletsOf(line: string | null): readonly string[] {
    const described = this.app.feed.lines.find((one) => one.line === line)?.description.outlets ?? [];
    return (described.length > 0 ? described : (this.reference?.outlets ?? [])).map(({ id }) => id);
  }

  /** Name of a partner; its id until it is known. */
  partner(id: string): string {
    return this.#partners.body?.find((one) => one.id === id)?.name ?? id;
  }

  /** @param label name that the server gave it; left out: as the site knows it. */
  account(account: string, label?: string): string {
    const partner = /^(?:collector|client|returned|subcontractor):(?<id>.+)$/u.exec(account)?.groups?.['id'];
    return accountText(
      account,
      (id) => this.outlet(id),
      label ?? (partner === undefined ? undefined : this.partner(partner)),
    );
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

const [useSite, provideSite] = createContext<Site>();
export { useSite };

/** Of the component that opens it and all that it draws; runs while that is shown. Call it while that is set up. */
export function openSite(app: App, session: Session): Site {
  const site = new Site(app, session);
  provideSite(site);
  $effect(() => {
    const owner = new AbortController();
    untrack(() => void site.run(owner.signal));
    return () => owner.abort();
  });
  return site;
}
