/** Losses of the history itself, as pages ask for them. */
import type { HistoryAnswer } from '@trame/protocol/dashboard-api';
import type { HealthOverview } from '@trame/protocol/health-api';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { HistoryLosses } from './history-losses.ts';

it('a loss of the history itself is answered with the history of its line, and with its health', async () => {
  await using server = await startTestServer();
  const cookie = await server.signIn('supervisor');
  const gross = declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 5, unit: 'kg' });
  await using parts = new AsyncDisposableStack();
  parts.use(await TestEdge.connect({ url: server.mqttUrl, devices: [{ id: 'scale', metrics: [gross] }] }));
  await eventually(async () => ((await server.get('/api/v1/lines/tri-1', cookie)).ok ? true : null));
  const { lines } = await server.json<HealthOverview>('/api/v1/health', cookie);
  const site = lines[0]?.site ?? '';
  const timeMs = systemClock.nowMs() - 1_000;
  const sample = { device: 'scale', metric: 'gross', timeMs, value: 1, quality: 192 } as const;
  const path = join(server.directory, 'dashboard', 'history-touched.sqlite');
  const losses = new HistoryLosses(path, systemClock.nowMs());
  losses.gaveUp([
    { ...sample, site, line: 'tri-1' },
    { ...sample, site, line: 'tri-2' },
  ]);
  losses.close();
  const gap = { from: timeMs, to: timeMs, samples: null, reason: 'history-away' };
  const answer = await server.json<HistoryAnswer>('/api/v1/history?tag=tri-1/scale/gross', cookie);
  expect([answer.gaps, answer.gapsTruncated]).toEqual([[gap], false]);
  const health = await server.json<HealthOverview>('/api/v1/health', cookie);
  expect(health.lines.map(({ id, gaps }) => [id, gaps])).toEqual([['tri-1', [gap]]]);
});
