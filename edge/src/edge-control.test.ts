/** A whole edge on a real device: what people ask of a line, and what the line makes of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_IDLE_MS } from '@trame/protocol/control/control-names';
import { describe, expect, it } from 'vitest';
import { until } from './sparkplug/test-broker.ts';
import { World, type LineParts } from './test-controlled-line.ts';
import { TestModbusScale } from './test-modbus-scale.ts';
import { ACTOR } from './test-supervisor.ts';

const GUARD_REGISTER = 20;
const UNKNOWN_GUARD = {
  code: 'interlock',
  ref: 'guard',
  words: 'Mesure inconnue, donc interdit : Le capot est ouvert.',
};

/** A guard that another device than the PLC watches. */
function guardedBy(port: number): LineParts {
  return {
    devices: `  - id: guards
    driver: modbus
    url: tcp://127.0.0.1:${port}
    unit: 1
    limits: { timeoutMs: 300 }
    groups:
      - every: 50ms
        tags: [{ name: closed, register: holding, address: ${GUARD_REGISTER}, type: bool, bit: 0 }]
`,
    interlocks:
      '    - { id: guard, when: { device: guards, tag: closed, value: false }, forbids: [line.start, line.unhold], words: Le capot est ouvert. }\n',
  };
}

describe('a line that is controlled', () => {
  it('starts when it is asked: recorded, accepted, watched, done, and seen by all', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    expect(await supervisor.outcome(request.id)).toMatchObject({ code: 'done' });
    const answers = supervisor.answersTo(request.id);
    expect(answers.map(({ code }) => code)).toEqual(['accepted', 'done']);
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
    expect(plc.held('State')).toBe(6);
    await until('its end is recorded', () => world.recorded().length === 3);
    expect(world.recorded()).toMatchObject([
      { type: 'control.changed', actor: ACTOR, payload: { holder: ACTOR, why: 'taken' } },
      {
        type: 'command.requested',
        actor: ACTOR,
        payload: { request: request.id, command: 'line.start', by: 'person' },
      },
      { type: 'command.ended', payload: { request: request.id, outcome: 'done', reasons: [], late: null } },
    ]);
    const picture = await supervisor.sees(
      'it runs',
      ({ state, busy }) => state === 'execute' && busy === null,
    );
    expect(picture).toMatchObject({
      commanded: true,
      mode: 'production',
      remote: true,
      holder: ACTOR,
      last: { request: request.id, outcome: 'done' },
      stations: [
        { id: 'belt', state: 'running', late: false },
        { id: 'sorter', state: 'running', late: false },
      ],
    });
    expect(plc.calls).toEqual(['Start']);
  }, 40_000);

  it('refuses a start that an interlock, the emergency stop or nobody at the panel forbids, and says why', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    expect(await supervisor.ask('line.start')).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'no-local-enable' }],
    });
    plc.bit('DoorsClosed', false);
    plc.bit('EmergencyStop', true);
    await plc.pressEnable();
    const refused = await supervisor.ask('line.start');
    expect(refused).toMatchObject({ code: 'refused' });
    expect(refused.reasons).toContainEqual({
      code: 'interlock',
      ref: 'doors',
      words: 'Une porte est ouverte.',
    });
    expect(refused.reasons?.map(({ code }) => code)).toContain('emergency-stop');
    const picture = await supervisor.sees('it is seen', ({ emergencyStop }) => emergencyStop === true);
    expect(picture.refusals['line.start'].map(({ code }) => code)).toContain('interlock');
    expect(plc.calls).toEqual([]);
  }, 40_000);

  it('says so when a device takes a value and keeps its own', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    expect(await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 0.75 })).toMatchObject({
      code: 'done',
    });
    expect(plc.held('Speed')).toBe(0.75);
    plc.lieAboutSpeed();
    const lied = await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 1 });
    expect(lied).toMatchObject({ code: 'unconfirmed' });
    expect(lied.detail).not.toBeNull();
    const past = await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 1.3 });
    expect(past).toMatchObject({ code: 'refused', reasons: [{ code: 'out-of-range' }] });
    await until('all is recorded', () => world.recorded().length >= 6);
    const ends = world.recorded().filter(({ type }) => type === 'command.ended');
    expect(ends.map(({ payload }) => payload['outcome'])).toEqual(['done', 'unconfirmed', 'refused']);
  }, 40_000);

  it('says so when its PLC takes a start and does nothing, and is not busy for ever', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const answer = await supervisor.ask('line.start');
    expect(answer.code).toBe('failed');
    await supervisor.sees('it is free again', ({ busy }) => busy === null);
  }, 40_000);

  it('ends a start whose PLC begins anew in the middle of it', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    await until('it is asked', () => plc.calls.length === 1);
    await plc.stop();
    const answer = await supervisor.outcome(request.id);
    expect(answer.code).toBe('failed');
    expect(answer.detail).toMatch(/\p{L}/u);
    await plc.start();
    await supervisor.sees('it is idle again', ({ state, busy }) => state === 'idle' && busy === null);
  }, 40_000);

  it('is not started while nobody can say whether a guard is closed, and says that it is not known', async () => {
    await using guards = await TestModbusScale.start();
    guards.registers.set(GUARD_REGISTER, 1);
    await using world = await World.start(guardedBy(guards.port));
    const { supervisor, plc } = world;
    await supervisor.sees('the guard is closed', ({ interlocks }) =>
      interlocks.some(({ id, forbidding }) => id === 'guard' && !forbidding),
    );
    await plc.pressEnable();
    await guards.stop();
    const picture = await supervisor.sees('it is not known', ({ interlocks }) =>
      interlocks.some(({ id, unknown }) => id === 'guard' && unknown),
    );
    expect(picture.interlocks).toContainEqual({
      id: 'guard',
      words: 'Le capot est ouvert.',
      forbidding: true,
      unknown: true,
      forbids: ['line.start', 'line.unhold'],
    });
    expect(picture.refusals['line.start']).toContainEqual(UNKNOWN_GUARD);
    await plc.pressEnable();
    const refused = await supervisor.ask('line.start');
    expect([refused.code, refused.reasons]).toEqual(['refused', [UNKNOWN_GUARD]]);
    expect(plc.calls).toEqual([]);
    await guards.start();
    await supervisor.sees('the guard is closed again', ({ interlocks }) =>
      interlocks.every(({ forbidding, unknown }) => !forbidding && !unknown),
    );
    await world.run();
  }, 40_000);

  it('is free when who has it in hand does nothing for long: another takes it without asking', async () => {
    await using world = await World.start();
    const { supervisor } = world;
    const other = 'beef0123beef0123';
    // Somebody who is there is asked first.
    expect(
      await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 0.75 }, { actorRef: other }),
    ).toMatchObject({ code: 'refused', reasons: [{ code: 'not-in-control' }] });
    world.pass(LEASE_IDLE_MS);
    await supervisor.sees('nobody has it', ({ holder }) => holder === null);
    await until('it is recorded', () => world.recorded().length === 3);
    await supervisor.sees('the line is idle', ({ state }) => state === 'idle');
    supervisor.heartbeat = null;
    expect(await supervisor.ask('control.take', {}, { actorRef: other })).toMatchObject({ code: 'done' });
    await supervisor.sees('another has it', ({ holder }) => holder === other);
    const changes = world.recorded().filter(({ type }) => type === 'control.changed');
    expect(changes.map(({ payload }) => [payload['holder'] ?? null, payload['why']])).toEqual([
      [ACTOR, 'taken'],
      [null, 'lapsed'],
      [other, 'taken'],
    ]);
  }, 40_000);

  it('is followed by its counter of life', async () => {
    await using world = await World.start();
    const before = Number(world.plc.held('TrameLife'));
    await delay(2000);
    const counted = Number(world.plc.held('TrameLife')) - before;
    expect(counted).toBeGreaterThanOrEqual(5);
    expect(counted).toBeLessThanOrEqual(12);
  }, 40_000);
});
