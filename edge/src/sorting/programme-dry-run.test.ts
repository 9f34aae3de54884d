/** What a programme would change of what was sorted: of what was decided, by what may be decided. */
import type { ProgrammeDryRunData } from '@trame/protocol/classification/item-requests';
import { describe, expect, it } from 'vitest';
import type { Item } from '../domain/sorting/item.ts';
import { item, START_MS } from '../domain/sorting/test-item.ts';
import { TestClock } from '../pipeline/test-clock.ts';
import { programmeDryRun } from './programme-dry-run.ts';
import { CONFIG, programme } from './test-sorting.ts';

const UNREADABLE = { ...item(1).facts, reading: 'unreadable' as const, composition: null };

async function reportOf(items: readonly Item[], tried: unknown) {
  const question = programmeDryRun({
    items: { itemsOfTime: () => items },
    sorting: CONFIG,
    clock: new TestClock(),
  });
  const args = { programme: tried, from: START_MS, to: START_MS + 1 };
  const answer = await question.read(args, new AbortController().signal);
  if (answer.kind === 'refused') throw new Error(answer.detail);
  return (answer.data as ProgrammeDryRunData).report;
}

describe('a dry run', () => {
  it('changes nothing of what the same programme decided, though verdicts came too late', async () => {
    const fuel = { decided: 'csr', rule: 'reste' };
    const sorted = [
      item(1, { ...fuel, wrote: 'in-time', outlet: 'csr' }),
      item(2, { ...fuel, wrote: 'late', outlet: 'manuel' }),
      item(3, { ...fuel, wrote: 'refused', outlet: 'manuel' }),
    ];
    const { changed, flows } = await reportOf(sorted, programme());
    expect(changed.pieces).toBe(0);
    expect(flows).toMatchObject([{ from: 'csr', to: 'csr', pieces: 3 }]);
  });

  it('counts no change between outlets that share a number: a piece falls into the same bin', async () => {
    const sorted = [item(1, { decided: 'manuel', rule: null, outlet: 'manuel' })];
    const { changed, flows } = await reportOf(sorted, programme(1, 'elimination'));
    expect(changed.pieces).toBe(0);
    expect(flows).toMatchObject([{ from: 'manuel', to: 'manuel', pieces: 1 }]);
  });

  it('sends what could not be read to hand sorting, by no rule, as sorting does', async () => {
    const sorted = [
      item(1, { decided: 'manuel', rule: null, outlet: 'manuel', facts: UNREADABLE }),
      item(2, {
        decided: 'csr',
        rule: 'reste',
        outlet: 'csr',
        facts: { ...UNREADABLE, reading: 'none' },
      }),
    ];
    const { pieces, changed, flows, rules } = await reportOf(sorted, programme(1, 'csr'));
    expect([pieces, changed.pieces]).toEqual([2, 1]);
    expect(flows.find(({ from }) => from === 'csr')).toMatchObject({
      to: 'manuel',
      examples: [{ rule: null }],
    });
    expect(rules.map((rule) => rule.pieces)).toEqual([0, 0]);
  });
});
