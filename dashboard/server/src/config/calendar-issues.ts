/** What of `calendar:` and `stops:` cannot be though each key has its form. */
import { DEFAULT_STOP_CAUSES } from '@trame/protocol/stops/stop-names';
import { isHours, type CalendarSettings } from '../calendar/calendar-config.ts';
import { microStopMs, type StopSettings } from '../stops/stop-config.ts';
import { isDay } from '../tonnage/local-day.ts';

type Add = (pointer: string, message: string) => void;

export function calendarIssues({ open, closed, breaks }: CalendarSettings, add: Add): void {
  for (const [weekday, ranges] of Object.entries(open)) {
    hoursIssues(`/calendar/open/${weekday}`, ranges, add);
  }
  hoursIssues('/calendar/breaks', breaks ?? [], add);
  closed?.forEach((day, index) => {
    if (!isDay(day)) add(`/calendar/closed/${index}`, `«${day}» is no day of the calendar`);
  });
}

function hoursIssues(at: string, ranges: readonly string[], add: Add): void {
  ranges.forEach((range, index) => {
    if (!isHours(range))
      add(`${at}/${index}`, `«${range}» are no hours, expected some such as "08:00-12:00"`);
  });
}

export function stopIssues({ causes, microStop, propose }: StopSettings, add: Add): void {
  causes?.forEach(({ id }, index) => {
    const first = causes.findIndex((other) => other.id === id);
    if (first < index) add(`/stops/causes/${index}`, `«${id}» is there already, as number ${first + 1}`);
  });
  if (microStop !== undefined && microStopMs({ microStop }) === null) {
    add('/stops/microStop', 'expected a time from 10s to 30min, such as 2min');
  }
  const known = causes ?? DEFAULT_STOP_CAUSES;
  propose?.forEach(({ cause, ...when }, index) => {
    const at = `/stops/propose/${index}`;
    if (!known.some(({ id }) => id === cause)) add(`${at}/cause`, `«${cause}» is no cause of stops.causes`);
    if (Object.keys(when).length !== 1) add(at, 'expected exactly one of alarm, group, station and state');
  });
}
