import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import type { DeviceIncident, DeviceSink } from './device.ts';
import { WRITES_WAITING_MAX, type WriteOutcome } from './device-writer.ts';
import type { Log } from './log.ts';
import { SEND_WITHIN_MS, WriteDesk } from './write-desk.ts';

/** Time passes so many times faster for the desk. */
const FASTER = 50;
const clock: Clock = {
  nowMs: () => performance.now() * FASTER,
  monotonicMs: () => performance.now() * FASTER,
  sleep: async (ms, signal) => {
    await delay(ms / FASTER, undefined, { signal });
  },
};

const DONE: WriteOutcome = { kind: 'confirmed', readBack: 1 };
const never = new AbortController().signal;

const nothing = (): void => undefined;
const broken = (): Promise<never> => Promise.reject(new Error('a bug'));

function open() {
  const incidents: DeviceIncident[] = [];
  const errors: string[] = [];
  const sink: DeviceSink = {
    online: nothing,
    offline: nothing,
    readings: nothing,
    incident: (_device, kind) => incidents.push(kind),
  };
  const log: Log = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (_fields, message) => errors.push(message),
  };
  return { incidents, errors, desk: new WriteDesk('plc', { sink, clock, log }) };
}

it('gives the outcome of the work', async () => {
  const { desk, incidents } = open();
  expect(await desk.submit('a', 1000, never, async ({ sent }) => (sent(), DONE))).toBe(DONE);
  expect(incidents).toEqual([]);
});

it('refuses what could not be sent in time, and leaves open what was sent and never answered', async () => {
  const { desk, incidents } = open();
  const stuck = Promise.withResolvers<WriteOutcome>();
  const unsent = desk.submit('a', 1000, never, () => stuck.promise);
  const startMs = clock.monotonicMs();
  const sent = desk.submit('a', 1000, never, (job) => (job.sent(), stuck.promise));
  expect(await sent).toEqual({
    kind: 'unconfirmed',
    readBack: null,
    reason: 'plc n’a pas répondu à l’écriture : elle a pu avoir lieu',
  });
  expect(clock.monotonicMs() - startMs).toBeLessThan(SEND_WITHIN_MS);
  expect(await unsent).toEqual({
    kind: 'refused',
    reason: 'plc était occupé pendant 5 s : rien n’a été écrit',
  });
  expect(incidents).toEqual(['write-failed', 'write-failed']);
  stuck.resolve(DONE);
});

it('tells the work when the outcome is decided, whoever decided it', async () => {
  const { desk } = open();
  const abort = new AbortController();
  const signals: AbortSignal[] = [];
  const stuck = Promise.withResolvers<WriteOutcome>();
  const outcome = desk.submit('a', 1000, abort.signal, ({ signal }) => {
    signals.push(signal);
    return stuck.promise;
  });
  expect(signals[0]?.aborted).toBe(false);
  abort.abort();
  expect(await outcome).toEqual({ kind: 'refused', reason: 'la demande a été annulée : rien n’a été écrit' });
  expect(signals[0]?.aborted).toBe(true);
  expect(await desk.submit('a', 1000, abort.signal, () => stuck.promise)).toMatchObject({ kind: 'refused' });
  stuck.resolve(DONE);
});

it('never rejects: work that breaks is logged, and told by whether it was sent', async () => {
  const { desk, errors } = open();
  expect(await desk.submit('a', 1000, never, broken)).toMatchObject({ kind: 'refused' });
  expect(await desk.submit('a', 1000, never, ({ sent }) => (sent(), broken()))).toMatchObject({
    kind: 'unconfirmed',
  });
  expect(errors).toEqual(['a write broke', 'a write broke']);
});

it('counts what is still under way, and takes as many again once it is over', async () => {
  const { desk } = open();
  const stuck = Promise.withResolvers<WriteOutcome>();
  const abort = new AbortController();
  const under = Array.from({ length: WRITES_WAITING_MAX }, () =>
    desk.submit('a', 1000, abort.signal, () => stuck.promise),
  );
  expect(await desk.submit('a', 1000, never, async () => DONE)).toMatchObject({ kind: 'refused' });
  abort.abort();
  await Promise.all(under);
  // Their outcome is told, but they are not over.
  expect(await desk.submit('a', 1000, never, async () => DONE)).toMatchObject({ kind: 'refused' });
  stuck.resolve(DONE);
  await delay(1);
  expect(await desk.submit('a', 1000, never, async () => DONE)).toBe(DONE);
});
