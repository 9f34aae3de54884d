/** Instants as people at the site read them, in the site's time zone. */

export interface InstantFormat {
  /** `08:12`. */
  readonly hourMinute: (ms: number) => string;
  /** `08:12:04`. */
  readonly time: (ms: number) => string;
  /** `22 nov. 08:12`. */
  readonly dayTime: (ms: number) => string;
  /** `08:12:04` on the day of `nowMs`, else `21 nov. 17:40`. */
  readonly recent: (ms: number, nowMs: number) => string;
  /** `22 nov.`. */
  readonly dayMonth: (ms: number) => string;
  /**
   * Instants in `[fromMs, toMs]` at round local times (whole hours, midnights…), at most `count`: where a time
   * axis is marked.
   */
  readonly splits: (fromMs: number, toMs: number, count: number) => number[];
  /** `2026-11-22`, the local day. */
  readonly day: (ms: number) => string;
  /** `novembre 2026`. */
  readonly month: (ms: number) => string;
  /** ms since 1970 UTC at which the local day of `ms` began. */
  readonly startOfDay: (ms: number) => number;
}

/** How instants are written, and which is the present (server time, ms since 1970 UTC). */
export interface Moment {
  readonly format: InstantFormat;
  readonly nowMs: number;
}

/** @throws RangeError when the zone is not known to the browser. */
export function instantFormat(timeZone: string): InstantFormat {
  const hourMinute = formatter({ timeZone, hour: '2-digit', minute: '2-digit' });
  const time = formatter({ timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const dayMonth = formatter({ timeZone, day: 'numeric', month: 'short' });
  const month = formatter({ timeZone, month: 'long', year: 'numeric' });
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const day = (ms: number): string => parts.format(ms);
  const dayTime = (ms: number): string => `${dayMonth(ms)} ${hourMinute(ms)}`;
  return {
    hourMinute,
    time,
    dayTime,
    dayMonth,
    splits: (fromMs, toMs, count) => splits(fromMs, toMs, count, (ms) => startOfDay(ms, day)),
    day,
    month,
    recent: (ms, nowMs) => (day(ms) === day(nowMs) ? time(ms) : dayTime(ms)),
    startOfDay: (ms) => startOfDay(ms, day),
  };
}

/** @returns the local day after `YYYY-MM-DD`. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** @returns `[from, to[` of the month that holds `YYYY-MM-DD`. */
export function monthOf(day: string): { readonly from: string; readonly to: string } {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
  return { from: `${day.slice(0, 7)}-01`, to: `${next}-01` };
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A local day begins on a whole minute, at most 25 hours ago: found by halving, whatever the zone's rules. */
function startOfDay(ms: number, day: (ms: number) => string): number {
  const today = day(ms);
  let inside = Math.floor(ms / MINUTE_MS);
  let outside = inside - 26 * 60;
  while (inside - outside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (day(middle * MINUTE_MS) === today) inside = middle;
    else outside = middle;
  }
  return inside * MINUTE_MS;
}

/** Steps of a time axis that people read without thinking, minutes; above a day whole days. */
const STEPS_MIN = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720];

function splits(fromMs: number, toMs: number, count: number, dayStart: (ms: number) => number): number[] {
  const spanMin = (toMs - fromMs) / MINUTE_MS;
  const stepMin = STEPS_MIN.find((step) => spanMin / step <= count);
  const days = stepMin === undefined ? Math.max(1, Math.ceil(spanMin / 1440 / count)) : 1;
  const found: number[] = [];
  let day = dayStart(fromMs);
  while (day <= toMs && found.length <= count * 2) {
    // From noon of a day, 24 hours on are always inside the next one, on days of 23 and of 25 hours too.
    let next = day;
    for (let passed = 0; passed < days; passed += 1) next = dayStart(next + 1.5 * DAY_MS);
    const stepMs = stepMin === undefined ? next - day : stepMin * MINUTE_MS;
    for (let at = day; at < next; at += stepMs) if (at >= fromMs && at <= toMs) found.push(at);
    day = next;
  }
  return found;
}

function formatter(options: Intl.DateTimeFormatOptions): (ms: number) => string {
  const format = new Intl.DateTimeFormat('fr-FR', { hourCycle: 'h23', ...options });
  return (ms) => format.format(ms);
}
