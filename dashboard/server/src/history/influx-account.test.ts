import { describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { startInfluxd } from '../testing/influxd.ts';
import { createInfluxEngine } from './influx-history.ts';

const ADMIN = `Basic ${Buffer.from('admin:root-secret').toString('base64')}`;

describe('an InfluxDB with accounts', () => {
  it('serves an account that may only use the database made for it, and no other', async () => {
    await using influxd = await startInfluxd(true);
    for (const statement of [
      `CREATE USER "admin" WITH PASSWORD 'root-secret' WITH ALL PRIVILEGES`,
      'CREATE DATABASE "trame" WITH DURATION 30d REPLICATION 1 SHARD DURATION 1d NAME "raw"',
      'CREATE RETENTION POLICY "minute" ON "trame" DURATION 1830d REPLICATION 1',
      'CREATE RETENTION POLICY "hour" ON "trame" DURATION 1830d REPLICATION 1',
      `CREATE USER "trame" WITH PASSWORD 'p=w&1'`,
      'GRANT ALL ON "trame" TO "trame"',
    ]) {
      const body = new URLSearchParams({ q: statement });
      const made = await fetch(`${influxd.url}/query`, {
        method: 'POST',
        body,
        headers: { authorization: ADMIN },
      });
      expect([statement, await made.json()]).toMatchObject([statement, { results: [{ statement_id: 0 }] }]);
    }
    const account = { url: influxd.url, database: 'trame', username: 'trame', retentionDays: 30 };
    const engine = createInfluxEngine({ ...account, password: 'p=w&1' });
    await engine.prepare();
    const tag = { site: 'caux', line: 'tri-1', device: 'scale', metric: 'gross' };
    const timeMs = systemClock.nowMs();
    await engine.write([{ ...tag, timeMs, value: 1.5, quality: 192 }]);
    const plan = { resolution: 'raw', everyMs: 0, fromMs: timeMs, toMs: timeMs + 1 } as const;
    expect(await engine.read(tag, plan, 10)).toMatchObject([{ t: timeMs, sum: 1.5, n: 1, quality: 192 }]);
    const stranger = createInfluxEngine({ ...account, password: 'guess' });
    await expect(stranger.prepare()).rejects.toThrow(/authorization failed/u);
    await expect(stranger.write([{ ...tag, timeMs, value: 2, quality: 192 }])).rejects.toThrow(
      /authorization failed/u,
    );
  });
});
