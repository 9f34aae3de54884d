/**
 * The MQTT client id of an edge node: the same at every attempt, so that the broker ends a half-open
 * predecessor at once, and never that of another line. No name of a site or line holds a colon.
 */
export function clientIdOf(site: string, line: string): string {
  return `trame-edge:${site}:${line}`;
}
