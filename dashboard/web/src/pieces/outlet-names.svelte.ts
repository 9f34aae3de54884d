/** Outlets of a line as people know them: from its description, else as the site calls them. */
import type { OutletRoute } from '@trame/protocol/line-description';
import type { App } from '../app.svelte.ts';
import { outletLook } from '../line/outlet-look.ts';
import type { Site } from '../material/site.svelte.ts';

export interface NamedOutlet {
  readonly id: string;
  readonly label: string;
  /** Null: nothing describes it, and it has no picture. */
  readonly look: { readonly route: OutletRoute; readonly colour: string } | null;
}

export class OutletNames {
  readonly #app: Pick<App, 'feed'>;
  readonly #site: Site;
  readonly #line: () => string | null;

  /** @param line whose outlets; null: none is known. */
  constructor(app: Pick<App, 'feed'>, site: Site, line: () => string | null) {
    this.#app = app;
    this.#site = site;
    this.#line = line;
  }

  /** In the order of the line's description; empty until that is heard. */
  get all(): readonly NamedOutlet[] {
    const outlets = this.#described;
    if (outlets.length === 0)
      return this.#site.outlets.map(({ value, label }) => ({ id: value, label, look: null }));
    return outlets.map(({ id, label, route }, index) => ({
      id,
      label,
      look: { route, colour: outletLook(index).colour },
    }));
  }

  of(id: string): NamedOutlet {
    return this.all.find((one) => one.id === id) ?? { id, label: this.#site.outlet(id), look: null };
  }

  label(id: string): string {
    return this.of(id).label;
  }

  get #described() {
    const line = this.#line();
    return this.#app.feed.lines.find((one) => one.line === line)?.description.outlets ?? [];
  }
}
