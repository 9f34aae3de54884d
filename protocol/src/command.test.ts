import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMMAND_BYTES_MAX,
  decodeCommand,
  decodeReply,
  isSignedBy,
  keyId,
  REPLY_CODES,
  signCommand,
  type CommandReply,
  type CommandRequest,
} from './command.ts';
import { anyPayload } from './test-ledger.ts';

const REQUEST: CommandRequest = {
  v: 1,
  id: 'ab'.repeat(16),
  site: 'caux',
  line: 'tri-1',
  command: 'scale.verify',
  args: { scale: 'bale', outcome: 'accepted' },
  actorRef: '0123456789abcdef',
  at: 1_767_225_600_000,
};
const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('a signed request', () => {
  it('is known by its key after a journey, whatever it asks', () => {
    fc.assert(
      fc.property(anyPayload, (args) => {
        const received = decodeCommand(bytes(signCommand({ ...REQUEST, args }, ours.privateKey)));
        if (received === null) throw new Error('a request did not arrive');
        expect(received.request).toStrictEqual({ ...REQUEST, args });
        expect(isSignedBy(received, ours.publicKey)).toBe(true);
        expect(isSignedBy(received, theirs.publicKey)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('is signed as RFC 8032 says, over its canonical JSON: the order of its members does not matter', () => {
    const signed = signCommand(REQUEST, ours.privateKey);
    const turned = Object.fromEntries(Object.entries(REQUEST).toReversed()) as CommandRequest;
    expect(signCommand(turned, ours.privateKey).signature).toBe(signed.signature);
    expect(isSignedBy({ ...signed, request: turned }, ours.publicKey)).toBe(true);
  });

  it('is nobody’s when a word of it was changed', () => {
    const signed = signCommand(REQUEST, ours.privateKey);
    const changes: readonly Partial<CommandRequest>[] = [
      { id: 'cd'.repeat(16) },
      { site: 'caux2' },
      { line: 'tri-2' },
      { command: 'clock.confirm' },
      { args: { scale: 'bale', outcome: 'refused' } },
      { actorRef: null },
      { at: REQUEST.at + 1 },
      { heartbeat: { boot: '0123456789abcdef', tick: 1 } },
    ];
    for (const change of changes) {
      expect([
        change,
        isSignedBy({ ...signed, request: { ...REQUEST, ...change } }, ours.publicKey),
      ]).toStrictEqual([change, false]);
    }
  });

  it('names its key by the public half', () => {
    expect(keyId(ours.privateKey)).toBe(keyId(ours.publicKey));
    expect(keyId(ours.publicKey)).toMatch(/^[0-9a-f]{16}$/u);
    expect(keyId(ours.publicKey)).not.toBe(keyId(theirs.publicKey));
  });

  it.each([
    ['no signature', { signature: '' }],
    ['a signature of another length', { signature: 'AAAA' }],
    ['a key that is no id', { key: 'mine' }],
    ['another version', { request: { ...REQUEST, v: 2 } }],
    ['a command without a dot', { request: { ...REQUEST, command: 'start' } }],
    ['a name for an actor', { request: { ...REQUEST, actorRef: 'Jeanne' } }],
    ['arguments that are a list', { request: { ...REQUEST, args: [] } }],
    ['tick 0', { request: { ...REQUEST, heartbeat: { boot: '0123456789abcdef', tick: 0 } } }],
    ['more than is known', { request: { ...REQUEST, urgent: true } }],
    [
      'more bytes than a request has',
      { request: { ...REQUEST, args: { a: 'a'.repeat(COMMAND_BYTES_MAX) } } },
    ],
  ])('with %s is none', (_what, change) => {
    const signed = signCommand(REQUEST, ours.privateKey);
    expect(decodeCommand(bytes(signed))).not.toBeNull();
    expect(decodeCommand(bytes({ ...signed, ...change }))).toBeNull();
  });
});

describe('a reply', () => {
  const reply: CommandReply = {
    v: 1,
    id: REQUEST.id,
    code: 'done',
    detail: null,
    seq: 12,
    epoch: 'ef'.repeat(16),
  };

  it('arrives as it was sent, with each of its codes', () => {
    for (const code of REPLY_CODES)
      expect(decodeReply(bytes({ ...reply, code }))).toStrictEqual({ ...reply, code });
    const unread = {
      ...reply,
      id: null,
      code: 'bad-signature' as const,
      detail: 'x',
      seq: null,
      epoch: null,
    };
    expect(decodeReply(bytes(unread))).toStrictEqual(unread);
  });

  it.each([
    [{ code: 'perhaps' }],
    [{ seq: 0 }],
    [{ detail: 'a'.repeat(501) }],
    [{ note: 1 }],
    [{ epoch: 'x' }],
  ])('with %j is none', (change) => {
    expect(decodeReply(bytes({ ...reply, ...change }))).toBeNull();
  });
});

it('any bytes are no request and no reply, and never an error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      (message) => {
        expect([decodeCommand(message), decodeReply(message)]).toStrictEqual([null, null]);
      },
    ),
  );
});
