/** When a line is open, and when its people have a break: by the calendar of the site, in its own time. Pure. */
import { WEEKDAYS, type CalendarSettings } from './calendar-config.ts';
import { common, joined, type Interval } from './intervals.ts';
import { instantOf, wallClockIn } from './local-time.ts';

export interface OpenHours {
  /** Opening hours, breaks included. */
  readonly open: readonly Interval[];
  /** Breaks within them. */
  readonly breaks: readonly Interval[];
}

/** Longest period that is asked of a calendar, days: ten years. */
const DAYS_MAX = 3_660;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export class OpeningCalendar {
  readonly #settings: CalendarSettings;
  readonly #wall: (atMs: number) => number;
  readonly #closed: ReadonlySet<string>;

  constructor(settings: CalendarSettings, timeZone: string) {
    this.#settings = settings;
    this.#wall = wallClockIn(timeZone);
    this.#closed = new Set(settings.closed);
  }

  /** @throws when the period is longer than anybody asks. */
  between(from: number, to: number): OpenHours {
    const period = [{ from, to }];
    // What began on the day before may last into the first.
    const firstDay = Math.floor(this.#wall(from) / DAY_MS) * DAY_MS - DAY_MS;
    const lastDay = Math.floor(this.#wall(to) / DAY_MS) * DAY_MS;
    if ((lastDay - firstDay) / DAY_MS > DAYS_MAX) throw new Error(`more than ${DAYS_MAX} days of a calendar`);
    const open: Interval[] = [];
    const breaks: Interval[] = [];
    for (let day = firstDay; day <= lastDay; day += DAY_MS) {
      const hours = this.#hoursOf(day);
      if (hours.length === 0) continue;
      open.push(...hours.map((range) => this.#interval(day, range)));
      // Breaks of a night shift may lie after midnight.
      for (const range of this.#settings.breaks ?? []) {
        breaks.push(this.#interval(day, range), this.#interval(day + DAY_MS, range));
      }
    }
    const inPeriod = common(joined(open), period);
    return { open: inPeriod, breaks: common(inPeriod, breaks) };
  }

  #hoursOf(day: number): readonly string[] {
    if (this.#closed.has(new Date(day).toISOString().slice(0, 10))) return [];
    const weekday = WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7];
    return (weekday === undefined ? undefined : this.#settings.open[weekday]) ?? [];
  }

  #interval(day: number, range: string): Interval {
    const [from = '', to = ''] = range.split('-');
    const start = day + minutesOf(from) * MINUTE_MS;
    const end = day + minutesOf(to) * MINUTE_MS + (minutesOf(to) <= minutesOf(from) ? DAY_MS : 0);
    return { from: instantOf(this.#wall, start, 'first'), to: instantOf(this.#wall, end, 'last') };
  }
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
