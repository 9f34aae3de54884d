/** `GET /items?from=seq&limit=n`: the truth about what the NIR station read. */
import { maxItemsAnswered, type ItemsAnswer } from './nir-items.ts';

export type ItemsSource = (from: number, limit: number) => ItemsAnswer;

/** A whole number from 1 to `most`, or null. */
function wholeNumber(text: string, most: number): number | null {
  const value = /^\d{1,15}$/u.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

/** @param target as the request names it, with its query. */
export function answerItems(
  source: ItemsSource | null,
  target: string,
): { readonly status: number; readonly body: unknown } {
  if (source === null) return { status: 404, body: { error: 'this line has no NIR station' } };
  const query = new URLSearchParams(target.split('?', 2)[1] ?? '');
  const stranger = [...query.keys()].find((key) => key !== 'from' && key !== 'limit');
  if (stranger !== undefined) return { status: 400, body: { error: `?${stranger}: expected from or limit` } };
  const from = wholeNumber(query.get('from') ?? '1', Number.MAX_SAFE_INTEGER);
  if (from === null) return { status: 400, body: { error: '?from: expected a whole number from 1' } };
  const limit = wholeNumber(query.get('limit') ?? String(maxItemsAnswered), maxItemsAnswered);
  if (limit === null) {
    return { status: 400, body: { error: `?limit: expected a whole number from 1 to ${maxItemsAnswered}` } };
  }
  return { status: 200, body: source(from, limit) };
}
