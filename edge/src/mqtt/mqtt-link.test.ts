import { describe, expect, it } from 'vitest';
import { TestBroker, until } from '../sparkplug/test-broker.ts';
import { TestProxy } from '../sparkplug/test-proxy.ts';
import { systemClock } from '../system/clock.ts';
import { MqttLink, UNACKNOWLEDGED_MAX, type LinkOptions } from './mqtt-link.ts';

class TestLink implements AsyncDisposable {
  readonly link: MqttLink;
  ready = false;

  constructor(url: string, will: LinkOptions['will'] = null) {
    this.link = new MqttLink(
      {
        config: {
          url,
          primaryHost: null,
          username: null,
          passwordFile: null,
          caFile: null,
          keepAliveS: 5,
          protocolVersion: 4,
        },
        access: { password: null, ca: null },
        clientId: 'test-link',
        will,
        subscriptions: ['test/in'],
        optionalSubscriptions: [],
        clock: systemClock,
      },
      {
        ready: () => {
          this.ready = true;
        },
        message: () => {},
        refused: () => {},
        closed: () => {},
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link.end(false);
  }
}

describe('a connection to the broker', () => {
  it('takes only so much at QoS 1 that is not acknowledged, and more once it is', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const heard = await broker.listen('test/out');
    await using test = new TestLink(proxy.url);
    await until('it is ready', () => test.ready);
    proxy.hold(true);
    const taken = Array.from({ length: UNACKNOWLEDGED_MAX + 5 }, () => test.link.publish('test/out', 'x', 1));
    expect(taken.filter(Boolean)).toHaveLength(UNACKNOWLEDGED_MAX);
    expect(test.link.unacknowledged).toBe(UNACKNOWLEDGED_MAX);
    proxy.hold(false);
    await until('they are acknowledged', () => test.link.unacknowledged === 0);
    expect(test.link.publish('test/out', new Uint8Array([1, 2]), 1)).toBe(true);
    await until('all are heard', () => heard.length === UNACKNOWLEDGED_MAX + 1);
    expect(heard.every(({ qos, retained }) => qos === 1 && !retained)).toBe(true);
    expect(heard.at(-1)?.payload).toEqual(Buffer.from([1, 2]));
  });

  it('has a will when it is given one, and none else', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('test/will/#');
    for (const will of [null, { topic: 'test/will/given', payload: Buffer.from('gone') }]) {
      const test = new TestLink(broker.url, will);
      await until('it is ready', () => test.ready);
      await test.link.end(false);
    }
    await until('the will is heard', () => heard.length > 0);
    expect(heard.map(({ topic }) => topic)).toEqual(['test/will/given']);
  });

  it('takes nothing once it ended', async () => {
    await using broker = await TestBroker.start();
    const test = new TestLink(broker.url);
    await until('it is ready', () => test.ready);
    await test.link.end(true);
    expect([test.link.publish('test/out', 'x', 1), test.link.publish('test/out', 'x')]).toEqual([
      false,
      false,
    ]);
    expect(test.link.unacknowledged).toBe(0);
  });
});
