/** Programs and a disk that fail while a line is controlled, and people who want it at the same time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { failWrites } from '../helpers/failing-writes.ts';
import { endedCommands, requestedCommands } from '../helpers/line-control.ts';
import { siteControl, startControlledSite, type SiteControl } from '../helpers/site-control.ts';
import type { Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const STOPPED = 2;
const IDLE = 4;
const EXECUTE = 6;
const HELD = 11;
const SEEN_WITHIN_MS = 90_000;

describe('a line that is controlled', () => {
  let site: Site;
  let control: SiteControl;
  /** Two people who may. */
  let first: DashboardClient;
  let second: DashboardClient;

  beforeAll(async () => {
    site = await startControlledSite();
    control = siteControl(site);
    first = await site.signInAs('supervisor');
    second = await site.signInAs('administrator');
    await control.sees(first, 'the crew has started the line', ({ state }) => state === 'execute');
  }, 180_000);

  afterAll(() => site[Symbol.asyncDispose]());

  const reaches = (state: number) =>
    until(
      `the PLC in state ${state}`,
      async () => (await control.registers()).state === state,
      SEEN_WITHIN_MS,
    );
  const requested = async (id: string | undefined) =>
    (await requestedCommands(site)).filter(({ request }) => request === id);
  /** Asks for it and gives how it ended. */
  const does = async (command: string, args: Readonly<Record<string, unknown>> = {}) => {
    const { body } = await control.ask(first, command, args);
    return { command, outcome: (await control.outcome(first, body.id)).outcome };
  };

  it('passes from one person to another with consent, not against it, and by itself when nobody answers', async () => {
    expect(await control.ask(first, 'control.take')).toMatchObject({ status: 200, body: { code: 'done' } });
    const { holder: one } = await control.sees(first, 'who has it', ({ holder }) => holder !== null);
    const refused = await control.ask(second, 'control.take');
    expect(refused.status).toBe(202);
    const { asking } = await control.sees(first, 'who asks', (picture) => picture.asking !== null);
    expect(
      await control.ask(second, 'setpoint.write', { setpoint: 'infeed-belt', value: 0.3 }),
    ).toMatchObject({
      status: 409,
      body: { code: 'not-in-control' },
    });
    const to = asking?.actor;
    expect(await control.ask(first, 'control.answer', { grant: false, to })).toMatchObject({ status: 200 });
    expect(await control.outcome(second, refused.body.id)).toMatchObject({ outcome: 'refused' });
    await control.sees(first, 'it stays', ({ holder, asking: now }) => holder === one && now === null);

    const granted = await control.ask(second, 'control.take');
    await control.sees(first, 'who asks again', (picture) => picture.asking !== null);
    expect(await control.ask(first, 'control.answer', { grant: true, to })).toMatchObject({ status: 200 });
    expect(await control.outcome(second, granted.body.id)).toMatchObject({ outcome: 'done' });
    const { holder: two } = await control.sees(first, 'it passed', ({ holder }) => holder !== one);
    expect(two).toBe(asking?.actor);

    const unanswered = await control.ask(first, 'control.take');
    expect(unanswered.status).toBe(202);
    // Whoever has it not may stop the line at any moment.
    expect(await control.sees(first, 'it is still another’s', ({ holder }) => holder === two)).toMatchObject({
      refusals: { 'line.stop': [] },
    });
    expect(await control.outcome(first, unanswered.body.id)).toMatchObject({ outcome: 'done' });
    await control.sees(first, 'it passed by itself', ({ holder }) => holder === one);
  }, 180_000);

  it('is stopped once by two clicks at once', async () => {
    const clicks = await Promise.all([
      control.ask(first, 'line.stop', {}, 'double-click'),
      control.ask(first, 'line.stop', {}, 'double-click'),
    ]);
    const [id, same] = clicks.map(({ body }) => body.id);
    expect(same).toBe(id);
    expect((await control.outcome(first, id)).outcome).toBe('done');
    await reaches(STOPPED);
    const other = await control.ask(first, 'line.stop');
    expect(other).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await requested(id)).toHaveLength(1);
    expect((await requestedCommands(site)).filter(({ command }) => command === 'line.stop')).toHaveLength(1);
  }, 180_000);

  it('comes to the end of its start while the server is killed, and the server tells so when it is back', async () => {
    expect(await does('line.reset')).toMatchObject({ outcome: 'done' });
    await control.enabled(first);
    const started = await control.ask(first, 'line.start', {}, 'start-and-die');
    expect(started.status).toBe(202);
    await site.server.kill();
    await reaches(EXECUTE);
    site.server.start();
    await until('the server again', () => site.signInAs('supervisor'), SEEN_WITHIN_MS);
    first = await site.signInAs('supervisor');
    second = await site.signInAs('administrator');
    await control.heard(first);
    expect(await control.outcome(first, started.body.id)).toMatchObject({ outcome: 'done' });
    const again = await control.ask(first, 'line.start', {}, 'start-and-die');
    expect(again.body.id).toBe(started.body.id);
    expect(await requested(started.body.id)).toHaveLength(1);
  }, 180_000);

  it('is stopped while the edge’s disk is full, and set only when it can be recorded', async () => {
    const pid = site.edge.process().pid;
    const full = await failWrites(pid, 'ENOSPC');
    const [speed, stop] = await (async () => {
      try {
        const asked = await control.ask(first, 'setpoint.write', { setpoint: 'infeed-belt', value: 0.9 });
        const stopped = await control.ask(first, 'line.stop');
        expect(stopped).toMatchObject({ body: { id: expect.any(String) as unknown } });
        await reaches(STOPPED);
        expect((await control.registers()).setpointMmPerS).not.toBe(900);
        return [asked, stopped] as const;
      } finally {
        await full.end();
      }
    })();
    expect(await control.outcome(first, stop.body.id)).toMatchObject({ outcome: 'done' });
    expect(speed.body.code).not.toBe('done');
    // What was done without a record has one as soon as there is room.
    await until(
      'the stop is recorded',
      async () =>
        (await endedCommands(site)).some(
          ({ request, outcome }) => request === stop.body.id && outcome === 'done',
        ),
      SEEN_WITHIN_MS,
    );
  }, 180_000);

  it('is held by its PLC when the edge is killed in the middle of a start, and what came of it is unknown', async () => {
    expect(await does('line.reset')).toMatchObject({ outcome: 'done' });
    await reaches(IDLE);
    await control.enabled(first);
    const started = await control.ask(first, 'line.start');
    await control.sees(first, 'it is being carried out', ({ busy }) => busy?.phase === 'warning');
    await site.edge.kill();
    await until(
      'the PLC misses Trame and holds the line',
      async () => {
        const { trameLifeLost, state } = await control.registers();
        return trameLifeLost && state === HELD;
      },
      SEEN_WITHIN_MS,
    );
    site.edge.start();
    expect(await control.outcome(first, started.body.id)).toMatchObject({ outcome: 'unknown' });
    await control.sees(first, 'it is held', ({ state, busy }) => state === 'held' && busy === null);
    await until(
      'the PLC sees Trame again',
      async () => !(await control.registers()).trameLifeLost,
      SEEN_WITHIN_MS,
    );
    // Nothing is taken up again by itself.
    expect((await control.registers()).state).toBe(HELD);
  }, 180_000);
});
