/** Whose ledger a name stands for: two at once, one that is forgotten, strangers, and the site that is meant. */
import { describe, expect, test } from 'vitest';
import { forgetLine, rememberLine } from '../records/line-repository.ts';
import type { Records } from '../records/open-records.ts';
import { EMPTY_DESCRIPTION } from '../ingest/line-description.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { HeartbeatBoard } from './heartbeat-board.ts';
import { ledgerStatus } from './ledger-status.ts';
import { CONTESTED_MS, REFUSALS_PER_LINE_MAX, STRANGERS_KEPT_MS, STRANGERS_SHOWN_MAX } from './limits.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';

function on(records: Records) {
  const store = new RecordsLedgerStore(records, () => '2026-11-20');
  let nowMs = TEST_NOW_MS;
  return {
    now: () => nowMs,
    pass: (ms: number) => void (nowMs += ms),
    send: (ledger: TestLedger, events = ledger.events) =>
      store.take(ledger, [{ kind: 'bytes', bytes: messageOf(events) }], nowMs),
    status: () => ledgerStatus({ records, board: new HeartbeatBoard(), isWaiting: () => false, nowMs }),
  };
}

function opened(name: string, site = 'caux', line = 'tri-1'): TestLedger {
  const ledger = new TestLedger({ site, line, name });
  ledger.open();
  return ledger;
}

describe.each(RECORDS_ENGINES)('a name, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  test('under which two ledgers speak is contested at every look, and holds nothing up', async () => {
    await using it = await fresh();
    const { send, pass, status, now } = on(it.records);
    const [one, other] = [opened('one'), opened('other')];
    await send(one);
    pass(1_000);
    await send(other);
    const first = (await status()).lines[0];
    expect([first?.chain, first?.refusals[0]?.blocking]).toEqual(['refused', true]);
    const seen = new Set<string>();
    for (let turn = 0; turn < 10; turn += 1) {
      pass(2_500);
      one.fill(1);
      await send(one, [one.last]);
      seen.add((await status()).lines[0]?.chain ?? '');
      pass(1_200);
      await send(other);
      seen.add((await status()).lines[0]?.chain ?? '');
    }
    expect([...seen]).toEqual(['contested']);
    const { lines } = await status();
    expect(lines[0]?.refusals).toMatchObject([{ code: 'unknown-epoch', blocking: false, count: 11 }]);
    // The first one ends: what is refused now holds the line up.
    for (let ms = 0; ms <= CONTESTED_MS; ms += 60_000) {
      pass(60_000);
      await send(other);
    }
    expect((await status()).lines[0]).toMatchObject({ chain: 'refused', refusals: [{ blocking: true }] });
    await acceptEpoch(it.records, 'tri-1', other.epoch, null, now());
    await send(other);
    expect((await status()).lines[0]).toMatchObject({ chain: 'intact', refusals: [] });
  });

  test('of which a copy tells old numbers otherwise goes on', async () => {
    await using it = await fresh();
    const { send, pass, status } = on(it.records);
    const [one, copy] = [opened('one'), opened('one')];
    one.fill(3);
    copy.addAny('future.happened', {});
    await send(one);
    pass(1_000);
    await send(copy);
    one.fill(1);
    pass(1_000);
    await send(one, [one.last]);
    pass(1_000);
    await send(copy);
    const line = async () => (await status()).lines[0];
    expect(await line()).toMatchObject({
      chain: 'contested',
      refusals: [{ code: 'fork', blocking: false, count: 2 }],
    });
    pass(CONTESTED_MS + 1);
    expect(await line()).toMatchObject({ chain: 'intact', refusals: [{ code: 'fork', blocking: false }] });
  });

  test('keeps what a person is to decide, whatever else is refused', async () => {
    await using it = await fresh();
    const { send, pass, now } = on(it.records);
    const [one, next, copy] = [opened('one'), opened('next'), opened('one')];
    one.fill(REFUSALS_PER_LINE_MAX + 10);
    await send(one);
    await send(next);
    for (let index = 0; index < REFUSALS_PER_LINE_MAX + 10; index += 1) {
      pass(10);
      await send(copy, [copy.addAny('future.happened', { index })]);
    }
    expect(await acceptEpoch(it.records, 'tri-1', next.epoch, null, now())).toMatchObject({
      kind: 'accepted',
    });
  });

  test('that is forgotten is told no more, until its edge speaks; what it stored stays', async () => {
    await using it = await fresh();
    const { send, status } = on(it.records);
    const one = opened('one');
    one.add('telemetry.gap', { from: TEST_NOW_MS, to: TEST_NOW_MS + 1, samples: 3, reason: 'too-old' });
    await send(one);
    await send(opened('other'));
    expect((await status()).lines).toMatchObject([{ chain: 'refused', gaps: [{ samples: 3 }] }]);
    expect(await forgetLine(it.records, 'tri-1')).toBe(true);
    expect(await status()).toEqual({ lines: [], strangers: { count: 0, rows: [] } });
    expect(await it.records.selectFrom('ledger_events').selectAll().execute()).toHaveLength(2);
    await send(one);
    expect((await status()).lines).toMatchObject([{ chain: 'intact', stored: { upTo: 2 }, refusals: [] }]);
    expect(await forgetLine(it.records, 'tri-1')).toBe(true);
    expect(await forgetLine(it.records, 'tri-1')).toBe(false);
  });

  test('of a stranger is told apart, bounded, and forgotten after a week; that of a line is not', async () => {
    await using it = await fresh();
    const { send, pass, status } = on(it.records);
    await rememberLine(it.records, 'caux', 'tri-9', EMPTY_DESCRIPTION, 1);
    const junk = (line: string) =>
      send(opened('junk', 'caux', line), [{ ...opened('x').last, line, seq: 1 }]);
    await junk('tri-9');
    for (let index = 0; index < 60; index += 1) await junk(`junk-${index}`);
    const { lines, strangers } = await status();
    expect(lines.map(({ line }) => line)).toEqual(['tri-9']);
    expect([strangers.count, strangers.rows.length]).toEqual([60, STRANGERS_SHOWN_MAX]);
    pass(STRANGERS_KEPT_MS + 1);
    expect((await status()).strangers).toEqual({ count: 0, rows: [] });
    await junk('latest');
    const left = await it.records.selectFrom('ledger_refusals').select('line').execute();
    expect(left.map(({ line }) => line)).not.toContain('junk-1');
  });

  test('that two sites have needs a site where both were refused the same ledger', async () => {
    await using it = await fresh();
    for (const site of ['caux', 'elsewhere']) {
      await it.records
        .insertInto('ledger_refusals')
        .values({
          site,
          line: 'tri-1',
          code: 'unknown-epoch',
          epoch: 'e'.repeat(32),
          seq: 0,
          detail: '',
          count: 1,
          firstAt: 1,
          lastAt: 1,
          blocking: 1,
        })
        .execute();
    }
    const accept = (site: string | null) => acceptEpoch(it.records, 'tri-1', 'e'.repeat(32), null, 2, site);
    expect(await accept(null)).toEqual({ kind: 'ambiguous', sites: ['caux', 'elsewhere'] });
    expect(await accept('nowhere')).toEqual({ kind: 'not-refused' });
    expect(await accept('elsewhere')).toEqual({
      kind: 'accepted',
      address: { site: 'elsewhere', line: 'tri-1' },
    });
  });
});
