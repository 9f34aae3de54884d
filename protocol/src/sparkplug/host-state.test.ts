import { describe, expect, it } from 'vitest';
import { decodeHostState, encodeHostState, HOST_STATE_BYTES_MAX } from './host-state.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('host state', () => {
  it('is read back as it was written', () => {
    const state = { online: true, timestamp: 1_763_791_200_000 };
    expect(decodeHostState(bytes(encodeHostState(state)))).toStrictEqual(state);
  });

  it.each([
    'ONLINE',
    '{"online":"yes","timestamp":1}',
    '{"online":true}',
    '{"online":true,"timestamp":1e300}',
    '{"online":true,"timestamp":8640000000000001}',
    '{"online":true,"timestamp":-1}',
    '{"online":true,"timestamp":0.5}',
    '{',
    '',
  ])('refuses %s', (text) => {
    expect(decodeHostState(bytes(text))).toBeNull();
  });

  it('takes members that the specification does not name, and the last moment that a date can tell', () => {
    const text = '{"online":true,"timestamp":8640000000000000,"name":"site"}';
    expect(decodeHostState(bytes(text))).toMatchObject({ online: true, timestamp: 8.64e15 });
  });

  it('refuses more bytes than a state needs, without reading them', () => {
    const state = encodeHostState({ online: true, timestamp: 1 });
    expect(decodeHostState(bytes(state.padEnd(HOST_STATE_BYTES_MAX)))).not.toBeNull();
    expect(decodeHostState(bytes(state.padEnd(HOST_STATE_BYTES_MAX + 1)))).toBeNull();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(decodeHostState(Uint8Array.of(0xff, 0xfe))).toBeNull();
  });
});
