import { generateKeyPairSync } from 'node:crypto';
import { decodeReply } from '@trame/protocol/command';
import { decodeHeartbeat } from '@trame/protocol/heartbeat';
import { trameTopic } from '@trame/protocol/topics';
import { describe, expect, it } from 'vitest';
import { request, signed, TestDesk } from '../commands/test-desk.ts';
import { TestBroker, until } from '../sparkplug/test-broker.ts';
import { TestConsumer } from './test-consumer.ts';
import { TestUplink } from './test-uplink.ts';

const TOPIC = trameTopic('caux', 'tri-1', 'command');

describe('requests on a broker', () => {
  it('are recorded, answered, and their event is delivered; sent again, they get the same answer', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    await using desk = new TestDesk();
    await using edge = new TestUplink(desk.ledger, broker.url, { commands: desk.desk });
    await until('it is connected', () => edge.uplink.connection.state === 'up');
    const asked = request();
    const message = signed(asked, desk.server);
    consumer.publish(TOPIC, message);
    await until('it is answered', () => consumer.replies.length === 1);
    consumer.publish(TOPIC, message);
    await until('both are answered', () => consumer.replies.length === 2);
    const answers = consumer.replies.map((bytes) => decodeReply(bytes));
    expect(answers).toMatchObject([
      { id: asked.id, code: 'done', seq: 1, epoch: desk.ledger.epoch },
      { id: asked.id, code: 'already-done', seq: 1, epoch: desk.ledger.epoch },
    ]);
    await until('the event is stored', () => consumer.store.stored.length === 1);
    expect(consumer.store.stored).toMatchObject([{ type: 'scale.verified', actorRef: asked.actorRef }]);
  });

  it('may quote a heartbeat that went out, and no other', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    await using desk = new TestDesk();
    await using edge = new TestUplink(desk.ledger, broker.url, { commands: desk.desk });
    await until(
      'a heartbeat is heard',
      () => edge.uplink.counts.heartbeats > 0 && consumer.heartbeats.length > 0,
    );
    const { boot, tick } = decodeHeartbeat(consumer.heartbeats[0] ?? Buffer.of()) ?? { boot: '', tick: 0 };
    consumer.publish(TOPIC, signed(request({ heartbeat: { boot, tick } }), desk.server));
    await until('it is answered', () => consumer.replies.length === 1);
    consumer.publish(TOPIC, signed(request({ heartbeat: { boot, tick: tick + 100 } }), desk.server));
    await until('both are answered', () => consumer.replies.length === 2);
    const codes = consumer.replies.map((bytes) => decodeReply(bytes)?.code);
    expect(codes).toEqual(['done', 'expired']);
  });

  it('that are forged, kept by the broker, or come in a flood do nothing', async () => {
    await using broker = await TestBroker.start(['allow_anonymous true', 'max_inflight_messages 0']);
    await using consumer = await TestConsumer.start(broker.url);
    await using desk = new TestDesk();
    consumer.publish(TOPIC, signed(request(), desk.server), true);
    await using edge = new TestUplink(desk.ledger, broker.url, { commands: desk.desk });
    await until('the kept one was heard', () => edge.uplink.counts.retained === 1);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    for (let index = 0; index < 500; index += 1) consumer.publish(TOPIC, signed(request(), stranger));
    consumer.publish(TOPIC, Buffer.alloc(1024 * 1024, 0x7b));
    const { counts } = desk.desk;
    await until('all were heard', () => counts.forged + counts.dropped + counts.malformed === 501);
    expect(desk.ledger.events).toEqual([]);
    expect(consumer.replies.length).toBeLessThanOrEqual(10);
    expect(desk.logged.length + edge.logged.length).toBeLessThan(8);
    // Whoever is trusted is heard still.
    consumer.publish(TOPIC, signed(request(), desk.server));
    await until('it is recorded', () => desk.ledger.events.length === 1);
  });

  it('are not listened to by an edge that takes none', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    await using desk = new TestDesk();
    await using edge = new TestUplink(desk.ledger, broker.url);
    await until('it is connected', () => edge.uplink.connection.state === 'up');
    consumer.publish(TOPIC, signed(request(), desk.server));
    await until('some heartbeats went by', () => consumer.heartbeats.length > 1);
    expect(edge.uplink.deliveryCounts.invalidAcks).toBe(0);
    expect(consumer.replies).toEqual([]);
  });
});
