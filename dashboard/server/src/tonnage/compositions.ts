/** What outlets are made of, as the descriptions of their lines say. */
import type { LineDescription } from '@trame/protocol/line-description';
import type { Composition } from '@trame/protocol/material';

export class Compositions {
  readonly #ofLine = new Map<string, ReadonlyMap<string, Composition>>();

  describe(line: string, description: LineDescription): void {
    const known = description.outlets.flatMap(({ id, composition }): [string, Composition][] =>
      composition === undefined ? [] : [[id, composition]],
    );
    // A line that tells nothing now (its roles were taken out) keeps what its past masses were made of.
    const before = this.#ofLine.get(line) ?? [];
    this.#ofLine.set(line, new Map([...before, ...known]));
  }

  /** @returns all of them, by line and outlet. */
  all(): Readonly<Record<string, Readonly<Record<string, Composition>>>> {
    return Object.fromEntries([...this.#ofLine].map(([line, known]) => [line, Object.fromEntries(known)]));
  }

  of(line: string, outlet: string): Composition | null {
    return this.#ofLine.get(line)?.get(outlet) ?? null;
  }
}
