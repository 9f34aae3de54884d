import { setTimeout as delay } from 'node:timers/promises';
import { valueOf } from '@trame/protocol/sparkplug/payload';
import { describe, expect, it } from 'vitest';
import { COMMAND_BYTES_MAX } from './inbound.ts';
import { REBIRTH_PAUSE_MS } from './session.ts';
import { TestBroker, until } from './test-broker.ts';
import { bdSeqOf, births, Line, rebirth, sparkplug, weighing, weights, write } from './test-line.ts';
import { MESSAGE_METRICS_MAX } from './uplink-options.ts';

describe('an edge node on a real broker', () => {
  it('is born, sends data by alias with contiguous numbers, and says its death when it leaves', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/#');
    {
      await using line = new Line({ url: broker.url }, 6);
      await until('birth', () => line.uplink.status.state === 'born');
      line.weigh(12.5);
      line.weigh(13);
      await until('two weights', () => heard.length >= 4);
    }
    await until('death', () => heard.length >= 5);
    const messages = sparkplug(heard);
    expect(messages.map(({ message }) => message)).toEqual(['NBIRTH', 'DBIRTH', 'DDATA', 'DDATA', 'NDEATH']);
    expect(messages.map(({ payload }) => payload.seq)).toEqual([0, 1, 2, 3, null]);
    expect([bdSeqOf(messages[0]), bdSeqOf(messages[4])]).toEqual([7, 7]);
    expect(messages[4]?.payload.metrics.map(({ name }) => name)).toEqual(['bdSeq']);
    expect(messages.every(({ raw }) => !raw.retained && raw.qos === 0)).toBe(true);
    const [birth] = messages[1]?.payload.metrics ?? [];
    expect(birth).toMatchObject({ name: 'gross', historical: false });
    expect([...(birth?.properties ?? [])]).toEqual([
      ['Quality', 192],
      ['trameQuality', 'good'],
      ['engUnit', 'kg'],
    ]);
    const [data] = messages[2]?.payload.metrics ?? [];
    expect(data).toMatchObject({ name: null, type: null, alias: birth?.alias });
    expect(data?.properties.size).toBe(0);
    expect(data && birth && valueOf(data, birth.type)).toBe(12.5);
  });

  it('tells the death of a device, its return, and splits what one message cannot bear', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/#');
    await using line = new Line({ url: broker.url });
    await until('birth', () => heard.length === 2);
    line.uplink.take([{ kind: 'offline', device: 'scale' }]);
    line.uplink.take([{ kind: 'online', device: 'scale' }]);
    const samples = Array.from({ length: MESSAGE_METRICS_MAX + 1 }, (_, value) => weighing(value));
    line.uplink.take([{ kind: 'samples', device: 'scale', samples }]);
    await until('data', () => heard.length >= 6);
    expect(sparkplug(heard).map(({ message, payload }) => [message, payload.metrics.length])).toEqual([
      ['NBIRTH', 4],
      ['DBIRTH', 1],
      ['DDEATH', 0],
      ['DBIRTH', 1],
      ['DDATA', MESSAGE_METRICS_MAX],
      ['DDATA', 1],
    ]);
    expect(sparkplug(heard).map(({ payload }) => payload.seq)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('speaks MQTT 5 as well', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/#');
    {
      await using line = new Line({ url: broker.url, protocolVersion: 5 });
      await until('birth', () => line.uplink.status.state === 'born');
    }
    await until('death', () => heard.length >= 3);
    expect(sparkplug(heard).map(({ message }) => message)).toContain('NDEATH');
  });
});

describe('an edge node and its host', () => {
  it('waits for its primary host, leaves when it goes offline and comes back with it', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/caux/#');
    await using line = new Line({ url: broker.url, primaryHost: 'trame' });
    const state = (online: boolean, timestamp: number) =>
      broker.publish('spBv1.0/STATE/trame', JSON.stringify({ online, timestamp }), ['-r', '-q', '1']);
    await until('waiting', () => line.uplink.status.state === 'waiting-for-host');
    await broker.publish('spBv1.0/STATE/trame', 'ONLINE', ['-q', '1']);
    await broker.publish('spBv1.0/STATE/other', '{"online":true,"timestamp":1}', ['-q', '1']);
    await until('bad state', () => line.uplink.counts.invalidMessages === 1);
    expect(heard).toEqual([]);
    await state(true, 1000);
    await until('birth', () => births(heard).length === 1);
    await state(false, 999);
    await state(true, 1000);
    line.weigh(5);
    await until('data', () => weights(heard).includes(5));
    await state(false, 1000);
    await until('death', () => sparkplug(heard).at(-1)?.message === 'NDEATH');
    expect(bdSeqOf(sparkplug(heard).at(-1))).toBe(0);
    await until('waiting again', () => line.uplink.status.state === 'waiting-for-host');
    await state(true, 2000);
    await until('second birth', () => births(heard).length === 2);
    expect(births(heard).map(bdSeqOf)).toEqual([0, 1]);
  });

  it('answers a storm of rebirth requests with few births, and takes no other command', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/+/NBIRTH/#');
    await using line = new Line({ url: broker.url });
    await until('birth', () => births(heard).length === 1);
    for (let index = 0; index < 12; index += 1) await broker.publish('spBv1.0/caux/NCMD/tri-1', rebirth());
    await until('rebirth', () => births(heard).length === 2);
    await until('all requests', () => line.uplink.counts.rebirthRequests === 12);
    // A request that came too soon is answered within this time.
    await delay(REBIRTH_PAUSE_MS + 200);
    expect(births(heard).length).toBeLessThanOrEqual(4);
    expect(line.uplink.counts.rebirths).toBe(births(heard).length - 1);
    expect(births(heard).map(bdSeqOf)).toEqual(births(heard).map(() => 0));
    const at = births(heard).map(({ payload }) => payload.timestampMs ?? 0);
    for (const [index, time] of at.slice(1).entries()) expect(time - (at[index] ?? 0)).toBeGreaterThan(950);

    const { invalidMessages } = line.uplink.counts;
    await broker.publish('spBv1.0/caux/NCMD/tri-1', 'not a payload');
    await broker.publish('spBv1.0/caux/NCMD/tri-1', write('Node Control/Reboot', true));
    await broker.publish('spBv1.0/caux/NCMD/tri-1', write('Node Control/Rebirth', false));
    await broker.publish('spBv1.0/caux/DCMD/tri-1/scale', write('gross', true));
    await until('ignored writes', () => line.uplink.counts.ignoredWrites === 3);
    expect(line.uplink.counts.invalidMessages).toBe(invalidMessages + 1);
    expect(line.uplink.counts.rebirthRequests).toBe(12);
  });

  it('takes no command that the broker kept, nor one that is larger than any host writes', async () => {
    await using broker = await TestBroker.start();
    await broker.publish('spBv1.0/caux/NCMD/tri-1', rebirth(), ['-r', '-q', '1']);
    const heard = await broker.listen('spBv1.0/+/NBIRTH/#');
    await using line = new Line({ url: broker.url });
    await until('the kept command', () => line.uplink.counts.refusedCommands === 1);
    const large = Buffer.alloc(COMMAND_BYTES_MAX + 2, Uint8Array.of(0x12, 0));
    await broker.publish('spBv1.0/caux/NCMD/tri-1', large);
    await broker.publish('spBv1.0/caux/DCMD/tri-1/scale', large);
    await until('the large commands', () => line.uplink.counts.refusedCommands === 3);
    await broker.publish('spBv1.0/caux/NCMD/tri-1', large.subarray(0, 2 * 1000));
    await until('a command that is read', () => line.uplink.counts.ignoredWrites === 1000);
    expect(births(heard)).toHaveLength(1);
    expect(line.uplink.counts).toMatchObject({
      rebirths: 0,
      rebirthRequests: 0,
      invalidMessages: 0,
      refusedCommands: 3,
    });
  });
});
