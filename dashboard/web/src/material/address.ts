/** Parts of an address. */

export type Query = Readonly<Record<string, string | number | null>>;

/** @returns path and query; what is null is left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) search.set(name, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** @returns the segment as it was meant, or null when it is none. */
export function segment(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
