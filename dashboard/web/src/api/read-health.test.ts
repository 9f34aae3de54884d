import { describe, expect, it } from 'vitest';
import { lineHealth, overview, refusal } from '../health/test-health.ts';
import { readCommandAnswer, readHealth } from './read-health.ts';

const body = overview([
  lineHealth({
    refusals: [refusal('fork')],
    gaps: [{ from: 1, to: 2, samples: null, reason: 'too-old' }],
    uncounted: [{ counter: 'outlet.creme', grams: 1, since: null, until: 2 }],
  }),
  lineHealth({ id: 'b', heartbeat: null }),
]);
const clone = (): object => structuredClone(body);

/** The same body with the member at this path put in another's place. */
function changed(path: string, value: unknown): unknown {
  const whole = clone();
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: unknown = whole;
  for (const name of names) place = Reflect.get(place as object, name);
  Reflect.set(place as object, last, value);
  return whole;
}

describe('the body of health', () => {
  it('is read as it is', () => expect(readHealth(clone())).toEqual(body));

  it.each([
    ['at', null],
    ['lines', {}],
    ['lines.0.chain', 'rusty'],
    ['lines.0.refusals.0.code', 'rain'],
    ['lines.0.gaps.0.reason', 'rain'],
    ['lines.0.uncounted.0.grams', '1'],
    ['lines.0.heartbeat.said.ledger.state', 'fine'],
    ['lines.0.heartbeat.said.ledger.state', 'toString'],
    ['lines.0.heartbeat.said.ledger.head', '12'],
    ['lines.0.heartbeat.said.ledger.consumers.0.state', 'asleep'],
    ['lines.0.heartbeat.said.clock.offsetMs', Number.NaN],
    ['lines.1.stored.at', undefined],
    ['server.history.healthy', 1],
    ['server.lastBackup', 'yesterday'],
  ])('is none with %s: %j', (path, value) => expect(readHealth(changed(path, value))).toBeNull());

  it('is none when it is nothing', () => expect(readHealth(undefined)).toBeNull());
});

it('an answer to a command has its code', () => {
  const answer = { id: 'a', code: 'done', detail: null, seq: 3 };
  expect(readCommandAnswer(answer)).toEqual(answer);
  expect(readCommandAnswer({ ...answer, seq: '3' })).toBeNull();
});
