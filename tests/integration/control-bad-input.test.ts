/**
 * What a line is asked that it must not do, or cannot: refused before anything is written, or told in words how the
 * line stands. Beside Trame's own answers, the PLC's registers say that nothing reached it.
 */
import type { CommandReply } from '@trame/protocol/command';
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import {
  endedCommands,
  requestedCommands,
  startControlledLine,
  untilEnabled,
  type ControlledLine,
} from '../helpers/line-control.ts';
import { until } from '../helpers/until.ts';

/** A heartbeat counts for ten seconds. */
const EXPIRED_MS = 11_000;
const STOPPED = 2;

function codes({ reasons = [] }: CommandReply): readonly string[] {
  return reasons.map(({ code }) => code);
}

async function beginning(example: string): Promise<ControlledLine> {
  return begun(await startControlledLine(example), async ({ supervisor, panel }) => {
    await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
    await panel({ restarts: false });
    await supervisor.ask('control.take');
  });
}

/** The PLC's program is up again once nothing lies on the plant and it counts. */
async function programmeRuns({ registers, simulation }: ControlledLine): Promise<void> {
  await until('no fault', async () => (await simulation.truth()).faults.length === 0);
  const { life } = await registers();
  await until('the PLC counts', async () => (await registers()).life > life);
}

describe('a line whose PLC is asked by methods', () => {
  let line: ControlledLine;

  beforeAll(async () => {
    line = await beginning('demo/line.yaml');
  }, 180_000);

  afterAll(() => line[Symbol.asyncDispose]());

  const ask = (command: string, args: Readonly<Record<string, unknown>> = {}) =>
    line.supervisor.ask(command, args);

  it.each([
    ['setpoint.write', { setpoint: 'infeed-belt', value: 1.25 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'infeed-belt', value: 0 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'infeed-belt', value: -0.5 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'infeed-belt', value: 1e300 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'nothing', value: 0.5 }, 'unknown-setpoint'],
    ['programme.download', { programme: 'rien' }, 'unknown-programme'],
    ['diverter.set', { outlet: 'rien', to: null }, 'unknown-outlet'],
    ['diverter.set', { outlet: 'csr', to: 'elimination' }, 'unknown-outlet'],
    ['scale.tare', { scale: 'bale-scale' }, 'unknown-scale'],
    ['line.start', {}, 'wrong-state'],
    ['line.unhold', {}, 'wrong-state'],
    ['line.reset', {}, 'wrong-state'],
    ['line.mode', { mode: 'school' }, 'wrong-state'],
  ])('refuses %s %j while it runs: %s', async (command, args, why) => {
    const before = await line.registers();
    const reply = await ask(command, args);
    expect(reply.code).toBe('refused');
    expect(codes(reply)).toContain(why);
    const { state, mode, setpointMmPerS } = await line.registers();
    expect({ state, mode, setpointMmPerS }).toEqual({
      state: before.state,
      mode: before.mode,
      setpointMmPerS: before.setpointMmPerS,
    });
  });

  it.each([
    ['setpoint.write', { setpoint: 'infeed-belt', value: 'vite' }],
    ['setpoint.write', { setpoint: 'infeed-belt', value: null }],
    ['setpoint.write', { setpoint: 'infeed-belt' }],
    ['setpoint.write', { setpoint: '../infeed-belt', value: 0.5 }],
    ['line.mode', { mode: 'turbo' }],
    ['line.stop', { now: true }],
  ])('does not take %s %j', async (command, args) => {
    expect(await ask(command, args)).toMatchObject({ code: 'invalid-args' });
  });

  it('does not take what nobody trusted signed, nor what was changed, nor what is for another line', async () => {
    const { supervisor } = line;
    const before = await line.registers();
    const good = await supervisor.sign('setpoint.write', { setpoint: 'infeed-belt', value: 0.3 });
    const altered = { ...good, request: { ...good.request, args: { setpoint: 'infeed-belt', value: 1.2 } } };
    expect(await supervisor.send(altered)).toMatchObject({ code: 'bad-signature' });
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(await supervisor.ask('line.stop', {}, { key: privateKey })).toMatchObject({ code: 'unknown-key' });
    expect(await supervisor.ask('line.stop', {}, { line: 'tri-2' })).toMatchObject({ code: 'wrong-line' });
    const { state, setpointMmPerS } = await line.registers();
    expect([state, setpointMmPerS]).toEqual([before.state, before.setpointMmPerS]);
    // Whoever altered it did not use it up.
    expect(await supervisor.send(good)).toMatchObject({ code: 'done' });
    expect((await line.registers()).setpointMmPerS).toBe(300);
  });

  it('does once what is sent again, and not at all what comes too late', async () => {
    const { supervisor } = line;
    const late = await supervisor.sign('setpoint.write', { setpoint: 'infeed-belt', value: 1.1 });
    const first = await supervisor.sign('setpoint.write', { setpoint: 'infeed-belt', value: 0.4 });
    expect(await supervisor.send(first)).toMatchObject({ code: 'done' });
    expect(await ask('setpoint.write', { setpoint: 'infeed-belt', value: 0.5 })).toMatchObject({
      code: 'done',
    });
    expect(await supervisor.send(first)).toMatchObject({ code: 'done' });
    await sleep(EXPIRED_MS);
    expect(await supervisor.send(late)).toMatchObject({ code: 'expired' });
    // Known, and told again; not followed again.
    expect((await supervisor.send(first)).code).toMatch(/^(?:done|already-done)$/u);
    expect((await line.registers()).setpointMmPerS).toBe(500);
    const requests = (await requestedCommands(line)).map(({ request }) => request);
    expect(requests.filter((id) => id === first.request.id)).toHaveLength(1);
    expect(requests).not.toContain(late.request.id);
  });

  it('says of a set-point that reads back otherwise that it is not confirmed', async () => {
    const { supervisor, simulation } = line;
    const fault = await simulation.addFault({ kind: 'write-lies', target: 'InfeedBelt.SpeedSetpoint' });
    // What stands already reads as written until the PLC shows what it made of it.
    const standing = (await line.registers()).setpointMmPerS / 1_000;
    expect(await ask('setpoint.write', { setpoint: 'infeed-belt', value: standing })).toMatchObject({
      code: 'unconfirmed',
    });
    const reply = await ask('setpoint.write', { setpoint: 'infeed-belt', value: 0.8 });
    await simulation.removeFault(fault);
    expect(reply).toMatchObject({ code: 'unconfirmed' });
    // It says what stands there.
    expect(reply.detail).toMatch(/0[.,][79]/u);
    expect(await ask('setpoint.write', { setpoint: 'infeed-belt', value: 0.45 })).toMatchObject({
      code: 'done',
    });
    await supervisor.sees('it is shown', ({ setpoints }) =>
      setpoints.some(({ id, value }) => id === 'infeed-belt' && Math.abs((value ?? 0) - 0.45) < 1e-6),
    );
  });

  it('says of a PLC that takes a command and does nothing how the line stands', async () => {
    const { supervisor, simulation } = line;
    const fault = await simulation.addFault({ kind: 'plc-ignores', target: 'plc' });
    const reply = await ask('line.stop');
    expect(reply).toMatchObject({
      code: 'failed',
      detail: 'L’automate a pris la commande et n’a rien fait. La ligne est en marche.',
    });
    await simulation.removeFault(fault);
    expect(await ask('line.stop')).toMatchObject({ code: 'done' });
    expect((await line.registers()).state).toBe(STOPPED);
    await supervisor.sees('nothing is under way', ({ busy }) => busy === null);
  });

  it('does not start while nobody pressed the local enable, or a guard door stands open, in the words of the line', async () => {
    const { supervisor, simulation } = line;
    const hand = await simulation.addFault({ kind: 'no-local-enable', target: 'line' });
    await until('the line is stopped', async () => (await line.registers()).state === STOPPED);
    expect(await ask('line.reset')).toMatchObject({ code: 'done' });
    await supervisor.sees('nobody pressed it', ({ enableLeftMs }) => enableLeftMs === 0);
    const before = await line.registers();
    const refused = await ask('line.start');
    expect(refused).toMatchObject({ code: 'refused', reasons: [{ code: 'no-local-enable' }] });
    const door = await simulation.addFault({ kind: 'guard-open', target: 'line' });
    await supervisor.sees('the door', ({ interlocks }) =>
      interlocks.some(({ id, forbidding }) => id === 'guard-doors' && forbidding),
    );
    expect((await ask('line.start')).reasons).toContainEqual({
      code: 'interlock',
      ref: 'guard-doors',
      words: 'Une porte de protection est ouverte. Fermez-la sur place.',
    });
    expect((await line.registers()).state).toBe(before.state);
    await simulation.removeFault(door);
    await simulation.removeFault(hand);
  });

  it('says of a PLC that starts anew in the middle of a start that the line stands, and follows it again', async () => {
    const { supervisor, simulation } = line;
    await untilEnabled(line);
    const start = await supervisor.sign('line.start');
    await supervisor.post(start);
    await supervisor.sees('it is being carried out', ({ busy }) => busy?.phase === 'warning');
    await simulation.addFault({ kind: 'plc-reboot', target: 'plc', durationMs: 2_000 });
    const told = await until(
      'its outcome',
      () => supervisor.replies().find(({ id, code }) => id === start.request.id && code !== 'accepted'),
      60_000,
    );
    expect(told.code).toBe('failed');
    expect(told.detail).toMatch(/La ligne est arrêtée|automate/u);
    await supervisor.sees('the PLC is back', ({ state, busy }) => state === 'stopped' && busy === null);
    await programmeRuns(line);
    expect((await line.registers()).state).toBe(STOPPED);
    expect(await ask('line.reset')).toMatchObject({ code: 'done' });
  });

  it('does not follow what was captured before the edge was killed', async () => {
    const { supervisor } = line;
    const captured = await supervisor.sign('line.stop');
    const carriedOut = await supervisor.sign('setpoint.write', { setpoint: 'infeed-belt', value: 0.6 });
    expect(await supervisor.send(carriedOut)).toMatchObject({ code: 'done' });
    const boot = supervisor.picture()?.boot;
    line.edge().signal('SIGKILL');
    await line.edge().exited;
    line.startEdge();
    await supervisor.sees(
      'the edge again',
      (picture) => picture.boot !== boot && picture.state === 'idle' && picture.remote === true,
    );
    expect(await supervisor.send(captured)).toMatchObject({ code: 'expired' });
    // Nobody has it in hand any more: who had it may be gone.
    expect(await ask('setpoint.write', { setpoint: 'infeed-belt', value: 0.5 })).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'not-in-control' }],
    });
    expect(await ask('control.take')).toMatchObject({ code: 'done' });
    expect((await supervisor.send(carriedOut)).code).toMatch(/^(?:expired|already-done)$/u);
    expect((await requestedCommands(line)).filter(({ request }) => request === captured.request.id)).toEqual(
      [],
    );
  });
});

describe('a line whose PLC is asked by a handshake', () => {
  it('ends what the PLC does not acknowledge, does not carry out or forgets, and is followed again', async () => {
    await using line = await beginning('line-modbus-plc.yaml');
    const { supervisor, simulation } = line;
    const mute = await simulation.addFault({ kind: 'plc-mute', target: 'plc' });
    const unheard = await supervisor.ask('line.stop');
    expect(unheard.code).toBe('failed');
    expect(unheard.detail).not.toBe('');
    await simulation.removeFault(mute);
    const deaf = await simulation.addFault({ kind: 'plc-ignores', target: 'plc' });
    const nothing = await supervisor.ask('line.stop');
    expect(nothing.code).toBe('failed');
    expect(nothing.detail).toContain('La ligne est en marche.');
    await simulation.removeFault(deaf);
    expect(await supervisor.ask('line.stop')).toMatchObject({ code: 'done' });
    expect(await supervisor.ask('line.reset')).toMatchObject({ code: 'done' });
    await untilEnabled(line);
    const start = await supervisor.sign('line.start');
    await supervisor.post(start);
    await supervisor.sees('it is being carried out', ({ busy }) => busy?.phase === 'warning');
    await simulation.addFault({ kind: 'plc-reboot', target: 'plc', durationMs: 2_000 });
    const told = await until(
      'its outcome',
      () => supervisor.replies().find(({ id, code }) => id === start.request.id && code !== 'accepted'),
      60_000,
    );
    expect(told.code).toBe('failed');
    await supervisor.sees('the PLC is back', ({ state, busy }) => state === 'stopped' && busy === null);
    await programmeRuns(line);
    expect(await supervisor.ask('line.reset')).toMatchObject({ code: 'done' });
    const ended = (await endedCommands(line)).map(({ command, outcome }) => [command, outcome]);
    expect(ended).toEqual([
      ['line.stop', 'failed'],
      ['line.stop', 'failed'],
      ['line.stop', 'done'],
      ['line.reset', 'done'],
      ['line.start', 'failed'],
      ['line.reset', 'done'],
    ]);
  }, 180_000);
});
