/** What commands may be called over HTTP: their names, and plain words for those that control a line. */

export const COMMAND_ALIASES: Readonly<Record<string, string>> = {
  start: 'line.start',
  stop: 'line.stop',
  hold: 'line.hold',
  unhold: 'line.unhold',
  reset: 'line.reset',
  mode: 'line.mode',
  speed: 'setpoint.write',
  programme: 'programme.download',
  diverter: 'diverter.set',
  tare: 'scale.tare',
  zero: 'scale.zero',
  take: 'control.take',
  answer: 'control.answer',
  release: 'control.release',
};

/** @returns the name itself, when it is no plain word. */
export function commandNamed(word: string): string {
  return Object.hasOwn(COMMAND_ALIASES, word) ? (COMMAND_ALIASES[word] ?? word) : word;
}
