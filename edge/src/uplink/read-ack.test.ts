import { ackTopic } from '@trame/protocol/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAck } from './read-ack.ts';

const ADDRESS = { site: 'caux', line: 'tri-1', consumers: ['trame', 'region'] };
const TOPIC = ackTopic('caux', 'tri-1', 'trame');
const ACK = {
  consumer: 'trame',
  epoch: 'a'.repeat(32),
  upTo: 7,
  hash: 'b'.repeat(64),
  at: 1_700_000_000_000,
};

function read(topic: string, value: unknown) {
  return readAck(topic, Buffer.from(JSON.stringify(value)), ADDRESS);
}

describe('an acknowledgement', () => {
  it.each([
    ['of everything up to a number', ACK],
    ['of nothing', { ...ACK, epoch: null, upTo: 0, hash: null }],
    ['of nothing in an accepted epoch', { ...ACK, upTo: 0, hash: null }],
    ['with a refusal', { ...ACK, refused: { code: 'fork', epoch: ACK.epoch, seq: 8 } }],
  ])('%s is read', (_, ack) => {
    expect(read(TOPIC, ack)).toEqual({ kind: 'ack', ack });
  });

  it.each([
    ['on another topic', 'trame/v1/caux/tri-1/heartbeat', ACK, /not one of acknowledgements/u],
    ['of another line', ackTopic('caux', 'tri-2', 'trame'), ACK, /another line/u],
    ['of another site', ackTopic('rouen', 'tri-1', 'trame'), ACK, /another line/u],
    [
      'of a consumer that is not configured',
      ackTopic('caux', 'tri-1', 'other'),
      { ...ACK, consumer: 'other' },
      /not one of those configured/u,
    ],
    ['on the topic of another consumer', ackTopic('caux', 'tri-1', 'region'), ACK, /different consumers/u],
    ['of events in no epoch', TOPIC, { ...ACK, epoch: null }, /no epoch/u],
    ['of events without a hash', TOPIC, { ...ACK, hash: null }, /do not go together/u],
    ['of nothing with a hash', TOPIC, { ...ACK, upTo: 0 }, /do not go together/u],
    ['of less than nothing', TOPIC, { ...ACK, upTo: -1 }, /no acknowledgement/u],
    ['of a part of an event', TOPIC, { ...ACK, upTo: 1.5 }, /no acknowledgement/u],
    ['with a member too many', TOPIC, { ...ACK, surplus: 1 }, /no acknowledgement/u],
    [
      'of a code that is none',
      TOPIC,
      { ...ACK, refused: { code: 'x', epoch: null, seq: null } },
      /no acknowledgement/u,
    ],
  ])('%s is refused', (_, topic, ack, reason) => {
    expect(read(topic, ack)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  });

  it('of whatever bytes on whatever topic never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(TOPIC), fc.string()),
        fc.uint8Array({ maxLength: 5000 }),
        (topic, bytes) => {
          expect(readAck(topic, bytes, ADDRESS).kind).toBe('refused');
        },
      ),
    );
  });
});
