/** What people do with sort programmes, and what follows from it, on both engines. */
import type { SaveProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortRule } from '@trame/protocol/sort-programmes/sort-programme';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { opaqueId } from '../ledger/test-ledger.ts';
import { differing, NONE_DIFFER, rowsOf } from '../material/project/test-rows.ts';
import type { Reference } from '../material/reference.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { lineRows, programmeRows } from './programme-lists.ts';
import { saveProgramme } from './save-programme.ts';
import { activateProgramme, withdrawProgramme } from './step-programme.ts';
import { saving, woolProgramme } from './test-programmes.ts';

const ONE = opaqueId('one');
const TWO = opaqueId('two');
const LINE = 'tri-1';
const on = (version: number, line = LINE) => ({ line, version });

function savingOn(percent: number, basedOn: { readonly version: number } | null): SaveProgrammeBody {
  return { ...saving(woolProgramme(percent)), basedOn };
}

async function lineOf(site: MaterialSite, line = LINE) {
  const rows = await lineRows(site.book.programmes, site.reference, site.actorRef);
  return rows.find((row) => row.line === line);
}

describe.each(RECORDS_ENGINES)('sort programmes, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function freshSite(changes: Partial<Reference> = {}): Promise<MaterialSite> {
    const fresh = await freshRecords();
    const site = new MaterialSite(fresh.records, { ...TEST_REFERENCE, ...changes }, async () => {
      await fresh[Symbol.asyncDispose]();
    });
    site.actorRef = ONE;
    return site;
  }

  it('get a version with each change, and none without', async () => {
    await using site = await freshSite();
    const first = await site.act(saveProgramme, saving(woolProgramme(80, { version: 77 }), ' d’hiver '));
    expect(first).toMatchObject({ id: 'laine', number: 1 });
    expect(await site.book.programmes.version('laine', 1)).toMatchObject({
      hash: programmeHash(woolProgramme(80)),
      label: 'Laine',
      note: 'd’hiver',
      actorRef: ONE,
    });
    site.actorRef = TWO;
    expect(await site.ask(saveProgramme, saving(woolProgramme(80)))).toMatchObject({
      kind: 'record',
      number: 1,
      drafts: [],
    });
    expect((await site.act(saveProgramme, saving(woolProgramme(85)))).number).toBe(2);
    expect((await site.act(saveProgramme, saving(woolProgramme(80)))).number).toBe(3);
    await site.act(saveProgramme, saving(woolProgramme(80, { id: 'lin' })));
    const versions = await site.book.programmes.versions('laine', null, 10);
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect((await site.book.programmes.versions('laine', 3, 1)).map(({ version }) => version)).toEqual([2]);
    const heads = await site.book.programmes.lastVersions(null, 10);
    expect(heads.map(({ programme, version }) => [programme, version])).toEqual([
      ['lin', 1],
      ['laine', 3],
    ]);
    const [lin] = heads;
    const after = { at: lin?.at ?? 0, id: 'lin' };
    expect((await site.book.programmes.lastVersions(after, 10)).map(({ programme }) => programme)).toEqual([
      'laine',
    ]);
  });

  it('are saved by who knew what is there, and by nobody who did not', async () => {
    await using site = await freshSite();
    expect((await site.refusal(saveProgramme, savingOn(80, { version: 1 }))).code).toBe('unknown-programme');
    await site.act(saveProgramme, savingOn(80, null));
    const taken = { code: 'programme-exists', params: { programme: 'laine', version: 1 } };
    expect(await site.ask(saveProgramme, savingOn(60, null))).toMatchObject(taken);
    // Nor when it says the same: who saved it had made one of their own.
    expect(await site.ask(saveProgramme, savingOn(80, null))).toMatchObject(taken);
    expect((await site.act(saveProgramme, savingOn(85, { version: 1 }))).number).toBe(2);
    expect(await site.ask(saveProgramme, savingOn(70, { version: 1 }))).toMatchObject({
      code: 'programme-moved-on',
      params: { programme: 'laine', version: 2 },
    });
    expect((await site.refusal(saveProgramme, savingOn(70, { version: 3 }))).code).toBe('unknown-programme');
    expect(await site.ask(saveProgramme, savingOn(85, { version: 1 }))).toMatchObject({
      number: 2,
      drafts: [],
    });
    expect((await site.act(saveProgramme, savingOn(70, { version: 2 }))).number).toBe(3);
    expect((await site.act(saveProgramme, saving(woolProgramme(75)))).number).toBe(4);
  });

  it('are refused with everything that is wrong, and saved with what is good to know', async () => {
    await using site = await freshSite();
    const [wool, rest] = woolProgramme().rules as [SortRule, SortRule];
    const lost = woolProgramme(80, {
      rules: [
        { ...wool, outlet: 'nowhere' },
        { ...rest, id: 'laine' },
      ],
    });
    const refusal = await site.ask(saveProgramme, saving(lost));
    expect(refusal).toMatchObject({ kind: 'refused', code: 'programme-faulty', params: { errors: 2 } });
    const faults = refusal.findings?.map(({ fault }) => fault).sort();
    expect(faults).toEqual(['double-id', 'unknown-outlet']);
    const odd = woolProgramme(80, { rules: [wool, { ...wool, id: 'encore' }, rest] });
    const saved = await site.act(saveProgramme, saving(odd));
    expect(saved.findings?.map(({ fault }) => fault)).toContain('unreachable');
    expect(saved.findings?.every(({ weight }) => weight !== 'error')).toBe(true);
    expect((await site.refusal(saveProgramme, saving(woolProgramme(80, { id: 'check' })))).code).toBe(
      'already-exists',
    );
    const note = 'é'.repeat(300);
    const rules = Array.from({ length: 63 }, (_, n) => ({
      ...wool,
      id: `r${n}`,
      note,
      label: note.slice(180),
    }));
    expect(
      (await site.refusal(saveProgramme, saving(woolProgramme(80, { rules: [...rules, rest] })))).code,
    ).toBe('too-much-at-once');
    // Whatever was refused left nothing.
    expect(await site.book.programmes.last('laine')).toMatchObject({ version: 1 });
  });

  it('are followed at once where one account answers for them', async () => {
    await using site = await freshSite();
    await site.act(saveProgramme, saving(woolProgramme(80)));
    await site.act(saveProgramme, saving(woolProgramme(85)));
    const done = await site.act(activateProgramme, on(2), 'laine');
    expect(done.drafts.map(({ payload }) => ('step' in payload ? payload.step : ''))).toEqual([
      'asked',
      'approved',
    ]);
    const hash = programmeHash(woolProgramme(85, { version: 2 }));
    expect(await lineOf(site)).toMatchObject({
      follows: { programme: 'laine', version: 2, hash, label: 'Laine', by: 'approval' },
      approved: { version: 2, hash },
      waiting: null,
    });
    expect(await lineOf(site, 'tri-2')).toMatchObject({ follows: null, approved: null });
    // Once more: the line is told once more.
    const again = await site.act(activateProgramme, on(2), 'laine');
    expect(again.drafts).toHaveLength(1);
    expect((await site.refusal(withdrawProgramme, on(2), 'laine')).code).toBe('not-waiting');
  });

  it('wait for another account where two have to agree', async () => {
    await using site = await freshSite({ programmeApprovals: 2 });
    await site.act(saveProgramme, saving(woolProgramme(80)));
    await site.act(saveProgramme, saving(woolProgramme(85)));
    await site.act(activateProgramme, { ...on(2), note: ' essai ' }, 'laine');
    expect(await lineOf(site)).toMatchObject({
      follows: null,
      approved: null,
      waiting: { version: 2, note: 'essai', byYou: true },
    });
    expect((await site.refusal(activateProgramme, on(2), 'laine')).code).toBe('same-account');
    expect(await site.refusal(activateProgramme, on(1), 'laine')).toMatchObject({
      code: 'another-waits',
      params: { line: LINE, programme: 'laine', version: 2 },
    });
    site.actorRef = TWO;
    const heads = await site.book.programmes.lastVersions(null, 5);
    expect(await programmeRows(site.book.programmes, heads, TWO)).toMatchObject([
      { id: 'laine', version: 2, followed: [], waiting: [{ line: LINE, version: 2, byYou: false }] },
    ]);
    await site.act(activateProgramme, on(2), 'laine');
    expect(await lineOf(site)).toMatchObject({ approved: { version: 2 }, waiting: null });
    expect(await site.book.programmes.approved(LINE)).toMatchObject({ askedBy: ONE, approvedBy: TWO });
    // Each line by itself, and withdrawn by who does not agree.
    await site.act(activateProgramme, on(1), 'laine');
    await site.act(activateProgramme, on(1, 'tri-2'), 'laine');
    site.actorRef = ONE;
    expect((await site.refusal(withdrawProgramme, on(2), 'laine')).code).toBe('not-waiting');
    await site.act(withdrawProgramme, on(1), 'laine');
    expect(await lineOf(site)).toMatchObject({ follows: { version: 2 }, waiting: null });
    expect(await lineOf(site, 'tri-2')).toMatchObject({ follows: null, waiting: { version: 1 } });
  });

  it('are refused on lines, in versions and at times that are not there', async () => {
    await using site = await freshSite({ lineOutlets: new Map([['tri-2', ['essuyage', 'creme']]]) });
    await site.act(saveProgramme, saving(woolProgramme(80)));
    const saved = await site.book.programmes.version('laine', 1);
    const refused = async (target: string, body: { line: string; version: number }, at?: number) =>
      (await site.refusal(activateProgramme, body, target, at)).code;
    expect(await refused('laine', on(1, 'nowhere'))).toBe('unknown-line');
    expect(await refused('laine', on(2))).toBe('unknown-programme');
    expect(await refused('lin', on(1))).toBe('unknown-programme');
    expect(await refused('laine', on(1), (saved?.at ?? 0) - 1)).toBe('not-yet-there');
    // The site has that outlet, this line has not.
    expect(await refused('laine', on(1, 'tri-2'))).toBe('programme-faulty');
  });

  it('are what the edge of a line says, whatever was approved', async () => {
    await using site = await freshSite();
    await site.act(saveProgramme, saving(woolProgramme(80)));
    await site.act(saveProgramme, saving(woolProgramme(85)));
    await site.act(activateProgramme, on(2), 'laine');
    const hash = programmeHash(woolProgramme(80));
    await site.tell('programme.active', { programme: 'laine', version: 1, hash });
    expect(await lineOf(site)).toMatchObject({
      follows: { version: 1, hash, label: 'Laine', by: 'line' },
      approved: { version: 2 },
    });
    const heads = await site.book.programmes.lastVersions(null, 5);
    expect((await programmeRows(site.book.programmes, heads, ONE))[0]?.followed).toMatchObject([
      { line: LINE, version: 1 },
    ]);
    // By its name one of ours, by its content none.
    await site.tell('programme.active', { programme: 'laine', version: 2, hash: null });
    expect(await lineOf(site)).toMatchObject({
      follows: { version: 2, hash: null, label: null, by: 'line' },
    });
    expect((await programmeRows(site.book.programmes, heads, ONE))[0]?.followed).toEqual([]);
    const none = { programme: null, version: null, hash: null };
    await site.tell('programme.active', none);
    expect(await lineOf(site)).toMatchObject({ follows: { ...none, label: null, by: 'line' } });
  });

  it(
    'leave the same tables when they are made again, whatever was done in which order',
    { timeout: 300_000 },
    async () => {
      const step = fc.record({
        what: fc.constantFrom('save', 'activate', 'activate', 'withdraw', 'line-says'),
        programme: fc.constantFrom('laine', 'lin'),
        version: fc.integer({ min: 1, max: 2 }),
        percent: fc.constantFrom(70, 80),
        line: fc.constantFrom('tri-1', 'tri-2'),
        who: fc.constantFrom(ONE, TWO),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(1, 2),
          fc.array(step, { minLength: 5, maxLength: 30 }),
          async (programmeApprovals, steps) => {
            await using site = await freshSite({ programmeApprovals });
            for (const { what, programme, version, percent, line, who } of steps) {
              site.actorRef = who;
              const decision =
                what === 'save'
                  ? await site.ask(saveProgramme, saving(woolProgramme(percent, { id: programme })))
                  : what === 'activate'
                    ? await site.ask(activateProgramme, { line, version }, programme)
                    : what === 'withdraw'
                      ? await site.ask(withdrawProgramme, { line, version }, programme)
                      : null;
              if (decision === null) {
                const hash = programmeHash(woolProgramme(percent, { id: programme, version }));
                await site.tell('programme.active', { programme, version, hash });
              } else if (decision.kind === 'record') await site.record(decision.drafts);
              for (const row of await site.book.programmes.allApproved()) {
                expect(row.askedBy !== row.approvedBy).toBe(programmeApprovals === 2);
              }
            }
            const right = await rowsOf(site.records, 'caux');
            await rebuildProjections(site.records, localDayIn('Europe/Paris'));
            expect(differing(right, await rowsOf(site.records, 'caux'))).toEqual(NONE_DIFFER);
          },
        ),
        { numRuns: engine === 'sqlite' ? 30 : 8 },
      );
    },
  );
});
