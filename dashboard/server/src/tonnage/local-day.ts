/** Days and months of the site: cut in its own time zone, written `YYYY-MM-DD`, so that they compare as text. */

/** @returns the local day of an instant (ms since 1970 UTC), `YYYY-MM-DD`. The formatter is made once a zone. */
export function localDayIn(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (atMs) => format.format(atMs);
}

const DAY = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/u;

/** @returns whether the text is a date of the calendar. */
export function isDay(text: string): boolean {
  const found = DAY.exec(text)?.groups;
  if (found === undefined) return false;
  const at = new Date(Date.UTC(Number(found['year']), Number(found['month']) - 1, Number(found['day'])));
  return at.toISOString().slice(0, 10) === text;
}

/** @returns the first day of the month that holds `day`. */
export function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** @returns the first day of the month after the one that holds `day`. */
export function nextMonthStart(day: string): string {
  const at = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 1));
  return at.toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** @returns the day of the calendar after this one. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** No zone is further from UTC than this. */
const OFFSET_MAX_MS = 15 * 3_600_000;

/**
 * @param dayOf the zone's local day of an instant.
 * @returns ms since 1970 UTC at which a day `YYYY-MM-DD` of the calendar begins there.
 */
export function dayStartMs(day: string, dayOf: (atMs: number) => string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  let before = utc - OFFSET_MAX_MS;
  let within = utc + OFFSET_MAX_MS;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayOf(middle) < day) before = middle;
    else within = middle;
  }
  return within;
}
