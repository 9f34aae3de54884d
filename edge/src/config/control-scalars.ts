/** Readers that the sections of `control:` share. */
import type { ConfigNode, Reader } from './config-node.ts';
import { finiteNumber, text } from './scalar-readers.ts';

export const LABEL_CHARS_MAX = 80;
/** Of an interlock: each is told with every picture of the line. */
const WORDS_CHARS_MAX = 200;

/** What is shown to a person and recorded: half a character has no canonical form. */
export function shownText(what: string, maxChars: number): Reader<string> {
  return (node) => {
    const read = text(what, maxChars)(node);
    if (read === undefined || read.isWellFormed()) return read;
    return node.fail('expected whole characters, got half of one (a lone surrogate)');
  };
}

export const label = shownText('a label', LABEL_CHARS_MAX);
export const words = shownText('words for a person', WORDS_CHARS_MAX);

/** @returns the key of a map as a whole number; undefined (reported) when it is none of these. */
export function wholeKey(key: string, at: ConfigNode, min: number, max: number): number | undefined {
  const number = /^\d{1,10}$/u.test(key) ? Number(key) : NaN;
  if (number >= min && number <= max) return number;
  return at.fail(`expected a whole number from ${min} to ${max} as key, got ${JSON.stringify(key)}`);
}

export const positive: Reader<number> = (node) => {
  const number = finiteNumber(node);
  if (number === undefined || number > 0) return number;
  return node.fail(`expected a number above 0, got ${number}`);
};
