/** Times that a person writes down: day and hour as clocks at the site showed them. */

/**
 * @param day `YYYY-MM-DD`.
 * @param time `HH:MM`.
 * @returns ms since 1970 UTC; an hour that a clock showed twice is the first of them, one that it left out is an hour
 * later; null when it is no day or no time.
 */
export function localInstant(day: string, time: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(day) || !/^\d{2}:\d{2}$/u.test(time)) return null;
  const written = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(written) || new Date(written).toISOString().slice(0, 10) !== day) return null;
  const offsetMs = zoneOffset(timeZone);
  // The zone's offset a day before and a day after: one of them, or both, is the one that held.
  const tries = [written - DAY_MS, written + DAY_MS]
    .map((at) => written - offsetMs(at))
    .filter((at) => at + offsetMs(at) === written);
  return tries.length > 0 ? Math.min(...tries) : written - offsetMs(written - DAY_MS);
}

const DAY_MS = 86_400_000;

/** @returns how far the zone's clocks are ahead of UTC at an instant, ms. */
function zoneOffset(timeZone: string): (ms: number) => number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (ms) => {
    const of = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
    const shown = `${of['year']}-${of['month']}-${of['day']}T${of['hour']}:${of['minute']}:${of['second']}Z`;
    return Date.parse(shown) - Math.floor(ms / 1_000) * 1_000;
  };
}
