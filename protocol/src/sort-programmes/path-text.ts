/** Where something stands in a programme, as who edits it would write it: `rules[2].when["fibre.cotton"].atLeast`. */

const PLAIN = /^[A-Za-z_][\w-]*$/u;

export function pathText(parts: readonly (string | number)[]): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (PLAIN.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}
