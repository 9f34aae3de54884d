/** Sort programmes for tests of the server. */
import type { SaveProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import type { SortProgramme, SortRule } from '@trame/protocol/sort-programmes/sort-programme';

/** Wool from `percent` on goes to one outlet, all else to another: both of the test site. */
export function woolProgramme(percent = 80, changes: Partial<SortProgramme> = {}): SortProgramme {
  return {
    format: 'trame-sort-programme',
    id: 'laine',
    version: 1,
    label: 'Laine',
    example: false,
    thresholds: { laine: { value: percent, source: 'essai' } },
    ceilings: [],
    rules: [
      { id: 'laine', label: 'Laine', when: { 'fibre.wool': { atLeast: 'laine' } }, outlet: 'effilochage' },
      { id: 'reste', label: 'Reste', when: {}, outlet: 'essuyage' },
    ],
    ...changes,
  };
}

/** Sixty rules that meet each other in every way: hard to check, always the same. */
export function intricateProgramme(): SortProgramme {
  let seed = 1;
  const below = (end: number) => (seed = (seed * 48_271) % 2_147_483_647) % end;
  const fibres = ['cotton', 'polyester', 'viscose', 'wool', 'polyamide', 'acetate'] as const;
  const test = () => {
    const low = below(19);
    const fibre = fibres[below(fibres.length)] ?? 'wool';
    return [
      `fibre.${fibre}`,
      { atLeast: `t${low}`, below: `t${low + 1 + below(19 - low)}`, guard: below(5) },
    ];
  };
  const rules = Array.from({ length: 60 }, (_, n) => ({
    id: `r${n}`,
    label: `R${n}`,
    when: Object.fromEntries([test(), test(), test()]) as SortRule['when'],
    outlet: below(2) === 0 ? 'effilochage' : 'essuyage',
  }));
  const limits = Array.from({ length: 20 }, (_, n) => [`t${n}`, { value: 5 * n, source: 'essai' }]);
  return woolProgramme(80, {
    thresholds: Object.fromEntries(limits) as SortProgramme['thresholds'],
    rules: [...rules, { id: 'reste', label: 'Reste', when: {}, outlet: 'essuyage' }],
  });
}

export function saving(programme: SortProgramme, note?: string): SaveProgrammeBody {
  return note === undefined ? { programme } : { programme, note };
}
