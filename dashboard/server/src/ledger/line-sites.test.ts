/** Two sites that bring a ledger under one line's name, on both engines. */
import { describe, expect, it } from 'vitest';
import { EMPTY_DESCRIPTION } from '../ingest/line-description.ts';
import { forgetLine, rememberLine } from '../records/line-repository.ts';
import type { Records } from '../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { machineSorted } from '../tonnage/tonnage-repository.ts';
import { HeartbeatBoard } from './heartbeat-board.ts';
import { ledgerStatus } from './ledger-status.ts';
import { heldLines } from './line-sites.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';

const dayOf = localDayIn('Europe/Paris');

function ledgerOf(site: string, line = 'tri-1'): TestLedger {
  const ledger = new TestLedger({ site, line, name: site });
  ledger.open();
  ledger.count('creme', 1_000, 1_000);
  return ledger;
}

const refusedHere = (detail: string) => ({
  cursor: null,
  stored: [],
  lastRefused: { code: 'wrong-topic', detail, blocking: false },
});

function on(records: Records, ownSite: string | null = null) {
  const store = new RecordsLedgerStore(records, dayOf, ownSite);
  return {
    take: (ledger: TestLedger) =>
      store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], TEST_NOW_MS),
    counted: async () =>
      (await machineSorted(records, '2026-01-01', '2027-01-01')).map(
        ({ site, line, grams }) => `${site}/${line}: ${grams}`,
      ),
    shown: () =>
      ledgerStatus({
        records,
        board: new HeartbeatBoard(),
        isWaiting: () => false,
        nowMs: TEST_NOW_MS + 1,
      }),
  };
}

describe.each(RECORDS_ENGINES)('the name of a line, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('is the site’s whose ledger came first; another is refused, remembered, and never counted', async () => {
    await using it = await fresh();
    const { take, counted, shown } = on(it.records);
    const [own, foreign] = [ledgerOf('caux'), ledgerOf('elsewhere')];
    await take(own);
    const detail = 'line tri-1 is of site caux on this server, not of elsewhere';
    expect(await take(foreign)).toMatchObject(refusedHere(detail));
    await take(foreign);
    own.count('creme', 500, 1_500);
    expect((await take(own)).stored).toHaveLength(1);
    expect(await counted()).toEqual(['caux/tri-1: 1500']);
    expect(await shown()).toMatchObject({
      lines: [{ site: 'caux', chain: 'intact', refusals: [] }],
      strangers: { count: 2, rows: [{ site: 'elsewhere', code: 'wrong-topic', count: 2, detail }] },
    });
    expect((await take(ledgerOf('elsewhere', 'tri-2'))).stored).toHaveLength(2);
  });

  it('is the site’s under which the line was born', async () => {
    await using it = await fresh();
    const { take, counted } = on(it.records);
    await rememberLine(it.records, 'caux', 'tri-1', EMPTY_DESCRIPTION, 1);
    expect((await take(ledgerOf('elsewhere'))).lastRefused).toMatchObject({ code: 'wrong-topic' });
    expect((await take(ledgerOf('caux'))).stored).toHaveLength(2);
    // A birth under another site does not give it a ledger that is another’s.
    await rememberLine(it.records, 'elsewhere', 'tri-1', EMPTY_DESCRIPTION, 2);
    expect((await take(ledgerOf('elsewhere'))).lastRefused).toMatchObject({ code: 'wrong-topic' });
    expect(await counted()).toEqual(['caux/tri-1: 1000']);
  });

  it('is free again when a person had the line forgotten; what it sorted stays', async () => {
    await using it = await fresh();
    const { take, counted } = on(it.records);
    await take(ledgerOf('caux'));
    expect(await forgetLine(it.records, 'tri-1')).toBe(true);
    expect((await take(ledgerOf('caux-vallee'))).stored).toHaveLength(2);
    expect((await take(ledgerOf('caux'))).lastRefused).toMatchObject({ code: 'wrong-topic' });
    expect(await counted()).toEqual(['caux/tri-1: 1000', 'caux-vallee/tri-1: 1000']);
  });

  it('with a site configured is that site’s, whoever had it before; of others nothing is taken', async () => {
    await using it = await fresh();
    await on(it.records).take(ledgerOf('caux'));
    const { take, counted } = on(it.records, 'caux-vallee');
    expect((await take(ledgerOf('caux-vallee'))).stored).toHaveLength(2);
    const after = ledgerOf('caux');
    after.count('creme', 500, 1_500);
    for (const foreign of [after, ledgerOf('elsewhere', 'tri-9')]) {
      expect((await take(foreign)).lastRefused).toMatchObject({ code: 'wrong-topic' });
    }
    expect(await counted()).toEqual(['caux/tri-1: 1000', 'caux-vallee/tri-1: 1000']);
    expect(await heldLines(it.records)).toEqual([{ site: 'caux-vallee', line: 'tri-1' }]);
  });
});
