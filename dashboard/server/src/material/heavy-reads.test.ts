import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { RequestProblem } from '../http/problem.ts';
import { stopRules } from '../stops/stop-config.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { startTestServer } from '../testing/running-server.ts';
import { openHeavyReads } from './heavy-reads.ts';

describe.each(RECORDS_ENGINES)('large questions, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('see what was written last, and are answered while others are asked', async () => {
    const fresh = await freshRecords();
    await using site = new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
      await heavy.close();
      await fresh[Symbol.asyncDispose]();
    });
    const heavy = openHeavyReads(fresh.place, fresh.records);
    await declareNeighbours(site);
    const descendants = () => heavy.ask('descendantsOf', { site: 'caux', root: 'lot:L1' });
    expect((await descendants()).nodes.map(({ grams }) => grams)).toEqual([0]);
    await site.act(receiveLot, delivery({ loads: [loose(300_000)] }));
    const [graph, tonnes] = await Promise.all([
      heavy.ask('ancestryOf', { site: 'caux', root: 'lot:L1' }),
      heavy.ask('sortedBetween', { from: '2026-11-01', to: '2026-12-01' }),
    ]);
    expect(graph.edges).toEqual([{ from: 'collector:emmaus', to: 'lot:L1', grams: 300_000 }]);
    expect(tonnes).toEqual([]);
  });
});

describe('the thread of large questions', () => {
  const freshRecords = freshRecordsOf('sqlite');

  it('says that it is busy rather than let questions wait without end', async () => {
    await using fresh = await freshRecords();
    const heavy = openHeavyReads(fresh.place, fresh.records);
    const asked = Array.from({ length: 40 }, () =>
      heavy.ask('sortedBetween', { from: '2026-11-01', to: '2026-12-01' }),
    );
    const settled = await Promise.allSettled(asked);
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(24);
    expect(refused.every((error) => error instanceof RequestProblem && error.code === 'busy')).toBe(true);
    await heavy.close();
  });

  it('does not begin what nobody waits for any more, and has room again', async () => {
    await using fresh = await freshRecords();
    const heavy = openHeavyReads(fresh.place, fresh.records);
    const period = { from: '2026-11-01', to: '2026-12-01' };
    const page = new AbortController();
    const asked = Array.from({ length: 16 }, () => heavy.ask('sortedBetween', period, page.signal));
    const settled = Promise.allSettled(asked);
    page.abort();
    const next = heavy.ask('sortedBetween', period);
    const kinds = (await settled).map(({ status }) => status);
    expect(kinds).toEqual(['fulfilled', ...Array.from({ length: 15 }, () => 'rejected')]);
    expect(await next).toEqual([]);
    await expect(heavy.ask('sortedBetween', period, page.signal)).rejects.toMatchObject({ code: 'busy' });
    await heavy.close();
  });

  it('says in words what it is asked too much of, rather than leave out the latest', async () => {
    await using fresh = await freshRecords();
    await sql`
      insert into line_states (site, line, id, at, state)
      with recursive n(i) as (select 1 union all select i + 1 from n where i <= 200000)
      select 'caux', 'tri-1', i, i, 'held' from n
    `.execute(fresh.records);
    const heavy = openHeavyReads(fresh.place, fresh.records);
    const nowMs = 300_000;
    const rules = { stops: stopRules({}), calendar: null, timeZone: 'Europe/Paris', alive: [], nowMs };
    const asked = heavy.ask('stopRowsOf', { line: 'tri-1', period: { from: 1, to: nowMs }, rules });
    await expect(asked).rejects.toMatchObject({
      code: 'invalid-request',
      details: {
        errors: [{ message: 'expected a period in which the line says at most 200000 states' }],
      },
    });
    await heavy.close();
  });

  it('gives what waits up when it is closed, and begins anew when it is asked again', async () => {
    await using fresh = await freshRecords();
    const heavy = openHeavyReads(fresh.place, fresh.records);
    const period = { from: '2026-11-01', to: '2026-12-01' };
    const waiting = heavy.ask('sortedBetween', period);
    await Promise.all([expect(waiting).rejects.toThrow('closed'), heavy.close()]);
    expect(await heavy.ask('sortedBetween', period)).toEqual([]);
    await heavy.close();
  });

  it('answers a whole server, and holds up no stop', async () => {
    await using server = await startTestServer({ site: 'caux' });
    const cookie = await server.signIn('supervisor');
    const balance = await server.json<{ rows: unknown[] }>('/api/v1/balance', cookie);
    expect(balance.rows).toEqual([]);
    const tonnage = await server.json<{ rows: unknown[] }>('/api/v1/tonnage?by=commune', cookie);
    expect(tonnage.rows).toEqual([]);
    for (const path of [
      '/lots',
      '/bales',
      '/shipments',
      '/shifts',
      '/documents',
      '/weighings?unclaimed=true',
    ]) {
      expect(await server.json<object>(`/api/v1${path}`, cookie)).toEqual({ rows: [], next: null });
    }
  });
});
