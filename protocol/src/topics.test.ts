import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ackTopic, CONSUMER_SUBSCRIPTIONS, parseTrameTopic, TRAME_CHANNELS, trameTopic } from './topics.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$/u);

describe('topics', () => {
  it('are read as they were made', () => {
    fc.assert(
      fc.property(id, id, id, fc.constantFrom(...TRAME_CHANNELS), (site, line, consumer, channel) => {
        expect(parseTrameTopic(ackTopic(site, line, consumer))).toStrictEqual({
          site,
          line,
          channel: 'ledger/ack',
          consumer,
        });
        const read = parseTrameTopic(trameTopic(site, line, channel));
        // Nobody speaks on the acknowledgements without saying who it is.
        expect(read).toStrictEqual(channel === 'ledger/ack' ? null : { site, line, channel, consumer: null });
      }),
    );
  });

  it.each([
    '',
    'trame',
    'trame/v1/caux/tri-1',
    'trame/v2/caux/tri-1/ledger',
    'spBv1.0/caux/NBIRTH/tri-1',
    'trame/v1/caux//ledger',
    'trame/v1/+/tri-1/ledger',
    'trame/v1/caux/#/ledger',
    'trame/v1/caux/tri-1/ledgers',
    'trame/v1/caux/tri-1/ledger/',
    'trame/v1/caux/tri-1/ledger/ack',
    'trame/v1/caux/tri-1/ledger/ack/',
    'trame/v1/caux/tri-1/ledger/ack/a b',
    'trame/v1/caux/tri-1/ledger/ack/trame/more',
    'trame/v1/caux/tri-1/heartbeat/more',
    `trame/v1/caux/${'a'.repeat(64)}/ledger`,
  ])('«%s» is none of ours', (topic) => {
    expect(parseTrameTopic(topic)).toBeNull();
  });

  it('of any text give an answer and never an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseTrameTopic(`trame/v1/${text}`)?.site).not.toBe('');
      }),
    );
  });

  it('have no name that would be a level too many', () => {
    for (const hostile of ['', 'a/b', '+', '#', 'é']) {
      expect(() => ackTopic('caux', 'tri-1', hostile)).toThrow(/cannot be part of a topic/u);
      expect(() => ackTopic(hostile, 'tri-1', 'trame')).toThrow(/cannot be part of a topic/u);
    }
  });

  it('that a server listens to are read by it', () => {
    for (const filter of CONSUMER_SUBSCRIPTIONS) {
      const [site, line] = ['caux', 'tri-1'];
      expect(parseTrameTopic(filter.replace('+', site).replace('+', line))).toMatchObject({ site, line });
    }
  });
});
