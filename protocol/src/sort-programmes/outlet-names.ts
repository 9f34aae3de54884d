/** Outlets by the names that people know, in what is said of a programme. */

/** By id; one that is not there keeps its id. */
export type OutletNames = Readonly<Record<string, string>>;

export function outletName(names: OutletNames, id: string): string {
  return Object.hasOwn(names, id) ? (names[id] ?? id) : id;
}
