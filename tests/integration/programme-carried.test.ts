/**
 * A sort programme from who writes it to the pieces that go by it, and back: saved, tried and agreed to over HTTP, carried to the
 * edge, explained piece by piece; what a person says of a piece goes the same way. All over real sockets.
 */
import type { ItemsPage } from '@trame/protocol/classification/item-answers';
import type { ItemExplainData, ProgrammeDryRunData } from '@trame/protocol/classification/item-requests';
import type { CommandsAnswer } from '@trame/protocol/control/control-answers';
import type { CommandAnswer } from '@trame/protocol/health-api';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import type { LineProgrammes } from '@trame/protocol/sort-programmes/programme-answers';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { materialActs } from '../helpers/material-acts.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const ITEMS = `/lines/${LINE}/items`;
const SORTED_BEFORE = 30;
/** More than lie on the belt after the station. */
const ALL_OF = 10;
const SEEN_MS = 90_000;
/** Many pieces at twenty times the speed, and several of the server's looks. */
const NOTHING_FOR_MS = 8_000;
/** The server has looked once at least whether a line should be told again. */
const LOOKED_MS = 20_000;

/** Wool to fraying, all else to fuel. */
function woolApart(): SortProgramme {
  return {
    format: 'trame-sort-programme',
    id: 'laine-a-part',
    version: 1,
    label: 'Laine à part',
    example: false,
    thresholds: { laine: { value: 80, source: 'essai' } },
    ceilings: [],
    rules: [
      { id: 'laine', label: 'Laine', when: { 'fibre.wool': { atLeast: 'laine' } }, outlet: 'effilochage' },
      { id: 'tout-autre', label: 'Le reste', when: {}, outlet: 'csr' },
    ],
  };
}

/** No rule of another programme is called so. */
const OF_FIRST = ['laine', 'tout-autre'];

describe('a sort programme that was agreed to', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let administrator: DashboardClient;

  const acts = (client = supervisor) => materialActs(client);
  const latest = async () => (await acts().read<ItemsPage>(`${ITEMS}?limit=50`)).rows;
  const follows = async () => {
    const { rows } = await acts().read<LineProgrammes>('/sort-programmes/lines');
    return rows.find(({ line }) => line === LINE)?.follows ?? null;
  };
  /** The latest pieces, once rules of these took all of them. */
  const sortedBy = (rules: readonly string[]) =>
    until(
      `pieces that ${rules.join(' or ')} took`,
      async () => {
        // What could not be read goes to a person by no rule.
        const rows = (await latest()).filter(({ reading }) => reading !== 'unreadable').slice(0, ALL_OF);
        const isAll = rows.every(({ rule }) => rule !== null && rules.includes(rule));
        return rows.length === ALL_OF && isAll && rows;
      },
      SEEN_MS,
    );
  const activate = (client: DashboardClient) =>
    acts(client).act('/sort-programmes/laine-a-part/activate', { line: LINE, version: 1 });
  const told = async (type: string) => (await exportLedger(site)).filter((event) => event.type === type);

  beforeAll(async () => {
    const started = await startSite({
      history: 'embedded',
      profile: 'automatic',
      sorts: true,
      speed: 20,
      simulatorArgs: ['--no-incidents', '--crew-within', '1'],
      serverSettings: ['sortProgrammes: { approvals: 2 }'],
    });
    site = await begun(started, async () => {
      supervisor = await started.signInAs('supervisor');
      administrator = await started.signInAs('administrator');
      await until('pieces', async () => (await latest()).length >= SORTED_BEFORE, 120_000);
    });
  }, 240_000);

  afterAll(() => site[Symbol.asyncDispose]());

  it('is tried on what was sorted, and nothing follows it', async () => {
    const range = { from: Date.now() - 3_600_000, to: Date.now() + 60_000 };
    const dryRun = async (programme: object) =>
      (await acts().act(`/lines/${LINE}/dry-run`, { programme, ...range })) as unknown as ProgrammeDryRunData;
    const { report, isWhole } = await dryRun(woolApart());
    expect(isWhole).toBe(true);
    expect(report.pieces).toBeGreaterThanOrEqual(SORTED_BEFORE);
    expect(report.changedPercent.pieces).toBeGreaterThan(0);
    expect(report.changedPercent.pieces).toBeLessThan(100);
    expect(report.changedPercent.pieces).toBeCloseTo((100 * report.changed.pieces) / report.pieces, 6);
    const endless = { ...woolApart(), rules: woolApart().rules.slice(0, 1) };
    const refused = await acts().refusal(`/lines/${LINE}/dry-run`, { programme: endless, ...range });
    expect(refused).toMatchObject({ status: 409, code: 'programme-faulty' });
    expect(await follows()).toMatchObject({ hash: programmeHash(AUTOMATIC_LINE_PROGRAMME), by: 'line' });
  }, 120_000);

  it('reaches the edge once a second account agrees, and not before; the next pieces go by it, and tell why', async () => {
    await acts().act('/sort-programmes', { programme: woolApart() });
    expect((await activate(supervisor)).warnings).toEqual([]);
    await sleep(NOTHING_FOR_MS);
    const before = await latest();
    expect(before.filter(({ rule }) => rule !== null && OF_FIRST.includes(rule))).toEqual([]);
    expect(await follows()).toMatchObject({ hash: programmeHash(AUTOMATIC_LINE_PROGRAMME) });

    expect((await activate(administrator)).warnings).toEqual([]);
    const rows = await sortedBy(OF_FIRST);
    await until('the server is told', async () => (await follows())?.hash === programmeHash(woolApart()));
    const rest = rows.find(({ rule, reading }) => rule === 'tout-autre' && reading === 'pure') ?? rows[0];
    const explained = await acts().read<ItemExplainData>(`${ITEMS}/${encodeURIComponent(rest?.id ?? '')}`);
    expect(explained.programme).toEqual({
      id: 'laine-a-part',
      version: 1,
      hash: programmeHash(woolApart()),
    });
    expect(explained.rules?.map(({ id, failed }) => [id, failed === null])).toEqual([
      ['laine', rest?.rule === 'laine'],
      ['tout-autre', true],
    ]);
    expect(explained.spectrum?.absorbance.length).toBe(explained.spectrum?.gridNm.length);
    expect(explained.verdict.gates.length).toBeGreaterThan(0);
  }, 240_000);

  it('is contradicted for one piece: in the ledger, and beside the piece, once', async () => {
    const [piece] = await latest();
    if (piece === undefined) throw new Error('no piece');
    const at = `${ITEMS}/${encodeURIComponent(piece.id)}`;
    const operator = materialActs(await site.signInAs('operator'));
    const said = { to: 'polymere', reason: 'label-says', note: '100 % polyester' };
    const key = randomUUID();
    const first = (await operator.act(`${at}/override`, said, key)) as unknown as CommandAnswer;
    const again = (await operator.act(`${at}/override`, said, key)) as unknown as CommandAnswer;
    expect([first.code, again.seq]).toEqual(['done', first.seq]);
    expect(await operator.refusal(`${at}/override`, said)).toMatchObject({ code: 'same-outlet' });
    const explained = await operator.read<ItemExplainData>(at);
    expect(explained.overrides).toMatchObject([{ from: piece.outlet, ...said }]);
    expect(explained.item).toMatchObject({ outlet: piece.outlet, overriddenTo: 'polymere' });
    const changed = await told('verdict.changed');
    expect(changed.map(({ payload }) => payload)).toEqual([
      { line: LINE, item: piece.id, from: piece.outlet, ...said },
    ]);
  }, 120_000);

  it('is not sent again to a line that has it, by a server that was killed', async () => {
    await site.server.kill();
    site.server.start();
    await until('the server', async () => (await fetch(`${site.url}/healthz`)).ok, SEEN_MS);
    supervisor = await site.signInAs('supervisor');
    await until('its line', async () => (await supervisor.request(`/api/v1${ITEMS}`)).ok, SEEN_MS);
    await sleep(LOOKED_MS);
    await sortedBy(OF_FIRST);
    const active = await told('programme.active');
    expect(active.map(({ payload }) => payload?.['hash'])).toEqual([
      programmeHash(AUTOMATIC_LINE_PROGRAMME),
      programmeHash(woolApart()),
    ]);
    const { rows } = await acts().read<CommandsAnswer>(`/commands?line=${LINE}`);
    expect(rows.map(({ command }) => command)).not.toContain('programme.activate');
  }, 240_000);
});
