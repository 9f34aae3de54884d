import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleFault, DEFAULT_CONSOLES, placeRefusal, type Origin } from './control-place.ts';

const DESK: Origin = {
  remoteAddress: '192.168.1.20',
  address: '192.168.1.20',
  headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36' },
};
const from = (address: string, headers: Origin['headers'] = {}, remoteAddress = address): Origin => ({
  remoteAddress,
  address,
  headers,
});

describe('a line is set in motion', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:10.1.2.3', true],
    ['10.255.0.1', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.255.255', true],
    ['192.169.0.1', false],
    ['169.254.3.4', true],
    ['fd12:3456::1', true],
    ['fe80::1%eth0', true],
    ['2001:db8::1', false],
    ['203.0.113.9', false],
    ['::ffff:203.0.113.9', false],
    ['', false],
    ['unknown', false],
    ['10.0.0.1, 203.0.113.9', false],
  ])('from %s, where nothing is configured: %s', (address, may) => {
    expect(placeRefusal('line.start', from(address), DEFAULT_CONSOLES)).toBe(may ? null : 'not-from-here');
  });

  it('from declared places only, where some are; from nowhere, where the list is empty', () => {
    const consoles = ['192.168.1.20', '10.8.0.0/16', 'fd00::/8'];
    expect(placeRefusal('line.start', DESK, consoles)).toBeNull();
    expect(placeRefusal('line.start', from('192.168.1.21'), consoles)).toBe('not-from-here');
    expect(placeRefusal('line.unhold', from('10.8.200.1'), consoles)).toBeNull();
    expect(placeRefusal('line.unhold', from('10.9.0.1'), consoles)).toBe('not-from-here');
    expect(placeRefusal('line.start', from('fd00::5'), consoles)).toBeNull();
    expect(placeRefusal('line.start', from('127.0.0.1'), [])).toBe('not-from-here');
  });

  it.each([
    ['sec-ch-ua-mobile', '?1'],
    ['user-agent', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'],
    ['user-agent', 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'],
    ['user-agent', 'Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12'],
  ])('never by what says it is a phone: %s %s', (name, value) => {
    const phone = { ...DESK, headers: { ...DESK.headers, [name]: value } };
    expect(placeRefusal('line.start', phone, DEFAULT_CONSOLES)).toBe('not-from-a-phone');
    expect(placeRefusal('line.unhold', phone, DEFAULT_CONSOLES)).toBe('not-from-a-phone');
  });

  it.each([
    ['a desk', { 'sec-ch-ua-mobile': '?0' }],
    ['a tablet', { 'user-agent': 'Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0' }],
    ['a program', {}],
  ])('by %s', (_what, headers) => {
    expect(placeRefusal('line.start', from('10.0.0.5', headers), DEFAULT_CONSOLES)).toBeNull();
  });

  it('through a proxy on this machine that says for whom it asks, and through no other', () => {
    const forwarded = { 'x-forwarded-for': '192.168.1.20', 'x-forwarded-proto': 'https' };
    expect(placeRefusal('line.start', from('192.168.1.20', forwarded, '127.0.0.1'), DEFAULT_CONSOLES)).toBe(
      null,
    );
    const silent = from('127.0.0.1', { 'x-forwarded-proto': 'https' });
    expect(placeRefusal('line.start', silent, DEFAULT_CONSOLES)).toBe('not-from-here');
    const beyond = from('192.168.1.2', { 'x-forwarded-for': '192.168.1.20' });
    expect(placeRefusal('line.start', beyond, DEFAULT_CONSOLES)).toBe('not-from-here');
  });

  it('alone: whatever else is asked may come from anywhere', () => {
    const phone = from('203.0.113.9', { 'sec-ch-ua-mobile': '?1' });
    for (const command of ['line.stop', 'line.hold', 'line.reset', 'setpoint.write', 'control.take']) {
      expect(placeRefusal(command, phone, [])).toBeNull();
    }
  });
});

describe('a control place in the configuration', () => {
  it.each(['192.168.1.20', '192.168.1.0/24', '::1', 'fd00::/8', '10.0.0.1/32'])('may be %s', (text) => {
    expect(consoleFault(text)).toBeNull();
  });

  it.each([
    '',
    'salle',
    '192.168.1',
    '192.168.1.0/33',
    '192.168.1.0/',
    '0.0.0.0/0',
    '10.0.0.0/8/8',
    'fd00::/129',
  ])('may not be «%s»', (text) => {
    expect(consoleFault(text)).toContain(`«${text}»`);
  });

  it('that is taken never fails when it is looked at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(130), fc.string(), (address, bits, from_) => {
        const text = `${address}/${bits}`;
        if (consoleFault(text) !== null) return;
        expect([null, 'not-from-here']).toContain(placeRefusal('line.start', from(from_), [text]));
        expect(placeRefusal('line.start', from(address), [text])).toBeNull();
      }),
    );
  });
});
