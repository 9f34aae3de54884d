/** From what people call something to a name that a programme can hold: letters without accents, digits, dashes. */

const NAME_MAX = 60;

/** @param usual in the place of a label that has neither letter nor digit. @param taken names that others have. */
export function nameOfLabel(label: string, usual: string, taken: ReadonlySet<string>): string {
  const plain = label
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-|-$/gu, '')
    .slice(0, NAME_MAX - 4)
    .replace(/-$/u, '');
  const name = plain === '' ? usual : plain;
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}
