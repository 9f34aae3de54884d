import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import { decodeReply, signCommand, type CommandReply, type CommandRequest } from '@trame/protocol/command';
import type { HealthOverview } from '@trame/protocol/health-api';
import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { edgeHealth } from '../helpers/edge-health.ts';
import { BALE, successorOf } from '../helpers/forged-events.ts';
import { BAD_EVENTS, TEN_MEGABYTES } from '../helpers/bad-events.ts';
import { countedGrams, grams } from '../helpers/ledger-books.ts';
import { sendCommand } from '../helpers/line-command.ts';
import { recordsDump } from '../helpers/records-dump.ts';
import { exportLedger, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { everythingArrived, LINE, lineHealth, standstill } from '../helpers/standstill.ts';
import { swiftLine, THROUGHPUT_EVERY_MS } from '../helpers/swift-line.ts';
import { until } from '../helpers/until.ts';

const SITE = 'caux-vallee-de-seine';
const OTHER_SITE = 'elsewhere';
const SEEN_WITHIN_MS = 60_000;

describe('whatever is said on the broker', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let broker: MqttClient;
  const replies: CommandReply[] = [];
  const requests: Buffer[] = [];

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      speed: 5,
      editLine: swiftLine,
    });
    supervisor = await site.signInAs('supervisor');
    broker = await connectAsync(site.broker.url);
    broker.on('message', (topic, bytes) => {
      if (topic.endsWith('/command')) requests.push(bytes);
      const reply = topic.endsWith('/reply') ? decodeReply(bytes) : null;
      if (reply !== null) replies.push(reply);
    });
    await broker.subscribeAsync(['reply', 'command'].map((channel) => `trame/v1/${SITE}/${LINE}/${channel}`));
    await until('a ledger in the server', async () => (await stored()).upTo > 8, SEEN_WITHIN_MS);
  }, 180_000);

  afterAll(async () => {
    site.edge.process().signal('SIGCONT');
    await broker.endAsync(true);
    await site[Symbol.asyncDispose]();
  });

  const stored = async () => (await lineHealth(supervisor)).stored;
  const say = (topic: string, message: string | Buffer) => broker.publishAsync(topic, message, { qos: 1 });
  const ledgerTopic = trameTopic(SITE, LINE, 'ledger');

  /** How often something of this line was refused for that reason. */
  async function refusedAs(code: string): Promise<number> {
    const { refusals } = await lineHealth(supervisor);
    return refusals.filter((one) => one.code === code).reduce((sum, { count }) => sum + count, 0);
  }

  async function metric(program: 'edge' | 'server', name: string): Promise<number> {
    const base = program === 'edge' ? `http://127.0.0.1:${site.ports.edgeHttp}` : site.url;
    const text = await (await fetch(`${base}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  /** More of the line's own events arrive; what was forged in its name stays in sight for some minutes. */
  async function goesOn(): Promise<void> {
    const { upTo } = await stored();
    await until(
      'the real ledger to arrive',
      async () => {
        const line = await lineHealth(supervisor);
        return line.chain === 'contested' && line.stored.upTo > upTo + 1;
      },
      SEEN_WITHIN_MS,
    );
    expect((await lineHealth(supervisor)).refusals.filter(({ blocking }) => blocking)).toStrictEqual([]);
  }

  describe('as an event of a line', () => {
    let last: LedgerEvent;
    let second: LedgerEvent;
    let before: string;

    beforeAll(async () => {
      // Held still, so that the forged events stand exactly where the next one is awaited.
      await until(
        'a moment without events on the way',
        async () => {
          site.edge.process().signal('SIGSTOP');
          const ledger = await exportLedger(site);
          const { upTo, hash } = await stored();
          const [end, early] = [ledger.at(-1), ledger[1]];
          if (end?.seq === upTo && end.hash === hash && early !== undefined) {
            [last, second] = [end, early];
            return true;
          }
          site.edge.process().signal('SIGCONT');
          return false;
        },
        SEEN_WITHIN_MS,
      );
      before = recordsDump(site);
    }, 120_000);

    it.each(BAD_EVENTS)('$what is refused as $code, logged, and leaves nothing behind', async (bad) => {
      const refused = await refusedAs(bad.code);
      const counted = await metric('server', `trame_ledger_refused_total{code="${bad.code}"}`);
      await say(ledgerTopic, bad.message(last, second));
      await until('the refusal', async () => (await refusedAs(bad.code)) > refused, SEEN_WITHIN_MS);
      expect(await refusedAs(bad.code)).toBe(refused + 1);
      expect(await metric('server', `trame_ledger_refused_total{code="${bad.code}"}`)).toBe(counted + 1);
      expect(site.server.process().stderr()).toMatch(
        new RegExp(`"code":"${bad.code}".*part of a ledger is refused`, 'u'),
      );
      expect(recordsDump(site)).toBe(before);
    });

    it('of another site is refused on that site’s topic, and no line of that name begins there', async () => {
      await say(trameTopic(OTHER_SITE, LINE, 'ledger'), JSON.stringify([last]));
      const [stranger, ...more] = await until(
        'the refusal',
        async () => {
          const { strangers } = (await supervisor.get('/api/v1/health')) as HealthOverview;
          return strangers.count > 0 && strangers.rows;
        },
        SEEN_WITHIN_MS,
      );
      expect(stranger).toMatchObject({ site: OTHER_SITE, line: LINE, code: 'wrong-topic', count: 1 });
      expect(more).toStrictEqual([]);
      // Sound in itself, and of another site that has a line of this name: no word of it is taken either.
      const own = successorOf(last, { site: OTHER_SITE, seq: 1 }, BALE, FIRST_PREV);
      await say(trameTopic(OTHER_SITE, LINE, 'ledger'), JSON.stringify([own]));
      await until(
        'the second refusal',
        async () => ((await supervisor.get('/api/v1/health')) as HealthOverview).strangers.count === 2,
        SEEN_WITHIN_MS,
      );
      expect(recordsDump(site)).toBe(before);
    });

    it('sent again as it was, is known already', async () => {
      const already = await metric('server', 'trame_ledger_repeated_events_total');
      await say(ledgerTopic, JSON.stringify([second, last]));
      await until(
        'both to be known',
        async () => (await metric('server', 'trame_ledger_repeated_events_total')) >= already + 2,
        SEEN_WITHIN_MS,
      );
      expect(recordsDump(site)).toBe(before);
    });

    it('does not hold up the line: its own next event arrives right after, and nothing blocks any more', async () => {
      expect((await lineHealth(supervisor)).chain).toBe('refused');
      site.edge.process().signal('SIGCONT');
      await goesOn();
    });
  });

  it('while a line delivers, none of it keeps an event from arriving', async () => {
    const { upTo } = await stored();
    const ledger = await exportLedger(site);
    const [second] = ledger.slice(1);
    const end = ledger.at(-1);
    if (second === undefined || end === undefined) throw new Error('no ledger');
    for (let round = 0; round < 3; round += 1) {
      for (const { message } of BAD_EVENTS) await say(ledgerTopic, message(end, second));
    }
    await goesOn();
    expect((await stored()).upTo).toBeGreaterThan(upTo);
  });

  it.each([
    [`trame/v1/${SITE}/${LINE}/heartbeat`, 'payload'],
    [`trame/v1/${SITE}/${LINE}/reply`, 'payload'],
    [`trame/v1/${SITE}/${'x'.repeat(64)}/ledger`, 'topic'],
    ['trame/v1/ / /heartbeat', 'topic'],
    [`trame/v1/${SITE}//reply`, 'topic'],
  ])('noise on %s is counted (%s), and nothing else', async (topic, reason) => {
    const name = `trame_ingest_rejected_total{reason="${reason}"}`;
    const before = await metric('server', name);
    const noise = [
      randomBytes(300),
      Buffer.alloc(0),
      '{}',
      'null',
      '['.repeat(1e5),
      Buffer.alloc(TEN_MEGABYTES),
    ];
    for (const message of noise) await say(topic, message);
    await until(
      'all of it',
      async () => (await metric('server', name)) >= before + noise.length,
      SEEN_WITHIN_MS,
    );
    expect((await lineHealth(supervisor)).heartbeat?.said.v).toBe(1);
  });

  it('an acknowledgement ahead of the ledger, or with another hash, stops it until the server says better', async () => {
    const { epoch, upTo, hash } = await stored();
    const topic = ackTopic(SITE, LINE, 'trame');
    const ack = { consumer: 'trame', epoch, upTo: 1_000_000, hash: 'd'.repeat(64), at: Date.now() };
    for (const [false_, state] of [
      [ack, 'cursor-ahead'],
      [{ ...ack, upTo: 2 }, 'fork'],
    ] as const) {
      await until(
        `an edge that says ${state}`,
        async () => {
          await say(topic, JSON.stringify(false_));
          return (await edgeHealth(site)).ledger.consumers[0]?.state === state;
        },
        SEEN_WITHIN_MS,
      );
      await until(
        'the server’s own word',
        async () => (await edgeHealth(site)).ledger.consumers[0]?.state === 'following',
        SEEN_WITHIN_MS,
      );
    }
    await goesOn();
    expect((await edgeHealth(site)).ledger.consumers[0]?.upTo).toBeLessThan(1_000_000);
    expect([(await stored()).epoch, hash]).toStrictEqual([epoch, expect.any(String)]);
    expect((await stored()).upTo).toBeGreaterThan(upTo);
  });

  it('acknowledgements of nobody who is configured, and noise for acknowledgements, are not believed', async () => {
    const { epoch } = await stored();
    const far = { consumer: 'stranger', epoch, upTo: 1_000_000, hash: 'd'.repeat(64), at: Date.now() };
    await say(ackTopic(SITE, LINE, 'stranger'), JSON.stringify(far));
    await say(ackTopic(SITE, LINE, 'trame'), JSON.stringify(far));
    await say(ackTopic(SITE, LINE, 'trame'), randomBytes(300));
    await say(ackTopic(SITE, LINE, 'trame'), Buffer.alloc(TEN_MEGABYTES));
    for (const reason of ['name different consumers', 'bytes are no acknowledgement']) {
      await site.edge.process().waitForLine(new RegExp(`${reason}.*was not believed`, 'u'));
    }
    const { consumers } = (await edgeHealth(site)).ledger;
    expect(consumers.map(({ consumer, state }) => [consumer, state])).toStrictEqual([['trame', 'following']]);
    await goesOn();
  });

  it('a forged request is refused by name and records nothing; a real one played again is done once', async () => {
    const args = { scale: 'bale-scale', outcome: 'accepted', on: '2026-01-02', due: '2027-01-02' };
    expect((await sendCommand(supervisor, 'the-real-one', 'scale.verify', args)).status).toBe(200);
    const real = requests.at(-1) ?? Buffer.alloc(0);
    const signed = JSON.parse(real.toString()) as { request: CommandRequest; key: string; signature: string };
    const { privateKey } = generateKeyPairSync('ed25519');
    const another = { ...signed.request, id: randomBytes(16).toString('hex') };
    const foreign = { ...another, id: randomBytes(16).toString('hex'), line: 'tri-2' };
    const changed = { ...signed.request, args: { ...args, due: '2036-01-02' } };
    const topic = trameTopic(SITE, LINE, 'command');
    const answerTo = async (message: string | Buffer, id: string) => {
      const from = replies.length;
      await say(topic, message);
      const reply = await until('an answer', () => replies.slice(from).find((one) => one.id === id));
      return reply.code;
    };
    expect(await answerTo(JSON.stringify(signCommand(another, privateKey)), another.id)).toBe('unknown-key');
    const forged = { ...signCommand(foreign, privateKey), key: signed.key };
    expect(await answerTo(JSON.stringify(forged), foreign.id)).toBe('bad-signature');
    expect(await answerTo(JSON.stringify({ ...signed, request: changed }), changed.id)).toBe('bad-signature');
    expect(await answerTo(real, signed.request.id)).toBe('already-done');
    for (const noise of [randomBytes(300), '{}', '['.repeat(1e5), Buffer.alloc(TEN_MEGABYTES)])
      await say(topic, noise);
    await site.edge.process().waitForLine(/too large was not read/u);
    const verified = (await exportLedger(site)).filter(({ type }) => type === 'scale.verified');
    expect(verified.map(({ payload }) => payload)).toMatchObject([args]);
    await goesOn();
  });

  it('in the end the line’s own ledger is all there, once, and adds up to what fell', async () => {
    const truth = await standstill(site);
    await everythingArrived(supervisor, THROUGHPUT_EVERY_MS, 'contested');
    const ledger = await exportLedger(site);
    expect(await verifyLedger(site)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
    const { upTo, hash, epoch } = await stored();
    expect({ upTo, hash, epoch }).toStrictEqual({
      upTo: ledger.length,
      hash: ledger.at(-1)?.hash,
      epoch: ledger.at(-1)?.epoch,
    });
    const counted = countedGrams(ledger);
    const { rows } = (await supervisor.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer;
    const told = new Map(rows.map(({ key, t }) => [key, Math.round(t * 1e6)]));
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      const books = [counted.get(`outlet.${outlet}`) ?? 0, told.get(outlet) ?? 0];
      expect([outlet, ...books]).toStrictEqual([outlet, grams(kg), grams(kg)]);
    }
    expect(recordsDump(site)).not.toContain('FORGED');
  }, 240_000);
});
