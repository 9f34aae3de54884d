import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { knownEvent } from '@trame/protocol/ledger-payloads';
import { globSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { sendCommand } from '../helpers/line-command.ts';
import { exportLedger, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE, lineHealth } from '../helpers/standstill.ts';
import { swiftLine } from '../helpers/swift-line.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';
import { writeFileSync } from 'node:fs';

const SEEN_WITHIN_MS = 60_000;
const ACCEPTED = { scale: 'bale-scale', outcome: 'accepted', on: '2026-01-02', due: '2027-01-02' };

describe('a person’s word to a line, over the dashboard', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let folder: TemporaryFolder;

  const clockFile = () => join(folder.path, 'clock');
  const clock = async () => (await lineHealth(supervisor)).heartbeat?.said.clock;

  beforeAll(async () => {
    folder = temporaryFolder('clock');
    writeFileSync(clockFile(), '+0');
    const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
    site = await startSite({
      history: 'embedded',
      speed: 5,
      editLine: swiftLine,
      edgeEnv: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: clockFile(),
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
    supervisor = await site.signInAs('supervisor');
    await until(
      'a ledger in the server',
      async () => (await lineHealth(supervisor)).stored.upTo > 0,
      SEEN_WITHIN_MS,
    );
  }, 180_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function eventsOf(type: string) {
    return (await exportLedger(site)).filter((event) => event.type === type);
  }

  it('a verification is recorded once, however often it is asked, under an opaque reference', async () => {
    const first = await sendCommand(supervisor, 'verified-1', 'scale.verify', ACCEPTED);
    expect(first).toMatchObject({ status: 200, body: { code: 'done', detail: null } });
    const again = await sendCommand(supervisor, 'verified-1', 'scale.verify', ACCEPTED);
    expect([again.status, again.body.id, again.body.seq]).toStrictEqual([200, first.body.id, first.body.seq]);
    const twoAtOnce = await Promise.all([
      sendCommand(supervisor, 'verified-2', 'scale.verify', { ...ACCEPTED, scale: 'infeed-scale' }),
      sendCommand(supervisor, 'verified-2', 'scale.verify', { ...ACCEPTED, scale: 'infeed-scale' }),
    ]);
    expect(twoAtOnce.map(({ status }) => status)).toStrictEqual([200, 200]);
    expect(twoAtOnce[0]?.body.seq).toBe(twoAtOnce[1]?.body.seq);

    const [verified, other, ...more] = await eventsOf('scale.verified');
    expect(more).toStrictEqual([]);
    expect(verified).toMatchObject({
      seq: first.body.seq,
      actorRef: expect.stringMatching(/^[0-9a-f]{8,64}$/u),
      payload: { ...ACCEPTED, request: first.body.id },
    });
    expect(other).toMatchObject({ payload: { scale: 'infeed-scale' } });
    expect(JSON.stringify(await exportLedger(site))).not.toContain('supervisor');
    await until(
      'the verification in the server',
      () => {
        using records = new DatabaseSync(join(site.dataDir, 'dashboard/records.sqlite'), { readOnly: true });
        const rows = records.prepare('SELECT scale, due FROM scale_verifications ORDER BY scale').all();
        return rows.length === 2 && rows[0]?.['scale'] === 'bale-scale' && rows[0]['due'] === ACCEPTED.due;
      },
      SEEN_WITHIN_MS,
    );
  });

  it('a verification that was stated is what the next weighings say', async () => {
    const verified = (await eventsOf('scale.verified')).at(-1);
    const weighed = await until(
      'a weighing after it',
      async () => (await eventsOf('weighing.recorded')).find(({ seq }) => seq > (verified?.seq ?? 0)),
      SEEN_WITHIN_MS,
    );
    expect(weighed.payload).toMatchObject({ verification: 'valid', verificationDue: ACCEPTED.due });
  });

  it.each([
    [
      'a key that was used for something else',
      'verified-1',
      { ...ACCEPTED, due: '2027-01-03' },
      409,
      'key-reused',
    ],
    ['a scale that the line does not have', 'stranger-1', { ...ACCEPTED, scale: 'other' }, 409, 'refused'],
    [
      'a day that is to come',
      'to-come-1',
      { ...ACCEPTED, on: '2096-01-02', due: '2097-01-02' },
      409,
      'refused',
    ],
    ['a day that no calendar has', 'no-day-1', { ...ACCEPTED, on: '2026-02-30' }, 400, 'invalid-request'],
    ['an argument too many', 'too-many-1', { ...ACCEPTED, by: 'me' }, 400, 'invalid-request'],
  ])('is not taken with %s', async (_what, key, args, status, code) => {
    const before = (await eventsOf('scale.verified')).length;
    expect(await sendCommand(supervisor, key, 'scale.verify', args)).toMatchObject({
      status,
      body: { code },
    });
    expect(await eventsOf('scale.verified')).toHaveLength(before);
  });

  it('is nobody’s but a supervisor’s or an administrator’s', async () => {
    for (const role of ['operator', 'region', 'trainee']) {
      const client = await site.signInAs(role);
      const answer = await sendCommand(client, 'not-mine-1', 'scale.verify', ACCEPTED);
      expect([role, answer.status, answer.body.code]).toStrictEqual([role, 403, 'forbidden']);
    }
    const stranger = await fetch(`${site.url}/api/v1/lines/${LINE}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'not-mine-2' },
      body: JSON.stringify({ command: 'scale.verify', args: ACCEPTED }),
    });
    expect(stranger.status).toBe(401);
  });

  it('a clock is confirmed only when it reads earlier than its ledger, and then at once', async () => {
    expect(await sendCommand(supervisor, 'nothing-wrong', 'clock.confirm')).toMatchObject({
      status: 409,
      body: { code: 'refused' },
    });
    writeFileSync(clockFile(), '-30m');
    await until('a clock behind', async () => (await clock())?.state === 'behind', SEEN_WITHIN_MS);
    const confirmed = await sendCommand(supervisor, 'clock-right', 'clock.confirm');
    expect(confirmed).toMatchObject({ status: 200, body: { code: 'done' } });
    await until('a believed clock', async () => (await clock())?.state === 'checked', SEEN_WITHIN_MS);
    expect((await sendCommand(supervisor, 'clock-right', 'clock.confirm')).body.seq).toBe(confirmed.body.seq);
    const events = await eventsOf('clock.confirmed');
    expect(events.map(({ seq, clock: { state } }) => [seq, state])).toStrictEqual([
      [confirmed.body.seq, 'behind'],
    ]);
  });

  it('to a line that is away is told as unanswered, and recorded once when it is back', async () => {
    const before = (await eventsOf('scale.verified')).length;
    await site.edge.kill();
    const refusedScale = { scale: 'bale-scale', outcome: 'refused', on: '2026-03-04', due: null };
    const send = () => sendCommand(supervisor, 'line-away-1', 'scale.verify', refusedScale);
    expect(await send()).toMatchObject({ status: 504, body: { code: 'no-reply' } });
    expect(await eventsOf('scale.verified')).toHaveLength(before);
    site.edge.start();
    const done = await until(
      'the line to record it',
      async () => {
        const answer = await send();
        return answer.status === 200 && answer;
      },
      SEEN_WITHIN_MS,
    );
    // Whatever was asked again meanwhile has come by now.
    await sleep(3_000);
    expect((await send()).body.seq).toBe(done.body.seq);
    const events = (await eventsOf('scale.verified')).slice(before);
    expect(events.map(({ seq }) => seq)).toStrictEqual([done.body.seq]);
    const [event] = events;
    const known = event === undefined ? null : knownEvent(event);
    expect(known?.payload).toMatchObject({ outcome: 'refused', due: null });
    expect((await verifyLedger(site)).firstBroken).toBeNull();
  });
});
