/** Names of shifts and campaigns: a letter and the minute in which they began, UTC. */

/** At most so many begin within one minute. */
const PER_MINUTE_MAX = 100;

/**
 * @param taken whether something has the name already.
 * @returns `S20261120T1000`, or the next free `S20261120T1000-2`.
 * @throws when more begin within one minute than can be told apart.
 */
export async function timeName(
  letter: 'S' | 'C',
  atMs: number,
  taken: (name: string) => Promise<boolean>,
): Promise<string> {
  const minute = new Date(atMs).toISOString().slice(0, 16).replaceAll(/[-:]/gu, '');
  for (let n = 1; n <= PER_MINUTE_MAX; n += 1) {
    const name = n === 1 ? `${letter}${minute}` : `${letter}${minute}-${n}`;
    if (!(await taken(name))) return name;
  }
  throw new Error(`more than ${PER_MINUTE_MAX} begin in the minute ${minute}`);
}
