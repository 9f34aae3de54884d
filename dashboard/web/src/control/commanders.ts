/**
 * One commander for each line, as long as a session lasts: what was asked is followed, and a stop sent again, whatever
 * screen is shown meanwhile.
 */
import { Commander, type CommanderOptions } from './commander.svelte.ts';

const ofSessions = new WeakMap<AbortSignal, Map<string, Commander>>();

/** @param options `owner` ends with the session. */
export function commanderOf(options: CommanderOptions): Commander {
  const { owner, site, line } = options;
  const known = ofSessions.get(owner) ?? new Map<string, Commander>();
  ofSessions.set(owner, known);
  const key = `${site}/${line}`;
  const commander = known.get(key) ?? new Commander(options);
  known.set(key, commander);
  return commander;
}
