/** How far a zone's clocks are from UTC, as EPCIS writes it. */

const MINUTE_MS = 60_000;

/** @returns for a time, ms since 1970 UTC, `+02:00`. */
export function zoneOffsetOf(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (atMs) => {
    const name = format
      .formatToParts(new Date(atMs - (atMs % MINUTE_MS)))
      .find(({ type }) => type === 'timeZoneName');
    const offset = (name?.value ?? '').replace('GMT', '');
    return offset === '' ? '+00:00' : offset;
  };
}
