/** Times of the clock on the wall, in the zone of the site. */

/** What the wall shows at an instant. */
type WallClock = (atMs: number) => number;

const DAY_MS = 86_400_000;

/** @returns for an instant (ms since 1970 UTC) the ms that would be, were the wall's clock UTC. */
export function wallClockIn(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (atMs) => {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(atMs)) part[type] = value;
    const { year, month, day, hour, minute, second } = part;
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  };
}

/**
 * @param wallMs the time on the wall, as if it were UTC.
 * @param side of an hour that comes twice (autumn), its first or its last; of one that does not come (spring), the
 * moment as far after the gap as it would have been in it.
 * @returns ms since 1970 UTC.
 */
export function instantOf(wall: WallClock, wallMs: number, side: 'first' | 'last'): number {
  // No zone changes its clock twice within two days.
  const before = wallMs - offsetAt(wall, wallMs - DAY_MS);
  const after = wallMs - offsetAt(wall, wallMs + DAY_MS);
  const right = [before, after].filter((at) => wall(at) === wallMs);
  if (right.length === 0) return Math.max(before, after);
  return side === 'first' ? Math.min(...right) : Math.max(...right);
}

function offsetAt(wall: WallClock, atMs: number): number {
  const whole = Math.floor(atMs / 1_000) * 1_000;
  return wall(whole) - whole;
}
