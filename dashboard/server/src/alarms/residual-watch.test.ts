/** A line is told of a mass that nobody can explain: by what the book says, once, and again only when it changes. */
import { describe, expect, it } from 'vitest';
import type { CommandOrder, CommandOutcome } from '../commands/command-sender.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import type { HeavyReads } from '../material/heavy-reads.ts';
import { askDirectly } from '../material/heavy-reads.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { ResidualWatch } from './residual-watch.ts';
import { alarmChanged, alarmDeclared } from './test-alarms.ts';

const dayOf = localDayIn('Europe/Paris');
const done: CommandOutcome = {
  kind: 'replied',
  id: 'a'.repeat(32),
  reply: { code: 'done', detail: null, seq: 1, epoch: null },
};

/** Grams that the book cannot explain come out of the line. */
async function weighMoreThanThereIs(site: MaterialSite, grams: number): Promise<void> {
  const shares = [{ lot: 'unknown', grams }];
  await site.tell('mass.moved', {
    from: 'difference:tri-1',
    to: 'bin:tri-1/creme',
    counted: 'weighed',
    grams,
    weight: null,
    entry: 'screen',
    corrects: null,
    moves: [{ from: 'difference:tri-1', to: 'bin:tri-1/creme', shares }],
  });
}

describe.each(RECORDS_ENGINES)('the residual of a line, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function watching() {
    const fresh = await freshRecords();
    const site = new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
      await fresh[Symbol.asyncDispose]();
    });
    const orders: CommandOrder[] = [];
    const answers: { next: CommandOutcome } = { next: done };
    const heavy: Pick<HeavyReads, 'ask'> = { ask: (name, asked) => askDirectly(site.records, name, asked) };
    const clock = {
      nowMs: () => site.nowMs,
      monotonicMs: () => 0,
      sleep: () => Promise.reject(new Error('nobody waits here')),
    };
    const sender = {
      send: (order: CommandOrder) => {
        orders.push(order);
        return Promise.resolve(answers.next);
      },
    };
    const options = { records: site.records, heavy, sender, clock, log: keepingLog(), dayOf };
    return { site, orders, answers, watch: () => new ResidualWatch(options) };
  }

  it('is told of when it is too large, and when it is so no more, and not in between', async () => {
    const { site, orders, watch } = await watching();
    await using _ = site;
    const watched = watch();
    await weighMoreThanThereIs(site, 90_000);
    await watched.look();
    // Nobody declared an alarm for it.
    expect(orders).toEqual([]);
    await site.tell('alarm.declared', alarmDeclared('residu', { source: 'reported', priority: 2 }));
    await site.tell('alarm.declared', alarmDeclared('autre', { source: 'reported', priority: 2 }));
    await watched.look();
    expect(orders).toMatchObject([
      {
        site: 'caux',
        line: 'tri-1',
        command: 'alarm.report',
        args: { alarm: 'residu', condition: true },
        expires: true,
      },
    ]);
    expect(Math.abs(Number(orders[0]?.args['value']))).toBe(90);
    await watched.look();
    expect(orders).toHaveLength(1);
    // The next day begins without it.
    site.nowMs = TEST_NOW_MS + 86_400_000;
    await watched.look();
    await watched.look();
    expect(orders.map(({ args }) => args['condition'])).toEqual([true, false]);
    expect(new Set(orders.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });

  it('is told again until the line has taken it, and not again after a restart of the server', async () => {
    const { site, orders, answers, watch } = await watching();
    await using _ = site;
    await site.tell('alarm.declared', alarmDeclared('residu', { source: 'reported' }));
    await weighMoreThanThereIs(site, 90_000);
    const watched = watch();
    answers.next = { kind: 'no-reply', id: 'a'.repeat(32) };
    await watched.look();
    site.advance(600_000);
    answers.next = done;
    await watched.look();
    await watched.look();
    expect(orders).toHaveLength(2);
    await site.tell('alarm.changed', alarmChanged('residu', 'normal', 'unacknowledged', { condition: true }));
    await watch().look();
    expect(orders).toHaveLength(2);
    await watched.look();
    expect(orders).toHaveLength(2);
    // Its ledger was restored from a copy of before.
    await site.tell('alarm.changed', alarmChanged('residu', 'normal', 'normal', { condition: false }));
    site.advance(600_000);
    await watched.look();
    expect(orders.map(({ args }) => args['condition'])).toEqual([true, true, true]);
  });

  it('is told again when its line has forgotten it before anybody looked anew', async () => {
    const { site, orders, watch } = await watching();
    await using _ = site;
    const declare = () => site.tell('alarm.declared', alarmDeclared('residu', { source: 'reported' }));
    await declare();
    await weighMoreThanThereIs(site, 90_000);
    const watched = watch();
    await watched.look();
    site.advance(1_000);
    await site.tell('alarm.changed', alarmChanged('residu', 'normal', 'unacknowledged', { condition: true }));
    site.advance(1_000);
    await site.tell('alarm.withdrawn', { alarm: 'residu' });
    await declare();
    site.advance(600_000);
    await watched.look();
    await watched.look();
    expect(orders.map(({ args }) => args['condition'])).toEqual([true, true]);
  });
});
