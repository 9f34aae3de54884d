import { describe, expect, it } from 'vitest';
import { decodeHostState, encodeHostState } from './host-state.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('host state', () => {
  it('is read back as it was written', () => {
    const state = { online: true, timestamp: 1_763_791_200_000 };
    expect(decodeHostState(bytes(encodeHostState(state)))).toStrictEqual(state);
  });

  it.each(['ONLINE', '{"online":"yes","timestamp":1}', '{"online":true}', '{', ''])('refuses %s', (text) => {
    expect(decodeHostState(bytes(text))).toBeNull();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(decodeHostState(Uint8Array.of(0xff, 0xfe))).toBeNull();
  });
});
