/** Days of the calendar, `YYYY-MM-DD`: they have no zone, and are written as they stand. */

const DAY = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const DAY_MS = 86_400_000;

/** @param day `YYYY-MM-DD`. @returns `22 novembre 2026`. */
export function dayText(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) ? DAY.format(at) : day;
}

/** @returns the day before `YYYY-MM-DD`: people name the last day of a period, not the one after it. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}
