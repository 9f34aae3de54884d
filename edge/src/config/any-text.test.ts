import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { MAX_ISSUES } from './limits.ts';
import { parseLineConfig } from './parse-line-config.ts';
import { CONTROLLED_EXAMPLE } from './testing/controlled-example.ts';
import { ALARMS_EXAMPLE, EXAMPLE, RECORDING_EXAMPLE } from './testing/example.ts';
import { MAX_FILE_CHARS } from './yaml-source.ts';

const HEAD = 'site: s\nline: l\n';

const parse = (text: string) => parseLineConfig(text, 'line.yaml', { dataDir: '/var/lib/trame' });

function issuesOf(text: string): string[] {
  const parsed = parse(text);
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

describe('any text', () => {
  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
        (text) => parse(text).kind !== undefined,
      ),
    );
  });

  it.each([
    ['devices', EXAMPLE],
    ['recording', RECORDING_EXAMPLE],
    ['alarms', ALARMS_EXAMPLE],
    ['control', CONTROLLED_EXAMPLE],
  ])('is read or refused with a place, however a right one was damaged: %s', (_part, right) => {
    expect(issuesOf(right)).toStrictEqual([]);
    const characters = fc.constantFrom(...'\n\t -:{}[]"\'#&*!|>%@`,?0x~aé\0'.split(''));
    const damage = fc.record({
      at: fc.nat(right.length),
      cut: fc.nat(20),
      put: fc.string({ unit: characters, maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        let text = right;
        for (const { at, cut, put } of damages) text = text.slice(0, at) + put + text.slice(at + cut);
        const parsed = parse(text);
        // Past them stands how many there are more.
        const issues = parsed.kind === 'ok' ? [] : parsed.issues.slice(0, MAX_ISSUES);
        expect(parsed.kind === 'ok' || issues.length > 0).toBe(true);
        const lines = text.split('\n').length;
        expect(issues.every(({ line, column }) => line >= 1 && line <= lines + 1 && column >= 1)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is never larger than it may be', () => {
    expect(issuesOf(`#${' '.repeat(MAX_FILE_CHARS)}`)).toStrictEqual([
      `line.yaml:1:1: the file is larger than ${MAX_FILE_CHARS} characters`,
    ]);
  });

  it('cannot multiply itself by aliases', () => {
    const bomb = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`);
    const issues = issuesOf(['a-1: &a-1 [x]', ...bomb].join('\n'));
    expect(issues).toStrictEqual(['line.yaml:8:10: aliases make more than 200000 values of this file']);
    expect(issuesOf('devices: &a [*a]')).toStrictEqual(['line.yaml:1:14: this alias holds itself']);
    expect(issuesOf('devices: *a')).toStrictEqual([
      'line.yaml:1:10: this alias names no anchor that stands before it',
    ]);
  });

  it('cannot nest too deeply', () => {
    expect(issuesOf('['.repeat(50_000))).toStrictEqual([
      expect.stringMatching(/^line\.yaml:1:\d+: nested too deeply$/u),
    ]);
  });

  it('gets a bounded list of errors', () => {
    const many = issuesOf(`${HEAD}devices: [${'x,'.repeat(MAX_ISSUES + 8)}]`.replace('x,', '1,'));
    expect(many).toHaveLength(MAX_ISSUES + 1);
    expect(many.at(-1)).toBe('line.yaml: 8 more errors are not shown');
  });
});
