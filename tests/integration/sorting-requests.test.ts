/** What a server asks of a line that sorts by spectra, over the broker: what was sorted, why, what if, and another programme. */
import type {
  ItemExplainData,
  ItemListData,
  ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { startControlledLine, type ControlledLine } from '../helpers/line-control.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { until } from '../helpers/until.ts';

const LATEST = { before: null, limit: 50, outlet: null, reading: null };
const SORTED_BEFORE = 30;
const POINTS = 186;

const ALL_FUEL: SortProgramme = {
  format: 'trame-sort-programme',
  id: 'tout-csr',
  version: 2,
  label: 'Tout en CSR',
  example: false,
  thresholds: {},
  ceilings: [],
  rules: [{ id: 'tout', label: 'Tout', when: {}, outlet: 'csr' }],
};

/** More than lie on the belt after the station. */
const ALL_OF = 10;

function lifeOf(id: string): string {
  return id.split(':')[1] ?? '';
}

describe('a line that sorts by spectra', () => {
  let line: ControlledLine;

  const latest = async (): Promise<ItemListData> => {
    const { code, detail, data } = await line.supervisor.ask('item.list', LATEST);
    if (code !== 'done') throw new Error(`item.list: ${code} ${detail ?? ''}`);
    return data as ItemListData;
  };
  /** The latest ones, once all of them were taken by a rule, and none of them has an id of these lives. */
  const sortedBy = (rule: string, livesBefore: readonly string[] = []) =>
    until(
      `pieces that the rule ${rule} took`,
      async () => {
        const items = (await latest()).items.slice(0, ALL_OF);
        const isNew = items.every(({ id }) => !livesBefore.includes(lifeOf(id)));
        return isNew && items.length === ALL_OF && items.every((item) => item.rule === rule) && items;
      },
      90_000,
    );

  beforeAll(async () => {
    line = await begun(await startControlledLine('demo/line.yaml', undefined, true), async (started) => {
      line = started;
      await until('pieces', async () => (await latest()).items.length >= SORTED_BEFORE, 120_000);
    });
  }, 240_000);

  afterAll(() => line[Symbol.asyncDispose]());

  it('tells what it sorted, and why, with the spectrum', async () => {
    const { items } = await latest();
    expect(items.map(({ readAt }) => readAt)).toEqual(
      items.map(({ readAt }) => readAt).toSorted((a, b) => b - a),
    );
    const pure = items.find(({ reading, rule }) => reading === 'pure' && rule !== null);
    if (pure === undefined) throw new Error('not one piece was read as pure');
    const { data } = await line.supervisor.ask('item.explain', { item: pure.id });
    const explained = data as ItemExplainData;
    expect(explained.item).toEqual(pure);
    expect(explained.verdict.gates.every(({ passed }) => passed)).toBe(true);
    const all = AUTOMATIC_LINE_PROGRAMME.rules.map(({ id }) => id);
    expect(explained.rules?.map(({ id }) => id)).toEqual(all);
    expect(explained.rules?.find(({ failed }) => failed === null)?.id).toBe(pure.rule);
    expect(explained.spectrum?.gridNm.length).toBeGreaterThanOrEqual(POINTS - 1);
    expect(explained.spectrum?.shape).toMatchObject({ classFibre: pure.fibre });
  }, 120_000);

  it('tries a programme, refuses one that cannot be, follows one, and still does after its edge was killed', async () => {
    const { supervisor, simulation } = line;
    const time = { from: Date.now() - 3_600_000, to: Date.now() + 60_000 };
    const { data } = await supervisor.ask('programme.dryRun', { programme: ALL_FUEL, ...time });
    const { report } = data as ProgrammeDryRunData;
    expect(report.pieces).toBeGreaterThanOrEqual(SORTED_BEFORE);
    expect(report.changed.pieces).toBeGreaterThan(0);
    expect(report.changed.pieces).toBeLessThan(report.pieces);

    const rules = AUTOMATIC_LINE_PROGRAMME.rules.slice(0, -1);
    const endless = { ...AUTOMATIC_LINE_PROGRAMME, rules };
    expect(await supervisor.ask('programme.activate', { programme: endless })).toMatchObject({
      code: 'refused',
      data: { findings: [{ fault: 'no-catch-all' }] },
    });

    expect(await supervisor.ask('programme.activate', { programme: ALL_FUEL })).toMatchObject({
      code: 'done',
    });
    const first = await sortedBy('tout');
    const before = await simulation.truth();
    await until(
      'five kilograms of fuel',
      async () => ((await simulation.truth()).outputKg['csr'] ?? 0) > (before.outputKg['csr'] ?? 0) + 5,
      90_000,
    );
    const after = await simulation.truth();
    // Those by hand, before the station, go on.
    for (const outlet of ['effilochage', 'polymere', 'buchettes']) {
      expect([outlet, after.outputKg[outlet]]).toEqual([outlet, before.outputKg[outlet]]);
    }

    line.edge().signal('SIGKILL');
    await line.edge().exited;
    line.startEdge();
    const lives = [...new Set(first.map(({ id }) => lifeOf(id)))];
    const told = await sortedBy('tout', lives);
    expect(new Set(told.map(({ outlet }) => outlet))).toEqual(new Set(['csr']));
    const active = (await exportLedger(line)).filter(({ type }) => type === 'programme.active');
    // What the sorter's own table holds is not what the line follows.
    expect(active.map(({ payload }) => payload?.['hash'])).toEqual([
      programmeHash(AUTOMATIC_LINE_PROGRAMME),
      programmeHash(ALL_FUEL),
    ]);
  }, 300_000);
});
