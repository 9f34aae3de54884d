/** Acts through a whole server: asked by HTTP, recorded by a line over the broker, answered once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { fasterClock, startMaterialServer, type MaterialServer } from '../testing/test-material-server.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { tempDir } from '../testing/temp-dir.ts';
import type { TestLine } from '../testing/test-line.ts';
import { ATTEMPTS_MAX } from './act-recording.ts';

/** Ten seconds without an answer are two. */
const FASTER = 5;

let site: MaterialServer;
let line: TestLine;

const partner = (name: string) => ({ partner: name, role: 'collector', name: `Collecte ${name}` });
const declared = (name: string) =>
  line.ledger.events.filter(({ payload }) => payload?.['partner'] === name).length;
const BALE = { outlet: 'wipers', weight: { how: 'typed', grossGrams: 201_500 } };

/** Somebody else's output, recorded without this server. */
function recordElsewhere(number: number): void {
  const output = `B${number}`;
  const made = { output, number, line: 'tri-1', press: null, outlet: 'reuse', unit: 'sack' as const };
  const at = { occurredAt: systemClock.nowMs(), recordedAt: systemClock.nowMs() };
  line.send([line.ledger.add('output.started', { ...made, entry: 'screen', sheet: null }, at)]);
}

beforeAll(async () => {
  site = await startMaterialServer({}, {}, fasterClock(FASTER));
  ({ line } = site);
});
afterAll(() => site[Symbol.asyncDispose]());
beforeEach(() => {
  line.before = () => undefined;
  line.isThere = true;
  line.isHeard = true;
  line.sends = true;
  line.refuses = null;
});

describe('an act', () => {
  it('is recorded by the line, and answered with its event once it is shown', async () => {
    const { status, body } = await site.act('/partners', partner('emmaus'));
    expect(status).toBe(201);
    const event = line.ledger.last;
    expect(body).toEqual({ id: 'emmaus', number: null, events: [event.id], warnings: [], replayed: false });
    expect(event).toMatchObject({
      type: 'partner.declared',
      payload: { partner: 'emmaus', role: 'collector' },
    });
    expect(event.actorRef).toMatch(/^[0-9a-f]{32}$/u);
    const { rows } = await site.get<{ rows: { id: string }[] }>('/partners');
    expect(rows.map(({ id }) => id)).toContain('emmaus');
  });

  it('asked again under its key is the same act; with another body, or elsewhere, it is refused', async () => {
    const key = site.newKey();
    const first = await site.act('/partners', partner('relais'), { key });
    const again = await site.act('/partners', partner('relais'), { key });
    expect(again).toEqual({ status: 201, body: { ...first.body, replayed: true } });
    const others: [string, object][] = [
      ['/partners', partner('autre')],
      ['/containers', { container: 'C-1', kind: 'cage', tareGrams: 1 }],
    ];
    for (const [path, body] of others) {
      const other = await site.act(path, body, { key });
      expect(other).toMatchObject({ status: 409, body: { code: 'key-reused' } });
    }
    expect([declared('relais'), declared('autre')]).toEqual([1, 0]);
  });

  it('is one act when it is asked ten times at once', async () => {
    const key = site.newKey();
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => site.act('/partners', partner('dix'), { key })),
    );
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([201]));
    expect(asked.filter(({ body }) => !body.replayed)).toHaveLength(1);
    expect(declared('dix')).toBe(1);
  });

  it('has a number of its own among fifty at once', async () => {
    // By the machine's own clock: whoever waits too long for a turn is asked to come again.
    await using own = await startMaterialServer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => own.act('/bales', BALE)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 201));
    const numbers = answers.map(({ body }) => body.number ?? 0).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('that is refused records nothing, and says why', async () => {
    const before = line.ledger.events.length;
    const { status, body } = await site.act('/bales', { ...BALE, outlet: 'nowhere' });
    expect([status, body.code]).toEqual([404, 'unknown-outlet']);
    expect(body).toMatchObject({ detail: expect.any(String), params: { outlet: 'nowhere' } });
    expect(line.ledger.events).toHaveLength(before);
  });
});

describe('what the line recorded in between', () => {
  it('is looked at, and the act decided anew', async () => {
    const { body: last } = await site.act('/bales', BALE);
    const next = (last.number ?? 0) + 1;
    let times = 0;
    line.before = () => {
      times += 1;
      if (times <= 2) recordElsewhere(next + times - 1);
    };
    const { status, body } = await site.act('/bales', BALE);
    expect([status, body.number, times]).toEqual([201, next + 2, 3]);
    const made = line.ledger.events.filter(({ type }) => type === 'output.started');
    const numbers = made.map(({ payload }) => payload?.['number']);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('may change faster than anybody decides: then whoever asks comes again', async () => {
    let number = 10_000;
    line.before = () => recordElsewhere((number += 1));
    const key = site.newKey();
    const { status, body } = await site.act('/bales', BALE, { key });
    expect([status, body.code]).toEqual([503, 'busy']);
    expect(number).toBe(10_000 + ATTEMPTS_MAX);
    line.before = () => undefined;
    expect(await site.act('/bales', BALE, { key })).toMatchObject({
      status: 201,
      body: { number: number + 1 },
    });
  });
});

describe('a line that', () => {
  it('is away leaves the act undone, and the same key does it when it is back', async () => {
    line.isThere = false;
    const key = site.newKey();
    const away = await site.act('/partners', partner('loin'), { key });
    expect(away).toMatchObject({ status: 504, body: { code: 'no-reply' } });
    line.isThere = true;
    expect(await site.act('/partners', partner('loin'), { key })).toMatchObject({
      status: 201,
      body: { replayed: false },
    });
    expect(declared('loin')).toBe(1);
  });

  it('recorded it unheard is asked again, by somebody else even, and does nothing twice', async () => {
    line.isHeard = false;
    const key = site.newKey();
    expect((await site.act('/partners', partner('muet'), { key })).status).toBe(504);
    line.isHeard = true;
    const again = await site.act('/partners', partner('muet'), { key, role: 'administrator' });
    expect(again).toMatchObject({ status: 201, body: { id: 'muet', events: [line.ledger.last.id] } });
    expect(declared('muet')).toBe(1);
  });

  it('recorded it and tells its ledger late is waited for', async () => {
    line.sends = false;
    const key = site.newKey();
    const late = await site.act('/partners', partner('tard'), { key });
    expect(late).toMatchObject({ status: 504, body: { detail: expect.stringContaining('is recorded') } });
    line.sends = true;
    await eventually(async () => {
      const { status } = await site.act('/partners', partner('tard'), { key });
      return status === 201 ? true : null;
    });
    expect(declared('tard')).toBe(1);
  });

  it.each([
    ['not-stored', 'the disk is full', 503, 'not-recorded'],
    ['unknown-key', null, 503, 'not-recorded'],
    ['refused', 'no such event', 409, 'refused'],
  ] as const)('answers %s makes it %s, %i %s', async (code, detail, status, said) => {
    line.refuses = { code, detail, seq: null, epoch: null };
    const key = site.newKey();
    const name = `non-${code}`;
    expect(await site.act('/partners', partner(name), { key })).toMatchObject({
      status,
      body: { code: said },
    });
    expect(declared(name)).toBe(0);
    line.refuses = null;
    expect((await site.act('/partners', partner(name), { key })).status).toBe(201);
    expect(declared(name)).toBe(1);
  });
});

/** So many hours from now, ms since 1970 UTC. */
const hours = (count: number) => systemClock.nowMs() + count * 3_600_000;

describe('when it happened', () => {
  it.each([
    [() => hours(0.2), 'in-the-future'],
    [() => hours(-24 * 63), 'too-long-ago'],
  ])('may not be %s: %s', async (occurredAt, code) => {
    const answer = await site.act('/partners', { ...partner('temps'), occurredAt: occurredAt() });
    expect(answer).toMatchObject({ status: 409, body: { code } });
  });

  it('is kept, beside when it was recorded', async () => {
    const occurredAt = hours(-5);
    await site.act('/partners', { ...partner('avant'), occurredAt });
    expect(line.ledger.last).toMatchObject({ occurredAt });
    expect(line.ledger.last.recordedAt).toBeGreaterThan(occurredAt);
  });

  it('may not lie in a month that is closed', async () => {
    const occurredAt = hours(-24 * 40);
    expect((await site.act('/partners', { ...partner('vieux'), occurredAt })).status).toBe(201);
    const month = localDayIn('Europe/Paris')(occurredAt).slice(0, 7);
    expect((await site.act('/closings', { month })).status).toBe(201);
    const answer = await site.act('/partners', { ...partner('clos'), occurredAt });
    expect(answer).toMatchObject({ status: 409, body: { code: 'month-closed', params: { month } } });
    expect((await site.act('/partners', partner('ouvert'))).status).toBe(201);
  });
});

describe('the log book of a scale', () => {
  it('sends a verification to the line of the scale, and keeps the rest itself', async () => {
    await using own = await startMaterialServer({
      material: { scales: [{ id: 'bascule', label: 'Bascule', use: 'any' }] },
    });
    const path = '/scales/bascule/log';
    const on = new Date(systemClock.nowMs() - 86_400_000).toISOString().slice(0, 10);
    const due = `${Number(on.slice(0, 4)) + 1}${on.slice(4)}`.replace('02-29', '02-28');
    expect((await own.act(path, { entry: 'verification', on, due })).status).toBe(201);
    expect(own.line.ledger.last).toMatchObject({
      type: 'scale.verified',
      payload: { scale: 'bascule', outcome: 'accepted', on, due },
    });
    expect(await own.act(path, { entry: 'verification', on })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/body/due' }] },
    });
    expect((await own.act(path, { entry: 'repair', on, text: 'capteur' })).status).toBe(201);
    expect(own.line.ledger.last.type).toBe('scale.logged');
    const unknown = await own.act('/scales/autre/log', { entry: 'refusal', on });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown-scale' } });
  });
});

describe('a server that stops in the middle', () => {
  it('goes on under the same key after its restart, and does nothing twice', async () => {
    using directory = tempDir();
    const place = { dataDir: directory.path, demoAccountsFile: `${directory.path}/accounts.json` };
    const key = 'key-restart-1';
    const first = await startMaterialServer(place);
    first.line.isHeard = false;
    // Its connection may be cut by the stop before it is answered.
    const asked = first.act('/bales', BALE, { key }).catch(() => null);
    await eventually(() => (first.line.ledger.last.type === 'output.placed' ? true : null));
    await first.server[Symbol.asyncDispose]();
    expect((await asked)?.status ?? 504).toBe(504);
    const { ledger } = first.line;
    await using second = await startMaterialServer(place, { ledger });
    second.line.follow(first.line);
    await first.line[Symbol.asyncDispose]();
    const answer = await second.act('/bales', BALE, { key });
    const ids = ledger.events.slice(1).map(({ id }) => id);
    expect(answer).toEqual({
      status: 201,
      body: { id: 'B1', number: 1, events: ids, warnings: expect.any(Array), replayed: false },
    });
    expect(ledger.events.filter(({ type }) => type === 'output.started')).toHaveLength(1);
  });
});

describe('figures', () => {
  it('tell what became of acts', async () => {
    const metrics = await (await fetch(`${site.server.url}/metrics`)).text();
    expect(metrics).toMatch(/trame_material_acts_total\{outcome="done"\} \d+/u);
    expect(metrics).toMatch(/trame_material_acts_total\{outcome="unknown-outlet"\} 1/u);
    expect(metrics).toContain('trame_material_acts_waiting 0');
  });
});
