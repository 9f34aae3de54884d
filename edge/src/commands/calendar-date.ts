/** Days as people write them, `YYYY-MM-DD`; they sort as they follow each other. */

const DAY_MS = 86_400_000;

/** @returns whether there is such a day: 30 February is none. */
export function isCalendarDate(text: string): boolean {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(atMs) && new Date(atMs).toISOString().slice(0, 10) === text;
}

/** @returns the latest day that it is anywhere on Earth at this moment, as far as a date may be stated. */
export function latestToday(nowMs: number): string {
  return new Date(nowMs + DAY_MS).toISOString().slice(0, 10);
}
