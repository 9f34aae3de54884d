/** What is asked of a long ledger is answered by an index, not by reading all of it. */
import { CompiledQuery, createQueryId, type RootOperationNode } from 'kysely';
import { expect, it } from 'vitest';
import { standingBefore } from '../alarms/alarm-kpi-query.ts';
import { standingAudits } from '../audits/audit-repository.ts';
import { toldEvents } from '../epcis/told-events.ts';
import { countedOfLots } from '../lot-class/found-in-lots.ts';
import type { Records } from '../records/open-records.ts';
import { outputsIn } from '../shift-log/made-in.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { MaterialDiary } from './material-diary.ts';

/** @returns how SQLite looks for the first thing that is asked. */
async function planOf(records: Records, ask: (records: Records) => Promise<unknown>): Promise<string> {
  const asked: RootOperationNode[] = [];
  await ask(
    records.withPlugin({
      transformQuery: ({ node }) => {
        asked.push(node);
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    }),
  );
  const [node] = asked;
  if (node === undefined) throw new Error('nothing was asked');
  const { sql, parameters } = records.getExecutor().compileQuery(node, createQueryId());
  const plan = await records.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  );
  return plan.rows.map(({ detail }) => detail).join('; ');
}

function diary(records: Records): MaterialDiary {
  return new MaterialDiary(records, 'caux');
}

it('corrections, the first day, the events of a time, outputs of a shift and alarms that stood are found by their indexes', async () => {
  using directory = tempDir();
  const records = await embeddedRecords(directory.path);
  try {
    expect(await planOf(records, (some) => diary(some).correctedBy('e'))).toContain(
      'INDEX journal_by_corrects (site=? AND corrects=?)',
    );
    expect(await planOf(records, (some) => diary(some).firstDay())).toMatch(
      /^SEARCH journal USING COVERING INDEX journal_by_day \(site=\?\)$/u,
    );
    const period = { after: 0, limit: 10, fromMs: 1, toMs: 2 };
    const told = await planOf(records, (some) => toldEvents(some, { site: 'caux', line: 'tri-1' }, period));
    expect(told).toContain(
      'COVERING INDEX ledger_events_by_time (site=? AND line=? AND occurredAt>? AND occurredAt<?)',
    );
    const made = { site: 'caux', line: 'tri-1' };
    expect(await planOf(records, (some) => outputsIn(some, made, { from: 1, to: 2 }))).toContain(
      'INDEX outputs_made (site=? AND line=? AND <expr>>? AND <expr><?)',
    );
    const standing = await planOf(records, (some) => standingBefore(some, 'tri-1', 1));
    expect(standing).toContain('INDEX alarm_journal_by_alarm (line=? AND alarm=? AND at<?)');
    expect(standing).toContain('INDEX alarm_journal_up (line=? AND alarm=? AND at<?)');
  } finally {
    await records.destroy();
  }
});

it('what machines counted of a lot, and whether an audit was taken back, are found by their indexes', async () => {
  using directory = tempDir();
  const records = await embeddedRecords(directory.path);
  try {
    // Of one lot SQLite would look through all bins, if the question let it.
    for (const lots of [['L1'], ['L1', 'L2']]) {
      expect(await planOf(records, (some) => countedOfLots(some, 'caux', lots))).toBe(
        'SEARCH postings USING INDEX postings_by_lot_toaccount (site=? AND lot=?)',
      );
    }
    const asked = { site: 'caux', line: 'tri-1', from: '2026-11-01', to: '2026-12-01' };
    expect(await planOf(records, (some) => standingAudits(some, asked))).toContain(
      'INDEX journal_by_corrects (site=? AND corrects=?)',
    );
  } finally {
    await records.destroy();
  }
});
