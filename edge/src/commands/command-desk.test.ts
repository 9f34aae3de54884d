import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { COMMAND_BYTES_MAX, signCommand } from '@trame/protocol/command';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScaleVerified, scaleVerifiedMark } from '../domain/scale-verified-mark.ts';
import { until } from '../sparkplug/test-broker.ts';
import { QUEUE_MAX, STRANGER_REPLIES_PER_SECOND } from './command-desk.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';
import { TRUST_READ_EVERY_MS } from './trusted-keys.ts';

describe('a request that a trusted key signed', () => {
  it('is recorded with its actor, and what it states is known', async () => {
    await using desk = new TestDesk();
    desk.start();
    const asked = request();
    const reply = await answerTo(desk, signed(asked, desk.server));
    const { epoch } = desk.ledger;
    expect(reply).toEqual({ v: 1, id: asked.id, code: 'done', detail: null, seq: 1, epoch });
    const stated = { ...asked.args, request: asked.id };
    expect(desk.ledger.events).toMatchObject([
      { type: 'scale.verified', actorRef: 'cafe0123cafe0123', payload: stated },
    ]);
    expect(desk.verified).toEqual([stated]);
    expect(readScaleVerified(desk.ledger.mark(scaleVerifiedMark('bale')))).toEqual(stated);
  });

  it('is done once however often it arrives, a restart between, with the same answer', async () => {
    await using first = new TestDesk();
    first.start();
    const asked = request();
    const message = signed(asked, first.server);
    await answerTo(first, message);
    expect(await answerTo(first, message)).toMatchObject({ id: asked.id, code: 'already-done', seq: 1 });
    await using second = new TestDesk(first.ledger);
    writeFileSync(second.keyFile, readFileSync(first.keyFile));
    second.start();
    const again = await answerTo(second, message);
    expect(again).toMatchObject({ code: 'already-done', seq: 1, epoch: first.ledger.epoch });
    expect(first.ledger.events).toHaveLength(1);
    expect([first.verified.length, second.verified.length]).toEqual([1, 0]);
  });

  it('is done once when it is sent twice before it was recorded', async () => {
    await using desk = new TestDesk();
    const message = signed(request(), desk.server);
    desk.desk.offer(message);
    desk.desk.offer(message);
    desk.start();
    expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'done' });
    await until('both requests are answered', () => desk.replies.length === 2);
    expect(desk.replies.map(({ code }) => code)).toEqual(['done', 'done']);
    expect(desk.ledger.events).toHaveLength(2);
  });

  it('is answered «not-stored» when the disk refuses, and is done when it is sent again', async () => {
    await using desk = new TestDesk();
    desk.start();
    desk.ledger.refusal = { kind: 'not-stored', code: 'disk-full', reason: 'the disk is full' };
    const message = signed(request(), desk.server);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'not-stored', detail: 'the disk is full' });
    expect(desk.verified).toEqual([]);
    desk.ledger.refusal = null;
    expect(await answerTo(desk, message)).toMatchObject({ code: 'done', seq: 1 });
  });

  it.each([
    ['an unknown command', { command: 'line.start' }, 'unknown-command', /line\.start/u],
    [
      'a member too many',
      { args: { scale: 'bale', outcome: 'accepted', on: '2023-11-01', due: '2024-11-01', x: 1 } },
      'invalid-args',
      /^args/u,
    ],
    ['no arguments', { args: {} }, 'invalid-args', /^args/u],
    [
      'a scale that the line does not have',
      { args: { scale: 'other', outcome: 'refused', on: '2023-11-01', due: null } },
      'refused',
      /other/u,
    ],
    [
      'a day that is none',
      { args: { scale: 'bale', outcome: 'accepted', on: '2023-02-30', due: '2024-11-01' } },
      'refused',
      /2023-02-30/u,
    ],
    [
      'a day to come',
      { args: { scale: 'bale', outcome: 'accepted', on: '2024-06-01', due: '2025-06-01' } },
      'refused',
      /to come/u,
    ],
    [
      'an end before its beginning',
      { args: { scale: 'bale', outcome: 'accepted', on: '2023-11-01', due: '2023-10-01' } },
      'refused',
      /2023-10-01/u,
    ],
    [
      'accepted without an end',
      { args: { scale: 'bale', outcome: 'accepted', on: '2023-11-01', due: null } },
      'refused',
      /must be stated/u,
    ],
    [
      'refused with an end',
      { args: { scale: 'bale', outcome: 'refused', on: '2023-11-01', due: '2024-11-01' } },
      'refused',
      /no date/u,
    ],
    [
      'a clock that needs no confirming',
      { command: 'clock.confirm', args: {} },
      'refused',
      /nothing to confirm/u,
    ],
    ['another line', { line: 'tri-2' }, 'wrong-line', /tri-1/u],
    ['another site', { site: 'rouen' }, 'wrong-line', /caux/u],
  ])('and has %s is refused and changes nothing', async (_, over, code, detail) => {
    await using desk = new TestDesk();
    desk.start();
    const asked = request(over);
    const reply = await answerTo(desk, signed(asked, desk.server));
    expect(reply).toMatchObject({ id: asked.id, code, seq: null, detail: expect.stringMatching(detail) });
    expect(desk.ledger.events).toEqual([]);
    expect(desk.ledger.marks.size).toBe(0);
  });

  it('confirms a clock that reads earlier than an event, once', async () => {
    await using desk = new TestDesk();
    desk.start();
    desk.clockState = 'behind';
    const asked = request({ command: 'clock.confirm', args: {} });
    await answerTo(desk, signed(asked, desk.server));
    await answerTo(desk, signed(asked, desk.server));
    const at = desk.clock.nowMs();
    expect(desk.ledger.events).toMatchObject([
      { type: 'clock.confirmed', payload: { at, request: asked.id } },
    ]);
    expect(desk.ledger.mark('clock.latest')).toBe(String(at));
    expect(desk.confirmed).toBe(1);
  });
});

describe('a request that nobody trusted signed', () => {
  it('by an unknown key, altered, or with a signature of another is answered so and changes nothing', async () => {
    await using desk = new TestDesk();
    desk.start();
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const genuine = signCommand(request(), desk.server);
    const other = signCommand(request(), desk.server);
    const claimed = { ...signCommand(genuine.request, stranger), key: genuine.key };
    const altered = {
      ...genuine,
      request: { ...genuine.request, args: { ...genuine.request.args, due: '2039-01-01' } },
    };
    const swapped = { ...genuine, signature: other.signature };
    const surrogate = { ...genuine, request: { ...genuine.request, args: { scale: '\ud800' } } };
    const messages = [signCommand(request(), stranger), claimed, altered, swapped, surrogate];
    for (const message of messages) desk.desk.offer(Buffer.from(JSON.stringify(message)));
    await until('all are answered', () => desk.replies.length === messages.length);
    expect(desk.replies.map(({ code }) => code)).toEqual([
      'unknown-key',
      'bad-signature',
      'bad-signature',
      'bad-signature',
      'bad-signature',
    ]);
    expect(desk.desk.counts).toMatchObject({ forged: 5, done: 0 });
    expect(desk.ledger.events).toEqual([]);
  });

  it('nested without end does not bring the desk down', async () => {
    await using desk = new TestDesk();
    desk.start();
    const genuine = JSON.stringify(signCommand(request({ args: { scale: 'DEEP' } }), desk.server));
    const deep = genuine.replace('"DEEP"', `${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    expect(await answerTo(desk, Buffer.from(deep))).toMatchObject({ code: 'bad-signature' });
    expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'done' });
  });

  it('that is no request at all is answered only when its id can be read', async () => {
    await using desk = new TestDesk();
    const { request: asked, ...unsigned } = signCommand(request(), desk.server);
    const messages = [
      'not JSON',
      '',
      'null',
      '[]',
      '{"request":null}',
      '{"request":{"id":"short"}}',
      JSON.stringify({ request: asked }),
      JSON.stringify({ ...unsigned, request: { ...asked, surplus: 1 } }),
    ];
    for (const message of messages) desk.desk.offer(Buffer.from(message));
    desk.desk.offer(Buffer.from([0xff, 0xfe, 0x00]));
    desk.desk.offer(Buffer.alloc(COMMAND_BYTES_MAX + 1, 0x20));
    desk.start();
    await until('all were looked at', () => desk.desk.counts.malformed === messages.length + 2);
    expect(desk.replies).toHaveLength(2);
    expect(desk.replies.every(({ id, code }) => id === asked.id && code === 'bad-signature')).toBe(true);
    expect(desk.ledger.events).toEqual([]);
  });

  it('with any byte changed, records nothing but what was signed', async () => {
    await using desk = new TestDesk();
    desk.start();
    const asked = request();
    const genuine = signed(asked, desk.server);
    await fc.assert(
      fc.asyncProperty(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const bytes = Buffer.from(genuine);
        bytes[place] = (bytes[place] ?? 0) ^ flip;
        const { counts } = desk.desk;
        // The last characters of a signature in base64 carry spare bits: changed, it is still the same signature.
        const looked = () => counts.forged + counts.malformed + counts.done + counts.alreadyDone;
        const before = looked();
        desk.desk.offer(bytes);
        await until('it was looked at', () => looked() > before);
      }),
      { numRuns: 150 },
    );
    expect(desk.desk.counts.forged + desk.desk.counts.malformed).toBeGreaterThan(100);
    for (const { payload } of desk.ledger.events)
      expect(payload).toEqual({ ...asked.args, request: asked.id });
  });

  it('gets no flood of answers, and the queue is bounded', async () => {
    await using desk = new TestDesk();
    const stranger = generateKeyPairSync('ed25519').privateKey;
    for (let index = 0; index < QUEUE_MAX + 36; index += 1) desk.desk.offer(signed(request(), stranger));
    expect(desk.desk.counts.dropped).toBe(36);
    desk.start();
    await until('all were looked at', () => desk.desk.counts.forged === QUEUE_MAX);
    expect(desk.replies).toHaveLength(STRANGER_REPLIES_PER_SECOND);
    expect(desk.logged.length).toBeLessThanOrEqual(2);
    // Whoever is trusted is still heard.
    expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'done' });
  });
});

describe('the keys that are trusted', () => {
  it('are read again: a server that makes its key later is heard then', async () => {
    await using desk = new TestDesk();
    desk.start();
    const pem = readFileSync(desk.keyFile);
    rmSync(desk.keyFile);
    const message = signed(request(), desk.server);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'unknown-key' });
    writeFileSync(desk.keyFile, pem);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'unknown-key' });
    await desk.clock.advance(TRUST_READ_EVERY_MS);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'done' });
    expect(desk.logged[0]).toMatchObject({ level: 'warn', fields: { file: desk.keyFile } });
  });

  it('are forgotten when their file is gone', async () => {
    await using desk = new TestDesk();
    desk.start();
    await answerTo(desk, signed(request(), desk.server));
    rmSync(desk.keyFile);
    await desk.clock.advance(TRUST_READ_EVERY_MS);
    expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'unknown-key' });
  });

  it.each([
    ['rubbish', 'no key at all'],
    ['a private key', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
    [
      'a key of another kind',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
  ])('are none in a file of %s, which is logged once', async (_, text) => {
    await using desk = new TestDesk();
    desk.start();
    writeFileSync(desk.keyFile, text);
    for (let round = 0; round < 3; round += 1) {
      expect(await answerTo(desk, signed(request(), desk.server))).toMatchObject({ code: 'unknown-key' });
      await desk.clock.advance(TRUST_READ_EVERY_MS);
    }
    expect(desk.logged.filter(({ message }) => /of this file/u.test(message))).toHaveLength(1);
  });
});
