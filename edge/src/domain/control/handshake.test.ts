import { describe, expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

describe('a handshake', () => {
  it('lets the request fall before it rises again, though bits are read late', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    const start = line.ask('line.start');
    const stop = line.ask('line.stop');
    expect(line.final(start)?.detail).toBe('Arrêt demandé.');
    expect(line.written()).toEqual(['code=2', 'request=true', 'request=false', 'request=false']);
    line.pass(300);
    expect(line.plc.bits.request).toBe(false);
    line.pass(10_000);
    expect(line.final(stop)?.code).toBe('done');
    expect(line.plc.took).toEqual(['stop']);
  });

  it('takes back a request bit that somebody else has set', () => {
    const line = new TestLine(testConfig('handshake'));
    line.pass(10_000);
    line.plc.mute = true;
    line.plc.bits.request = true;
    line.pass(6_000);
    expect(line.plc.bits.request).toBe(false);
  });

  it('that is not acknowledged ends as failed, and its request is taken back', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.mute = true;
    const id = line.ask('line.start');
    line.pass(3_000);
    expect(line.final(id)?.detail).toContain('accusé réception');
    expect(line.plc.bits.request).toBe(false);
  });

  it('waits for bits of before, and tells when they stand', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.keepsBits = true;
    line.plc.bits.acknowledge = true;
    line.pass(100);
    const id = line.ask('line.start');
    line.pass(3_000);
    expect(line.final(id)?.detail).toContain('accusé de réception');
    expect(line.written()).not.toContain('request=true');
    line.plc.state = STATE.execute;
    line.pass(100);
    const stop = line.ask('line.stop');
    line.pass(10_000);
    expect(line.final(stop)).toMatchObject({ code: 'done' });
  });

  it('asks for a stop within two seconds, however slowly the bits of the PLC may fall', () => {
    const config = testConfig('handshake');
    const { plc } = config;
    if (plc?.channel.kind !== 'handshake') throw new Error('it has no handshake');
    const line = new TestLine({ ...config, plc: { ...plc, channel: { ...plc.channel, pulseMs: 5_000 } } });
    line.ready();
    line.plc.state = STATE.execute;
    line.plc.keepsBits = true;
    line.plc.bits.acknowledge = true;
    line.pass(100);
    line.ask('line.stop');
    line.pass(2_100);
    expect(line.written()).toContain('request=true');
  });

  it('takes back a request bit that stands after a restart', () => {
    const line = new TestLine(testConfig('handshake'));
    line.plc.mute = true;
    line.plc.bits.request = true;
    line.pass(1_000);
    expect(line.plc.bits.request).toBe(false);
  });

  it('takes the request back again until it is confirmed', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.mute = true;
    line.fate = (asked) => (asked.kind === 'write' && asked.value === false ? 'lies' : 'done');
    line.ask('line.start');
    line.pass(3_000);
    expect(line.plc.bits.request).toBe(true);
    line.fate = () => 'done';
    line.pass(6_000);
    expect(line.plc.bits.request).toBe(false);
  });
});
