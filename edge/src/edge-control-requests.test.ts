/** A whole edge on a real device: requests that come twice, altered, late, or while nothing can be recorded. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from './sparkplug/test-broker.ts';
import { World } from './test-controlled-line.ts';

describe('requests that do not come once and whole', () => {
  it('two at once: one is carried out, the other told that the line is busy; a stop goes before both', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const first = supervisor.sign('line.start');
    const second = supervisor.sign('line.start');
    supervisor.send(first);
    supervisor.send(second);
    // The first may have used the local enable up by then, which the second is told, too.
    const { code, reasons } = await supervisor.outcome(second.id);
    expect([code, reasons?.[0]?.code]).toEqual(['refused', 'busy']);
    await until('the first is asked', () => plc.calls.length === 1);
    plc.ignores = false;
    // Who may stop a line has it in hand or not.
    const stop = await supervisor.ask('line.stop', {}, { actorRef: 'beef0123beef0123' });
    expect(stop).toMatchObject({ code: 'done' });
    expect(await supervisor.outcome(first.id)).toMatchObject({ code: 'failed' });
    expect([plc.calls, plc.held('State')]).toEqual([['Start', 'Stop'], 2]);
  }, 40_000);

  it('a stop that meets a start: it is done, although stations are seen to move only after it', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const start = supervisor.sign('line.start');
    supervisor.send(start);
    await until('it is asked', () => plc.calls.length === 1);
    plc.number('State', 3);
    await supervisor.sees('it starts', ({ state }) => state === 'starting');
    plc.ignores = false;
    const stop = supervisor.sign('line.stop');
    supervisor.send(stop);
    await until('it is told to stop', () => plc.calls.length === 2);
    plc.number('Sorter', 3);
    plc.number('Belt', 3);
    expect(await supervisor.outcome(stop.id)).toMatchObject({ code: 'done' });
    expect(await supervisor.outcome(start.id)).toMatchObject({ code: 'failed' });
    expect([plc.calls, plc.held('State')]).toEqual([['Start', 'Stop'], 2]);
  }, 40_000);

  it('a stop that the PLC lost: the next one is asked at once, and both are told that it stands', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.number('State', 6);
    await supervisor.sees('it runs', ({ state }) => state === 'execute');
    plc.ignores = true;
    const lost = supervisor.sign('line.stop');
    supervisor.send(lost);
    await until('it is asked', () => plc.calls.length === 1);
    await delay(1000);
    plc.ignores = false;
    const askedAtMs = performance.now();
    expect(await supervisor.ask('line.stop')).toMatchObject({ code: 'done' });
    expect(performance.now() - askedAtMs).toBeLessThan(3000);
    expect(await supervisor.outcome(lost.id)).toMatchObject({ code: 'done' });
    expect([plc.calls, plc.held('State')]).toEqual([['Stop', 'Stop'], 2]);
  }, 40_000);

  it('a stop of a PLC that is gone: it is not there, which is not a refusal of its own', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.stop();
    await supervisor.sees('it is gone', ({ state }) => state === 'unknown');
    expect(await supervisor.ask('line.stop')).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'device-offline', ref: 'plc' }],
    });
    await plc.start();
  }, 40_000);

  it('the same again, a captured one, one that was altered, one that is old', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    supervisor.send(request);
    await supervisor.outcome(request.id);
    supervisor.send(request);
    await until('it is answered again', () => supervisor.answersTo(request.id).length >= 3);
    await delay(300);
    const codes = new Set(supervisor.answersTo(request.id).map(({ code }) => code));
    expect([plc.calls, [...codes]]).toEqual([['Start'], ['accepted', 'done']]);
    const altered = supervisor.sign('line.hold');
    supervisor.send({ bytes: altered.bytes.replace('line.hold', 'line.stop') });
    expect(await supervisor.outcome(altered.id)).toMatchObject({ code: 'bad-signature' });
    const heartbeat = { boot: '0'.repeat(16), tick: 1 };
    expect(await supervisor.ask('line.stop', {}, { heartbeat })).toMatchObject({ code: 'expired' });
    expect(plc.calls).toEqual(['Start']);
  }, 40_000);

  it('of an edge that is killed in the middle: its end is recorded as unknown, nothing is done twice', async () => {
    await using world = await World.prepare();
    const { supervisor, plc } = world;
    const file = join(world.dir, 'line.yaml');
    writeFileSync(file, world.text);
    const args = [join(import.meta.dirname, 'main.ts'), 'run', '--config', file, '--data', world.dataDir];
    const env = { ...process.env, TRAME_EDGE_HTTP_PORT: '0' };
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    await world.takeInHand();
    plc.ignores = true;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    await until('it is asked', () => plc.calls.length === 1);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    supervisor.heartbeat = null;
    await world.startEdge();
    await until(
      'its end is recorded',
      () => world.recorded().some(({ type }) => type === 'command.ended'),
      20_000,
    );
    const ended = world.recorded().filter(({ type }) => type === 'command.ended');
    expect(ended).toMatchObject([{ payload: { request: request.id, outcome: 'unknown' } }]);
    await until('the edge is heard', () => supervisor.heartbeat !== null, 15_000);
    supervisor.send(request);
    expect(await supervisor.outcome(request.id)).toMatchObject({ code: 'already-done' });
    expect(plc.calls).toEqual(['Start']);
    await supervisor.sees('it is told', ({ last }) => last?.outcome === 'unknown');
  }, 60_000);
});

describe('a line whose ledger takes nothing', () => {
  it('is stopped when it is asked, and not started; what was done is recorded once it can be', async () => {
    await using world = await World.start();
    await world.run();
    const { supervisor, plc } = world;
    const lock = new DatabaseSync(join(world.dataDir, 'ledger.sqlite'));
    lock.exec('BEGIN EXCLUSIVE');
    let isLocked = true;
    try {
      const stop = supervisor.sign('line.stop');
      supervisor.send(stop);
      await until('it stands', () => plc.held('State') === 2);
      expect(await supervisor.outcome(stop.id)).toMatchObject({ code: 'done', seq: null });
      plc.number('State', 4);
      await supervisor.sees('it is idle', ({ state }) => state === 'idle');
      await plc.pressEnable();
      expect(await supervisor.ask('line.start')).toMatchObject({ code: 'not-stored' });
      expect(plc.calls).toEqual(['Start', 'Stop']);
      lock.exec('ROLLBACK');
      isLocked = false;
      await until('the stop is recorded', () => {
        const ends = world.recorded().filter(({ payload }) => payload['command'] === 'line.stop');
        return ends.length === 2;
      });
      supervisor.send(stop);
      await until('it is answered again', () => supervisor.answersTo(stop.id).at(-1)?.code === 'done');
      expect(plc.calls).toEqual(['Start', 'Stop']);
    } finally {
      if (isLocked) lock.exec('ROLLBACK');
      lock.close();
    }
  }, 60_000);
});
