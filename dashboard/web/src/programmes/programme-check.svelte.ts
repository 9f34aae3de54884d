/** Looks at what the editor holds, a moment after it was changed: first whether it can be written down, then what it means. */
import { untrack } from 'svelte';
import { checkProgramme } from '../api/programmes.ts';
import type { Site } from '../material/site.svelte.ts';
import { NO_FINDINGS, placeFindings, type Finding, type PlacedFindings } from './place-findings.ts';
import type { ProgrammeForm } from './programme-form.ts';
import { programmeOfForm } from './programme-of-form.ts';

/** Nobody wants to be told while typing. */
const PAUSE_MS = 500;

export type CheckState = 'looking' | 'told' | 'away';

export class ProgrammeCheck {
  readonly #site: Site;
  #state = $state.raw<CheckState>('looking');
  #placed = $state.raw<PlacedFindings>(NO_FINDINGS);
  /** What was looked at last: the same, read anew from the server, need not be looked at again. */
  #looked: string | null = null;

  /** To be made while a component is. @param form what the editor holds. */
  constructor(site: Site, form: () => ProgrammeForm) {
    this.#site = site;
    $effect(() => {
      const held = form();
      if (JSON.stringify(held) === this.#looked) return undefined;
      const owner = new AbortController();
      const timer = setTimeout(() => void this.#look(held, owner.signal), PAUSE_MS);
      untrack(() => {
        this.#looked = null;
        this.#state = 'looking';
      });
      return () => {
        clearTimeout(timer);
        owner.abort();
      };
    });
  }

  get state(): CheckState {
    return this.#state;
  }

  /** As it was when it was looked at last. */
  get placed(): PlacedFindings {
    return this.#placed;
  }

  /** Of a refusal to save. */
  tell(findings: readonly Finding[], form: ProgrammeForm): void {
    const { programme } = programmeOfForm(form, 1, []);
    this.#placed = placeFindings(
      findings,
      form,
      programme.rules.map(({ id }) => id),
    );
    this.#looked = JSON.stringify(form);
    this.#state = 'told';
  }

  async #look(form: ProgrammeForm, signal: AbortSignal): Promise<void> {
    const { programme, faults } = programmeOfForm(form, 1, []);
    if (faults.length > 0) {
      this.tell(
        faults.map(({ at, words }) => ({ at, weight: 'error', about: [], words })),
        form,
      );
      return;
    }
    const answer = await this.#site.app.noticed(checkProgramme(programme, null, signal));
    if (signal.aborted) return;
    if (answer.kind === 'ok') this.tell(answer.body.rows, form);
    else {
      this.#looked = null;
      this.#state = 'away';
    }
  }
}
