/** Every key that the page uses is in the catalogue, and nothing in the catalogue is left over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALARM_REQUESTS } from '@trame/protocol/alarms/alarm-requests';
import { LEASE_COMMANDS, MOTION_COMMANDS } from '@trame/protocol/control/control-names';
import { MATERIAL_PAYLOADS } from '@trame/protocol/material/material-payloads';
import { describe, expect, it } from 'vitest';
import first from './fr.json' with { type: 'json' };
import control from './fr-control.json' with { type: 'json' };
import fractions from './fr-fractions.json' with { type: 'json' };
import health from './fr-health.json' with { type: 'json' };
import kiosk from './fr-kiosk.json' with { type: 'json' };
import material from './fr-material.json' with { type: 'json' };
import pieces from './fr-pieces.json' with { type: 'json' };
import programmes from './fr-programmes.json' with { type: 'json' };
import sorting from './fr-sorting.json' with { type: 'json' };
import stops from './fr-stops.json' with { type: 'json' };
import { addWords, t } from './translate.ts';

/** All catalogues: that of the first load, and those that come with their screens. */
const catalogues = [first, control, fractions, health, kiosk, material, pieces, programmes, sorting, stops];
const fr = Object.assign({}, ...catalogues) as object;
const groupsOfAll = catalogues.flatMap((words) => Object.keys(words));
const inBoth = groupsOfAll.filter((group, index) => groupsOfAll.indexOf(group) !== index);
for (const words of catalogues.slice(1)) addWords(words);

const SOURCE = join(import.meta.dirname, '..');
const PLURAL = /_(?:zero|one|two|few|many|other)$/u;

function keysOf(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${prefix}${name}`] : keysOf(value as object, `${prefix}${name}.`),
  );
}

const catalogue = keysOf(fr);
const keys = new Set(catalogue.map((key) => key.replace(PLURAL, '')));
const groups = new Set([...keys].map((key) => key.split('.')[0]));

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|svelte)$/u.test(name) && !/\.test\.ts$|\.d\.ts$/u.test(name))
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));

const requests = new Set<string>([...MOTION_COMMANDS, ...LEASE_COMMANDS, ...Object.keys(ALARM_REQUESTS)]);

/** Text in quotes that looks like a key of one of the catalogue's groups. */
const used = new Map<string, string>();
for (const { name, text } of files) {
  for (const [, key = ''] of text.matchAll(/'([a-zA-Z]+\.[a-zA-Z0-9]+)'/gu)) {
    // Types of events and names of requests look like keys and are none.
    if (Object.hasOwn(MATERIAL_PAYLOADS, key) || requests.has(key)) continue;
    if (groups.has(key.split('.')[0])) used.set(key, name);
  }
}

describe('the catalogue', () => {
  it('has no group in two files', () => {
    expect(inBoth).toEqual([]);
  });

  it('has every key that is used', () => {
    expect([...used].filter(([key]) => !keys.has(key))).toEqual([]);
  });

  it('has no key that is not used', () => {
    expect([...keys].filter((key) => !used.has(key))).toEqual([]);
  });

  it('has no empty text, no straight space before double punctuation', () => {
    const texts = catalogue.map((key) => [key, key.split('.').reduce<unknown>(step, fr)] as const);
    expect(texts.filter(([, text]) => typeof text !== 'string' || text.trim() === '')).toEqual([]);
    expect(texts.filter(([, text]) => / [:;!?»]|« /u.test(String(text)))).toEqual([]);
  });

  it('is spoken through t, plurals and places filled in', () => {
    expect(t('devices.doubtful', { count: 1 })).toBe('1 mesure douteuse');
    expect(t('devices.doubtful', { count: 3 })).toBe('3 mesures douteuses');
    expect(t('line.title', { line: '<b>' })).toBe('Ligne <b>');
  });
});

it('no word that a person reads stands in the markup', () => {
  const words = files
    .filter(({ name }) => name.endsWith('.svelte'))
    .flatMap(({ name, text }) => {
      const markup = text.replaceAll(/<(script|style)[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gu, '');
      return [...markup.matchAll(/>\s*([^<>{}]*[a-zà-ÿ]{3,}[^<>{}]*)\s*</giu)].map((hit) => [
        name,
        hit[1]?.trim(),
      ]);
    });
  expect(words.filter(([, word]) => !/^(?:\)|=|\}|&#|kg\/h)/u.test(word ?? ''))).toEqual([]);
});

function step(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}
