/** Months of the calendar, `YYYY-MM`. */

/** @returns the month before the one of a day `YYYY-MM-DD`: the one that can be closed. */
export function monthBefore(day: string): string {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

/** @returns first day of the month, and of the one after it. */
export function daysOf(month: string): { readonly from: string; readonly to: string } {
  const year = Number(month.slice(0, 4));
  const number = Number(month.slice(5, 7));
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: `${month}-01`, to: `${next}-01` };
}
