import { describe, expect, it } from 'vitest';
import { checkProgramme, programmeFaults } from './check-programme.ts';
import { gapsOf } from './find-gaps.ts';
import { overlapsOf } from './find-overlaps.ts';
import { reachOf } from './find-unreachable.ts';
import { AUTOMATIC_LINE_PROGRAMME } from './examples/automatic-line.ts';
import { errorSlices, pieceSpace } from './piece-space.ts';
import { DISRUPTORS } from './programme-inputs.ts';
import type { ProgrammeFault, ProgrammeFinding, RuleTests, SortProgramme } from './sort-programme.ts';
import { compiled, programmeOf, rule } from './test-programmes.ts';

function of(
  fault: ProgrammeFault,
  programme: SortProgramme,
  outlets: string[] | null = null,
): ProgrammeFinding[] {
  return checkProgramme(programme, outlets).filter((finding) => finding.fault === fault);
}

const cotton = (atLeast: string, more: RuleTests['fibre.cotton'] = {}): RuleTests => ({
  'fibre.cotton': { atLeast, ...more },
});

describe('errors of a programme', () => {
  it.each<[string, SortProgramme, string[] | null]>([
    ['none', programmeOf(rule('a', cotton('t80'), 'csr')), null],
    ['an outlet that is not there', programmeOf(rule('a', cotton('t80'), 'lune')), ['csr', 'reste']],
    [
      'a ceiling for one that is not there',
      {
        ...AUTOMATIC_LINE_PROGRAMME,
        rules: AUTOMATIC_LINE_PROGRAMME.rules.filter(({ outlet }) => outlet !== 'csr'),
      },
      [...new Set(AUTOMATIC_LINE_PROGRAMME.rules.map(({ outlet }) => outlet))].filter((id) => id !== 'csr'),
    ],
    [
      'no last rule',
      { ...AUTOMATIC_LINE_PROGRAMME, rules: AUTOMATIC_LINE_PROGRAMME.rules.slice(0, -1) },
      null,
    ],
    ['a threshold that is none', programmeOf(rule('a', cotton('t99-of-nowhere'))), null],
    ['nothing that it says', { ...AUTOMATIC_LINE_PROGRAMME, rules: [], thresholds: {} }, []],
  ])('are found without comparing rules, as with it: %s', (what, programme, outlets) => {
    const errors = checkProgramme(programme, outlets).filter(({ weight }) => weight === 'error');
    expect(programmeFaults(programme, outlets)).toEqual(errors);
    expect(errors.length === 0).toBe(what === 'none');
  });

  it('are a last rule that does not take everything, and one before it that does', () => {
    const sound = programmeOf(rule('a', cotton('t80')), rule('b', cotton('t50')));
    expect(of('no-catch-all', { ...sound, rules: sound.rules.slice(0, 2) })).toMatchObject([
      { weight: 'error', at: 'rules' },
    ]);
    const early = programmeOf(rule('tout', {}), rule('b', cotton('t50')));
    expect(of('catch-all-not-last', early)).toMatchObject([{ about: ['tout'], at: 'rules[0]' }]);
    expect(of('catch-all-not-last', { ...early, rules: early.rules.slice(0, 2) })).toHaveLength(1);
  });

  it('are two rules of one name, a test that asks nothing, an outlet that the line does not have', () => {
    const programme = programmeOf(
      rule('a', cotton('t80'), 'csr'),
      rule('a', { moisture: { orUnknown: true }, disruptors: {} }, 'lune'),
    );
    expect(of('double-id', programme)).toMatchObject([{ about: ['a'], at: 'rules[1].id' }]);
    expect(of('empty-test', programme).map(({ at }) => at)).toEqual([
      'rules[1].when.moisture',
      'rules[1].when.disruptors',
    ]);
    expect(of('unknown-outlet', programme, ['csr', 'manuel'])).toMatchObject([
      { about: ['a'], at: 'rules[1].outlet', weight: 'error' },
    ]);
    const ceiling = { outlet: 'ailleurs', substance: 'Mercure', mgPerKgDry: 3, source: 'essai' };
    expect(
      of('unknown-outlet', { ...programme, ceilings: [ceiling] }, ['csr', 'manuel', 'lune']),
    ).toMatchObject([{ at: 'ceilings[0].outlet' }]);
  });

  it('come before warnings, and those before notes', () => {
    const programme = programmeOf(rule('a', cotton('t80'), 'csr'), rule('b', cotton('t90'), 'lune'));
    const weights = checkProgramme(programme, ['csr', 'manuel']).map(({ weight }) => weight);
    expect(weights).toEqual(
      [...weights].sort((a, b) => 'ewn'.indexOf(a.charAt(0)) - 'ewn'.indexOf(b.charAt(0))),
    );
    expect(new Set(weights)).toEqual(new Set(['error', 'warning', 'note']));
  });
});

describe('a threshold', () => {
  it('is unused when no rule needs it, directly or through another', () => {
    const programme = programmeOf(rule('a', cotton('b')));
    const source = 'essai';
    const thresholds = {
      base: { value: 70, source },
      b: { of: 'base', plus: 10, source },
      c: { of: 'b', plus: 1, source },
    };
    expect(of('unused-threshold', { ...programme, thresholds })).toMatchObject([
      { about: ['c'], weight: 'warning', at: 'thresholds.c' },
    ]);
  });
});

/** Names of the rules, `r0`, `r1` …, to which nothing comes. */
function unreachable(...rules: RuleTests[]) {
  const programme = programmeOf(...rules.map((when, index) => rule(`r${index}`, when)));
  return of('unreachable', programme).map(({ about }) => about[0]);
}

describe('a rule is unreachable', () => {
  it('when one before it takes more', () => {
    expect(unreachable(cotton('t80'), cotton('t90'))).toEqual(['r1']);
    expect(unreachable(cotton('t90'), cotton('t80'))).toEqual([]);
  });

  it('when several before it take it together', () => {
    expect(
      unreachable(
        cotton('t80'),
        { 'fibre.cotton': { below: 't80', orUnknown: true } },
        { grade: { in: ['waste'] } },
      ),
    ).toEqual(['r2']);
    expect(
      unreachable(cotton('t80'), { 'fibre.cotton': { below: 't80' } }, { grade: { in: ['waste'] } }),
    ).toEqual([]);
  });

  it('not when only a larger error of the reading leads to it', () => {
    expect(unreachable(cotton('t80', { guard: 1 }), cotton('t90'))).toEqual([]);
    expect(unreachable(cotton('t80', { guard: 1 }), cotton('t90', { guard: 1 }))).toEqual(['r1']);
    expect(unreachable(cotton('t80', { guard: 1 }), cotton('t80', { guard: 2 }))).toEqual(['r1']);
  });

  it('when fibres would add up to more than 100, or a group to less than its fibre', () => {
    expect(
      unreachable({ 'fibre.cotton': { atLeast: 't60' }, 'fibre.polyester': { atLeast: 't50' } }),
    ).toEqual(['r0']);
    expect(
      unreachable({ 'fibre.cotton': { atLeast: 't60' }, 'fibre.polyester': { atLeast: 't40' } }),
    ).toEqual([]);
    expect(unreachable({ 'fibre.cotton': { atLeast: 't60' }, 'group.natural': { below: 't50' } })).toEqual([
      'r0',
    ]);
    // What is neither natural nor artificial is synthetic.
    expect(
      unreachable({
        'group.natural': { below: 't30' },
        'group.artificial': { below: 't30' },
        'group.synthetic': { below: 't40' },
      }),
    ).toEqual(['r0']);
  });

  it('when it asks for fibres of what was not read', () => {
    expect(unreachable({ reading: { in: ['unknown', 'none'] }, ...cotton('t50') })).toEqual(['r0']);
    expect(unreachable({ reading: { in: ['none'] }, ...cotton('t50', { orUnknown: true }) })).toEqual([]);
  });

  it('and its note says by what', () => {
    const [found] = of(
      'unreachable',
      programmeOf(
        rule('large', cotton('t50')),
        rule('autre', { colour: { in: ['white'] } }),
        rule('petit', cotton('t60')),
      ),
    );
    expect(found).toMatchObject({ weight: 'warning', at: 'rules[2]', about: ['petit'] });
    expect(found?.words).toContain('« Règle large »');
    expect(found?.words).not.toContain('\u202f');
  });
});

function halves(one: string, other: string): SortProgramme {
  return programmeOf(
    rule('a', cotton('t50'), one),
    rule('b', { 'fibre.polyester': { atLeast: 't40' } }, other),
  );
}

describe('an overlap', () => {
  it('is told with a piece that both rules ask for, unless they lead to the same outlet', () => {
    const [found] = of('overlap', halves('x', 'y'));
    expect(found).toMatchObject({ weight: 'note', about: ['a', 'b'], at: 'rules[0]' });
    expect(found?.words).toMatch(
      /coton \d+\u00a0% \+ polyester \d+\u00a0%|polyester \d+\u00a0% \+ coton \d+\u00a0%/u,
    );
    expect(of('overlap', halves('x', 'x'))).toEqual([]);
  });

  it('names outlets as people do', () => {
    const words = checkProgramme(halves('x', 'y'), ['x', 'autre'], { x: 'Crème', autre: 'CSR' })
      .map((finding) => finding.words.replaceAll(/\s/gu, ' '))
      .join('\n');
    expect(words).toContain('(→ Crème) passe avant');
    expect(words).toContain('mène à « y », un débouché');
    expect(words).toContain("Choisissez l'un de : Crème, CSR.");
  });

  it('is none where no piece can be both', () => {
    const apart = programmeOf(rule('a', cotton('t60')), rule('b', { 'fibre.polyester': { atLeast: 't50' } }));
    expect(of('overlap', apart)).toEqual([]);
  });
});

describe('a gap', () => {
  it('is told in words, with its width', () => {
    const programme = programmeOf(
      rule('a', cotton('t80')),
      rule('b', { 'fibre.cotton': { below: 't20', orUnknown: true } }),
    );
    const found = of('gap', programme);
    expect(found).toMatchObject([{ weight: 'note', about: ['reste'], at: 'rules[2]' }]);
    expect(found[0]?.words).toContain('coton de 20\u00a0% à 80\u00a0%');
  });

  it('is none of combinations that cannot be', () => {
    const programme = programmeOf(
      rule('a', cotton('t50')),
      rule('b', { 'group.natural': { below: 't60', orUnknown: true } }),
      rule('c', { 'group.synthetic': { below: 't50' }, 'group.artificial': { below: 't10' } }),
    );
    // Left: natural 60 and more, so no synthetic of 50; artificial of 10 and more.
    const [found, ...more] = of('gap', programme);
    expect(more).toEqual([]);
    expect(found?.words).not.toContain('synthétiques 50');
    expect(
      of('gap', programmeOf(rule('tout', { 'fibre.cotton': { atLeast: 't0', orUnknown: true } }))),
    ).toEqual([]);
  });
});

/**
 * 63 rules of one or two tests, drawn by a linear congruence.
 * @param widths how many guards of different width there are.
 */
function tangle(widths: number): SortProgramme {
  const inputs = ['fibre.cotton', 'fibre.polyester', 'fibre.wool', 'fibre.acrylic', 'group.natural'] as const;
  let state = 12_345;
  const draw = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 65_536) % below;
  };
  const rules = Array.from({ length: 63 }, (_, index) => {
    const when: RuleTests = { disruptors: { noneOf: [DISRUPTORS[draw(DISRUPTORS.length)] ?? 'zip'] } };
    for (let test = 0; test < 2; test += 1) {
      const input = inputs[draw(inputs.length)] ?? 'fibre.cotton';
      const low = draw(8);
      when[input] = {
        atLeast: `t${low * 10}`,
        below: `t${(low + 2) * 10}`,
        guard: (5 * draw(widths)) / widths,
        orUnknown: draw(2) === 0,
      };
    }
    return rule(`r${index}`, when, `o${index % 3}`);
  });
  return programmeOf(...rules);
}

describe('a programme that is too intricate', () => {
  it('by guards that all differ is said to be so; the largest that is compared takes seconds at most', () => {
    expect(of('too-intricate', tangle(60))).toMatchObject([{ weight: 'warning', about: [] }]);
    const started = performance.now();
    expect(checkProgramme(tangle(4), null).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 30_000);

  it('is not taken for one whose rules are reached, apart and without gaps', () => {
    const { rules } = compiled(tangle(4));
    const spaces = errorSlices(rules).map((slice) => pieceSpace(rules, slice));
    const [space] = spaces;
    if (space === undefined) throw new Error('there is no slice');
    const none = { tries: 0 };
    expect(reachOf(40, spaces, none)).toEqual({ kind: 'given-up' });
    expect(overlapsOf(rules, spaces, none)).toContain(null);
    expect(gapsOf(space, 5, none)).toEqual({ gaps: [], isAll: false });
  });
});
