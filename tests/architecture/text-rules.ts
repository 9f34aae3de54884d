/** Rules on the text of the sources that the linter has no rule for, or does not apply to `.svelte` files. */

export interface TextRule {
  readonly name: string;
  readonly why: string;
  readonly forbidden: RegExp;
  /** Which files it is for; paths from the root, with forward slashes. */
  readonly appliesTo: (path: string) => boolean;
}

export interface TextBreach {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

/** Where time and chance are passed in: everything that runs in production, but for its `system` folder.
 * What only tests use is named `test-….ts`. */
function isPure(path: string): boolean {
  return (
    /^(?:protocol|edge|dashboard\/server|dashboard\/web)\/src\//u.test(path) &&
    !/\/system\/|\.test\.ts$|\/test-[^/]*\.ts$/u.test(path)
  );
}

export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'time-is-passed-in',
    why: 'Take a Clock: a test has to be able to set the time.',
    forbidden: /new Date\(\s*\)|\bDate\.now\s*\(|\bperformance\.now\s*\(/u,
    appliesTo: isPure,
  },
  {
    name: 'chance-is-passed-in',
    why: 'Take an Entropy: a test has to be able to set the outcome.',
    forbidden: /\bMath\.random\s*\(/u,
    appliesTo: isPure,
  },
  {
    name: 'nothing-is-muted',
    why: 'A silenced compiler or linter hides the next error too.',
    forbidden: /@ts-(?:ignore|nocheck|expect-error)|(?:oxlint|eslint)-disable/u,
    appliesTo: () => true,
  },
  {
    name: 'no-test-is-left-out',
    why: 'A test that does not run proves nothing.',
    forbidden: /\b(?:it|test|describe|suite)\.(?:skip|only|todo|fails|skipIf|runIf)\b/u,
    appliesTo: (path) => path.endsWith('.test.ts'),
  },
  {
    name: 'nothing-is-put-off',
    why: 'What is not done is not in the code.',
    forbidden: /\b(?:TODO|FIXME|XXX|HACK)\b/u,
    appliesTo: () => true,
  },
];

/** Every line of `text` that breaks a rule. */
export function textBreaches(path: string, text: string): TextBreach[] {
  const rules = TEXT_RULES.filter((rule) => rule.appliesTo(path));
  if (rules.length === 0) return [];
  return text
    .split('\n')
    .flatMap((content, index) =>
      rules
        .filter((rule) => rule.forbidden.test(content))
        .map((rule) => ({ rule: rule.name, file: path, line: index + 1 })),
    );
}
