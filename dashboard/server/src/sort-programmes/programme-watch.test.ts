/** Which lines are told again what was approved for them, when, and which are left in peace. */
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { describe, expect, it } from 'vitest';
import { UNANSWERED } from '../commands/command-repository.ts';
import { EDGE_SILENT_MS } from '../commands/last-heartbeat.ts';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import { opaqueId, TEST_NOW_MS } from '../ledger/test-ledger.ts';
import type { CarryOutcome, ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { materialSite, type MaterialSite } from '../testing/test-material-site.ts';
import { testClock } from '../ledger/test-clock.ts';
import { saveProgramme } from './save-programme.ts';
import { carryKey } from './programme-sender.ts';
import { ProgrammeWatch, SENT_AGAIN_WITHIN_MS } from './programme-watch.ts';
import { activateProgramme } from './step-programme.ts';
import { saving, woolProgramme } from './test-programmes.ts';

const LINE = 'tri-1';
const BOOT = '0123456789abcdef';

/** A site where a programme was approved, and nobody told its line. */
async function bench(site: MaterialSite) {
  await site.act(saveProgramme, saving(woolProgramme()));
  await site.act(activateProgramme, { line: LINE, version: 1 }, 'laine');
  const { hash, event, at } = await site.records
    .selectFrom('programme_approvals')
    .selectAll()
    .executeTakeFirstOrThrow();
  const clock = testClock();
  clock.pass(Math.max(0, at - TEST_NOW_MS));
  const board = new HeartbeatBoard();
  const sent: string[] = [];
  const told = { outcome: { kind: 'no-reply' } as CarryOutcome };
  const carrier: ProgrammeCarrier = {
    send: ({ line }, programme, of, approval) => {
      expect([line, programme.id, of]).toEqual([LINE, 'laine', hash]);
      sent.push(approval);
      return Promise.resolve(told.outcome);
    },
  };
  const watch = new ProgrammeWatch({ records: site.records, carrier, board, clock, log: keepingLog() });
  let tick = 0;
  const look = async (boot: string | null = BOOT) => {
    if (boot !== null) {
      const said = exampleHeartbeat({ boot, tick: (tick += 1) });
      board.note({ site: 'caux', line: LINE, said, receivedAtMs: clock.nowMs() });
    }
    await watch.look();
    return sent.length;
  };
  /** Somebody accepts that the line begins its ledger anew. */
  const renewed = (disk: string) =>
    site.records
      .insertInto('ledger_epochs')
      .values({
        site: 'caux',
        line: LINE,
        epoch: opaqueId(disk),
        acceptedAt: clock.nowMs(),
        acceptedBy: null,
      })
      .execute();
  const asked = (outcome: string | null, approval = event, askedAt = at) =>
    site.records
      .insertInto('commands')
      .values({
        ...UNANSWERED,
        id: opaqueId(`asked ${approval} ${outcome}`),
        idempotencyKey: carryKey({ line: LINE, hash, approval }),
        actorRef: opaqueId('server'),
        site: 'caux',
        line: LINE,
        command: 'programme.activate',
        args: '{}',
        at: askedAt,
        boot: null,
        tick: null,
        outcome,
      })
      .execute();
  return { clock, sent, told, look, asked, renewed, hash, event };
}

describe('a line that does not follow what was approved for it', () => {
  it('is told when it is heard, though this server never came to ask, and no more once it follows it', async () => {
    await using site = await materialSite();
    const { look, sent, told, event, hash } = await bench(site);
    expect(await look(null)).toBe(0);
    told.outcome = { kind: 'taken' };
    expect(await look()).toBe(1);
    expect(sent).toEqual([event]);
    await site.tell('programme.active', { programme: 'laine', version: 1, hash });
    expect(await look()).toBe(1);
  });

  it.each([
    ['refused', 0],
    ['unknown-command', 0],
    ['invalid-args', 0],
    ['done', 0],
    ['already-done', 0],
    [null, 1],
    ['not-stored', 1],
    ['unknown-key', 1],
  ])('that answered %s is told %i times, under the same approval', async (outcome, times) => {
    await using site = await materialSite();
    const { look, asked, sent } = await bench(site);
    const approval = opaqueId('approved again');
    await asked(outcome, approval);
    expect(await look()).toBe(times);
    expect(sent).toEqual(Array.from({ length: times }, () => approval));
  });

  it.each(['done', 'already-done', 'refused', null])(
    'that answered %s is told again, as anew, when its ledger was begun anew since',
    async (outcome) => {
      await using site = await materialSite();
      const { look, asked, sent, told, renewed, event, clock } = await bench(site);
      await asked(outcome);
      const before = await look();
      clock.pass(60_000);
      await renewed('other disk');
      told.outcome = { kind: 'taken' };
      expect(await look()).toBe(before + 1);
      expect(sent.at(-1)).toBe(`${event}-${opaqueId('other disk').slice(0, 16)}`);
    },
  );

  it('is told once of each new ledger: what it took in that one and follows no more was changed there', async () => {
    await using site = await materialSite();
    const { look, asked, renewed, event, clock } = await bench(site);
    await asked('done');
    clock.pass(1_000);
    await renewed('other disk');
    clock.pass(1_000);
    await asked('done', `${event}-${opaqueId('other disk').slice(0, 16)}`, clock.nowMs());
    expect(await look()).toBe(0);
    clock.pass(1_000);
    await renewed('third disk');
    expect(await look()).toBe(1);
  });

  it('is not told anew for its first ledger', async () => {
    await using site = await materialSite();
    const { look, asked, renewed, clock } = await bench(site);
    await asked('done');
    await site.records.deleteFrom('ledger_epochs').execute();
    clock.pass(1_000);
    await renewed('first disk');
    expect(await look()).toBe(0);
  });

  it('is not told anew for a ledger that was accepted before it was asked', async () => {
    await using site = await materialSite();
    const { look, asked, renewed, clock } = await bench(site);
    await renewed('other disk');
    clock.pass(1_000);
    await asked('done', undefined, clock.nowMs());
    expect(await look()).toBe(0);
  });

  it('is left alone ever longer while it does not take it; not when it was away or its edge started anew', async () => {
    await using site = await materialSite();
    const { look, clock } = await bench(site);
    const during = async (ms: number, boot = BOOT) => {
      const before = await look(boot);
      for (let passed = 0; passed < ms; passed += 15_000) {
        clock.pass(15_000);
        await look(boot);
      }
      return (await look(boot)) - before;
    };
    expect(await look()).toBe(1);
    const [first, second, third] = [await during(120_000), await during(240_000), await during(480_000)];
    expect([first, second, third].every((times) => times >= 1 && times <= 2)).toBe(true);
    const before = await look();
    expect(await look('fedcba9876543210')).toBe(before + 1);
    expect(await look('fedcba9876543210')).toBe(before + 1);
    clock.pass(EDGE_SILENT_MS + 1);
    expect(await look(null)).toBe(before + 1);
    expect(await look('fedcba9876543210')).toBe(before + 2);
    // At most once an hour, however long it lasts.
    await during(6 * 3_600_000, 'fedcba9876543210');
    expect(await during(3 * 3_600_000, 'fedcba9876543210')).toBeLessThanOrEqual(3);
  });

  it('is not told of what was approved long ago', async () => {
    await using site = await materialSite();
    const { look, clock } = await bench(site);
    clock.pass(SENT_AGAIN_WITHIN_MS + 60_000);
    expect(await look()).toBe(0);
  });
});
