/** A broker that is away for longer than a request to move something counts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { requestedCommands } from '../../helpers/line-control.ts';
import { siteControl, startControlledSite } from '../../helpers/site-control.ts';
import { until } from '../../helpers/until.ts';

const EXECUTE = 6;
const SEEN_WITHIN_MS = 90_000;
/** A heartbeat counts for ten seconds. */
const EXPIRED_MS = 11_000;

test('a line is not moved by what waited for a broker that was away too long, and nobody is told that it was', async () => {
  await using site = await startControlledSite();
  const control = siteControl(site);
  const first = await site.signInAs('supervisor');
  await control.sees(first, 'the crew has started the line', ({ state }) => state === 'execute');
  await site.broker.kill();
  const asked = await control.ask(first, 'line.stop');
  expect([202, 409]).toContain(asked.status);
  await until(
    'what is asked is not sent any more',
    async () => (await control.ask(first, 'line.hold')).body.code === 'edge-silent',
    SEEN_WITHIN_MS,
  );
  expect((await control.registers()).state).toBe(EXECUTE);
  await sleep(EXPIRED_MS);
  await site.broker.start();
  await control.sees(first, 'the line again', ({ state }) => state === 'execute');
  const row = await control.outcome(first, asked.body.id);
  expect(row.outcome).not.toBe('done');
  expect((await control.registers()).state).toBe(EXECUTE);
  const requests = (await requestedCommands(site)).map(({ request }) => request);
  expect(requests).not.toContain(asked.body.id);
}, 240_000);
