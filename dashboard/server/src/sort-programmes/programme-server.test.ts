/** Sort programmes through a whole server: who may do what, what is answered, and what a line is told. */
import type { Role } from '@trame/protocol/dashboard-api';
import type {
  LineProgrammes,
  ProgrammeAnswer,
  ProgrammeDiff,
  ProgrammeExamples,
  ProgrammeFindings,
  ProgrammeRow,
  ProgrammeVersionRow,
} from '@trame/protocol/sort-programmes/programme-answers';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CarriedTo, CarryOutcome, ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { eventually } from '../testing/eventually.ts';
import { startMaterialServer, type MaterialServer } from '../testing/test-material-server.ts';
import { woolProgramme } from './test-programmes.ts';

/** Stands in for the edges of the lines: keeps what it is given, and answers what it is told to. */
class StandInCarrier implements ProgrammeCarrier {
  readonly sent: { to: CarriedTo; programme: SortProgramme; hash: string }[] = [];
  outcome: CarryOutcome = { kind: 'taken' };

  send(to: CarriedTo, programme: SortProgramme, hash: string): Promise<CarryOutcome> {
    this.sent.push({ to, programme, hash });
    return Promise.resolve(this.outcome);
  }
}

const carrier = new StandInCarrier();
let site: MaterialServer;

/** Both outlets are those of the site. */
function wool(percent: number, changes: Partial<SortProgramme> = {}): SortProgramme {
  const programme = woolProgramme(percent, changes);
  const rules = programme.rules.map((rule, n) => ({ ...rule, outlet: n === 0 ? 'reuse' : 'wipers' }));
  return { ...programme, rules };
}

function saveSilk(percent: number, basedOn: object | null) {
  return site.act('/sort-programmes', { programme: wool(percent, { id: 'soie' }), basedOn });
}

beforeAll(async () => {
  site = await startMaterialServer({ sortProgrammes: { approvals: 2 } }, {}, undefined, carrier);
  for (const percent of [80, 85]) {
    await site.act('/sort-programmes', { programme: wool(percent) });
  }
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const line = 'tri-1';
const first = () => programmeHash(wool(80));

describe('sort programmes on a server', () => {
  it('are saved by version, read, listed and compared', async () => {
    const again = await site.act('/sort-programmes', { programme: wool(85, { version: 9 }) });
    expect(again).toMatchObject({ status: 201, body: { id: 'laine', number: 2, events: [] } });
    await site.act('/sort-programmes', { programme: wool(60, { id: 'lin' }), note: 'essai' });
    const one = await site.get<ProgrammeAnswer>('/sort-programmes/laine?version=1');
    expect(one).toMatchObject({ version: 1, lastVersion: 2, hash: first(), byYou: true });
    expect(one.programme).toEqual(wool(80));
    expect((await site.get<ProgrammeAnswer>('/sort-programmes/laine')).version).toBe(2);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { rows: ProgrammeRow[]; next: string | null } = await site.get(
        `/sort-programmes?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      pages.push(...page.rows.map(({ id, version }) => `${id} ${version}`));
      cursor = page.next;
    }
    expect(pages).toEqual(['lin 1', 'laine 2']);
    const versions = await site.get<{ rows: ProgrammeVersionRow[]; next: string }>(
      '/sort-programmes/laine/versions?limit=1',
    );
    expect(versions.rows.map(({ version }) => version)).toEqual([2]);
    const rest = await site.get<{ rows: ProgrammeVersionRow[]; next: null }>(
      `/sort-programmes/laine/versions?limit=1&cursor=${versions.next}`,
    );
    expect(rest).toMatchObject({ rows: [{ version: 1 }], next: null });
    const diff = await site.get<ProgrammeDiff>('/sort-programmes/laine/diff?from=1&to=2');
    expect(diff.rows).toMatchObject([{ kind: 'threshold-changed', about: 'laine' }]);
    const examples = await site.get<ProgrammeExamples>('/sort-programmes/examples');
    expect(examples.rows.length).toBeGreaterThan(1);
    expect(examples.rows.every(({ example }) => example)).toBe(true);
  });

  it('are refused when another was saved meanwhile, which is told', async () => {
    expect(await saveSilk(80, null)).toMatchObject({ status: 201, body: { number: 1 } });
    expect(await saveSilk(60, null)).toMatchObject({
      status: 409,
      body: { code: 'programme-exists', params: { programme: 'soie', version: 1 } },
    });
    expect(await saveSilk(85, { version: 1 })).toMatchObject({ status: 201, body: { number: 2 } });
    expect(await saveSilk(60, { version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'programme-moved-on', params: { programme: 'soie', version: 2 } },
    });
    expect(await saveSilk(60, { version: 3 })).toMatchObject({
      status: 404,
      body: { code: 'unknown-programme' },
    });
    expect((await saveSilk(60, { version: 0 })).status).toBe(400);
  });

  it('are checked without being saved, and refused with everything that is wrong', async () => {
    const bad = wool(80, { id: 'faux', rules: wool(80).rules.slice(0, 1) });
    const { status, body } = await site.act('/sort-programmes', { programme: bad });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'programme-faulty', params: { programme: 'faux', errors: 1 } });
    expect(body.findings).toMatchObject([{ fault: 'no-catch-all', weight: 'error', at: 'rules' }]);
    const check = async (asked: object) => {
      const answered = await site.act('/sort-programmes/check', asked, { role: 'trainee' });
      return { status: answered.status, body: answered.body as unknown as ProgrammeFindings };
    };
    expect((await check({ programme: bad })).body.rows).toEqual(body.findings);
    expect((await check({ programme: wool(80), line })).body.rows.map(({ weight }) => weight)).not.toContain(
      'error',
    );
    const nothing = await check({ programme: { rules: 'all' } });
    expect(nothing.status).toBe(200);
    expect(new Set(nothing.body.rows.map(({ fault }) => fault))).toEqual(new Set(['not-a-programme']));
    expect((await check({ programme: wool(80), line: 'nowhere' })).status).toBe(404);
    const badly = await site.act('/sort-programmes', { programme: { ...wool(80), format: 'other' } });
    expect(badly).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect((await site.act('/sort-programmes/faux/activate', { line, version: 1 })).body.code).toBe(
      'unknown-programme',
    );
  });

  it('are followed once a second account agrees, and the line is told exactly that version', async () => {
    const step = (what: string, version: number, role: Role) =>
      site.act(`/sort-programmes/laine/${what}`, { line, version }, { role });
    expect((await step('activate', 1, 'supervisor')).status).toBe(200);
    expect((await step('activate', 1, 'supervisor')).body.code).toBe('same-account');
    expect((await step('activate', 2, 'administrator')).body.code).toBe('another-waits');
    expect(carrier.sent).toEqual([]);
    expect((await step('activate', 1, 'administrator')).body.warnings).toEqual([]);
    expect(carrier.sent).toEqual([{ to: { site: 'caux', line }, programme: wool(80), hash: first() }]);
    carrier.outcome = { kind: 'no-reply' };
    expect((await step('activate', 1, 'supervisor')).body.warnings).toEqual(['line-not-told']);
    expect(carrier.sent).toHaveLength(2);
    expect((await step('withdraw', 1, 'supervisor')).body.code).toBe('not-waiting');
    expect((await step('activate', 2, 'supervisor')).status).toBe(200);
    expect((await step('withdraw', 2, 'administrator')).status).toBe(200);
    const before = await site.get<LineProgrammes>('/sort-programmes/lines');
    expect(before).toMatchObject({
      approvals: 2,
      rows: [{ line, follows: { version: 1, by: 'approval' }, approved: { hash: first() }, waiting: null }],
    });
    const said = { programme: 'laine', version: 1, hash: first() };
    site.line.send([site.line.ledger.add('programme.active', said)]);
    const after = await eventually(async () => {
      const { rows } = await site.get<LineProgrammes>('/sort-programmes/lines');
      return rows[0]?.follows?.by === 'line' ? rows[0] : null;
    });
    expect(after.follows).toMatchObject({ ...said, label: 'Laine' });
    const texts = await Promise.all(
      ['', '/lines', '/laine', '/laine/versions'].map(async (path) =>
        JSON.stringify(await site.get(`/sort-programmes${path}`)),
      ),
    );
    const { actorRef } = await site.get<{ actorRef: string }>('/session');
    expect(actorRef.length).toBeGreaterThan(8);
    for (const text of texts) {
      expect(text).not.toMatch(/supervisor|administrator|actorRef/u);
      expect(text).not.toContain(actorRef);
    }
  });

  it('are read by those who sort, and written by those who answer for it', async () => {
    const reads = ['', '/lines', '/examples', '/laine', '/laine/versions', '/laine/diff?from=1&to=2'];
    const writes = ['/sort-programmes', '/sort-programmes/laine/activate', '/sort-programmes/laine/withdraw'];
    const readers: readonly Role[] = ['operator', 'supervisor', 'trainee', 'administrator'];
    const writers: readonly Role[] = ['supervisor', 'administrator'];
    for (const role of ['operator', 'supervisor', 'trainee', 'administrator', 'region'] as const) {
      const cookie = await site.server.signIn(role);
      for (const path of reads) {
        const { status } = await site.server.get(`/api/v1/sort-programmes${path}`, cookie);
        expect([role, path, status]).toEqual([role, path, readers.includes(role) ? 200 : 403]);
      }
      for (const path of writes) {
        const { status } = await site.act(path, {}, { role });
        expect([role, path, status]).toEqual([role, path, writers.includes(role) ? 400 : 403]);
      }
      const { status } = await site.act('/sort-programmes/check', {}, { role });
      expect([role, status]).toEqual([role, readers.includes(role) ? 400 : 403]);
    }
    expect((await site.server.get('/api/v1/sort-programmes')).status).toBe(401);
    const supervisor = await site.server.signIn('supervisor');
    for (const [path, status] of [
      ['/laine?version=9', 404],
      ['/none/versions', 404],
      ['/laine/diff?from=1', 400],
      ['/laine/diff?from=1&to=9', 404],
      ['?cursor=x', 400],
    ] as const) {
      expect([path, (await site.server.get(`/api/v1/sort-programmes${path}`, supervisor)).status]).toEqual([
        path,
        status,
      ]);
    }
  });
});
