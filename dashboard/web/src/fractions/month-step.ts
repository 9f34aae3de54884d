/** Months of the calendar, `YYYY-MM`, one after the other. */

/** @param by months, back when negative. */
export function monthStep(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

const MONTH = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', month: 'long', year: 'numeric' });

/** @returns `novembre 2026`. */
export function monthText(month: string): string {
  const at = Date.parse(`${month}-01T00:00:00Z`);
  return Number.isFinite(at) ? MONTH.format(at) : month;
}
