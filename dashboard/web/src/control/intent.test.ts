/** One touch, one request: from its key to what came of it. */
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderAnswer, OrderRow } from '../api/read-control.ts';
import {
  isOpen,
  isPast,
  newIntent,
  nextIntent,
  nextStep,
  CHECK_FOR_MS,
  NOT_SENT_AFTER_MS,
  SAME_MOMENT_MS,
  SEND_AGAIN_FOR_MS,
  STOP_ANEW_AFTER_MS,
  slotOf,
  type Intent,
  type IntentEvent,
} from './intent.ts';

const NOW = 1_795_000_000_000;
const ENDED = NOW + 20_000;
const REQUEST = 'c'.repeat(32);
let drawn = 0;
const newKey = (): string => `key-${(drawn += 1)}`;

function begun(
  command: Intent['command'] = 'line.start',
  args: Intent['args'] = {},
  before?: Intent,
): Intent {
  const intent = newIntent(before, { command, args, atMs: NOW }, newKey);
  if (intent === null) throw new Error('no intent');
  return intent;
}

const after = (intent: Intent, ...events: IntentEvent[]): Intent =>
  events.reduce((one, event) => nextIntent(one, event, ENDED), intent);

const answer = (outcome: OrderAnswer['outcome'], more: Partial<OrderAnswer> = {}): IntentEvent => ({
  kind: 'answered',
  answer: { id: REQUEST, code: 'x', detail: null, seq: 1, outcome, reasons: [], ...more },
});

const row = (changes: Partial<OrderRow> = {}): OrderRow => ({
  id: REQUEST,
  outcome: 'done',
  reasons: [],
  detail: null,
  late: null,
  ...changes,
});

const AWAY: IntentEvent = { kind: 'away' };

const told = (intent: Intent): string =>
  intent.stage.kind === 'ended' ? intent.stage.told.outcome : intent.stage.kind;

describe('what a person asks of a line', () => {
  it('is one request however often it is touched, until it is known what came of it', () => {
    const start = begun();
    for (const open of [
      start,
      after(start, { kind: 'slow' }),
      after(start, answer('checking')),
      after(start, AWAY),
    ]) {
      expect(newIntent(open, { command: 'line.start', args: {}, atMs: NOW + 5 }, newKey)).toBeNull();
    }
    const again = newIntent(
      after(start, answer('done')),
      { command: 'line.start', args: {}, atMs: NOW },
      newKey,
    );
    expect(again?.key).not.toBe(start.key);
  });

  it('keeps its key when it seems not to have left, for the same thing only', () => {
    const lost = after(begun('setpoint.write', { setpoint: 'belt', value: 1 }), AWAY, { kind: 'no-row' });
    expect(begun('setpoint.write', { setpoint: 'belt', value: 1 }, lost).key).toBe(lost.key);
    expect(begun('setpoint.write', { setpoint: 'belt', value: 2 }, lost).key).not.toBe(lost.key);
  });

  it('may be asked anew while it is still looked into, when it is a stop or a hold', () => {
    const later = NOW + STOP_ANEW_AFTER_MS;
    for (const command of ['line.stop', 'line.hold'] as const) {
      const open = after(begun(command), answer('checking'));
      expect(newIntent(open, { command, args: {}, atMs: later - 1 }, newKey)).toBeNull();
      expect(newIntent(open, { command, args: {}, atMs: later }, newKey)?.key).not.toBe(open.key);
    }
    const start = after(begun(), answer('checking'));
    expect(newIntent(start, { command: 'line.start', args: {}, atMs: later }, newKey)).toBeNull();
  });

  it('is told as unknown in the end, so that it may be asked again', () => {
    const open = after(begun(), answer('checking'));
    expect(nextStep(open, NOW + CHECK_FOR_MS)).toBe('give-up');
    expect(after(open, { kind: 'given-up' }).stage).toMatchObject({ told: { outcome: 'unknown' } });
  });

  it('has a place of its own for each set-point, outlet and scale', () => {
    expect(slotOf('setpoint.write', { setpoint: 'belt', value: 1 })).toBe('setpoint.write/belt');
    expect(slotOf('setpoint.write', { setpoint: 'belt', value: 2 })).toBe('setpoint.write/belt');
    expect(slotOf('diverter.set', { outlet: 'csr', to: null })).toBe('diverter.set/csr');
    expect(slotOf('line.stop', {})).toBe('line.stop');
  });

  it('is followed by its id, by the list when nobody answered, and sent again only to stop or hold', () => {
    expect(nextStep(begun(), NOW)).toBe('nothing');
    expect(nextStep(after(begun(), answer('checking')), NOW)).toBe('ask-by-id');
    expect(nextStep(after(begun(), AWAY), NOW)).toBe('look-for-it');
    for (const command of ['line.stop', 'line.hold'] as const) {
      expect(nextStep(after(begun(command), AWAY), NOW)).toBe('send');
      expect(nextStep(after(begun(command), AWAY), NOW + SEND_AGAIN_FOR_MS)).toBe('look-for-it');
    }
  });

  it('takes its end from whoever tells it first: answer, picture or list', () => {
    const last: NonNullable<ControlPicture['last']> = {
      request: REQUEST,
      command: 'line.start',
      outcome: 'failed',
      reasons: [],
      late: 'belt',
      detail: null,
      at: NOW,
    };
    expect(told(after(begun(), answer('done')))).toBe('done');
    expect(told(after(begun(), answer('checking'), { kind: 'picture', last }))).toBe('failed');
    expect(
      told(
        after(begun(), answer('checking'), { kind: 'picture', last: { ...last, request: 'd'.repeat(32) } }),
      ),
    ).toBe('checking');
    expect(
      told(
        after(begun(), AWAY, { kind: 'row', row: row({ outcome: 'checking' }) }, { kind: 'picture', last }),
      ),
    ).toBe('failed');
    expect(told(after(begun(), { kind: 'refused', code: 'edge-silent', reasons: [], detail: null }))).toBe(
      'rejected',
    );
    expect(
      told(
        after(begun(), {
          kind: 'refused',
          code: 'interlock',
          reasons: [{ code: 'interlock', ref: 'jam', words: '' }],
          detail: null,
        }),
      ),
    ).toBe('refused');
  });

  it('does not change any more once it has ended', () => {
    const events = fc.constantFrom<IntentEvent>(
      AWAY,
      { kind: 'slow' },
      answer('failed'),
      { kind: 'no-row' },
      { kind: 'row', row: row() },
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 8 }), (more) => {
        const ended = after(begun(), answer('done'));
        expect(after(ended, ...more)).toBe(ended);
        expect(isOpen(ended)).toBe(false);
      }),
    );
  });

  it('is not told as never sent while it may still arrive', () => {
    const lost = after(begun(), AWAY);
    expect(nextIntent(lost, { kind: 'no-row' }, NOW + NOT_SENT_AFTER_MS - 1)).toBe(lost);
    const gone = nextIntent(lost, { kind: 'no-row' }, NOW + NOT_SENT_AFTER_MS);
    expect(gone.stage).toMatchObject({ told: { outcome: 'not-sent' } });
  });

  it('that the line refuses tells its own words too, once', () => {
    const reasons = [{ code: 'interlock', ref: 'jam', words: 'Bourrage.' }] as const;
    const refused = (detail: string) =>
      after(begun(), { kind: 'refused', code: 'interlock', reasons, detail }).stage;
    expect(refused('Videz la goulotte.')).toMatchObject({ told: { reasons, detail: 'Videz la goulotte.' } });
    expect(refused('Bourrage.')).toMatchObject({ told: { detail: null } });
  });

  it('and that was sent without being noted says so until it is past', () => {
    expect(after(begun('line.stop'), answer('done', { noted: false })).unnoted).toBe(true);
    const looked = after(begun('line.stop'), answer('checking', { noted: false }), {
      kind: 'row',
      row: row(),
    });
    expect([told(looked), looked.unnoted]).toEqual(['done', true]);
    expect(after(begun('line.stop'), answer('done')).unnoted).toBeUndefined();
  });
});

const ended = (outcome: OrderAnswer['outcome']): Intent => after(begun(), answer(outcome));

describe('what came of it', () => {
  it.each(['done', 'refused'] as const)(
    '%s: is past once the line has gone on to another state',
    (outcome) => {
      expect(isPast(ended(outcome), ENDED - 500)).toBe(false);
      // What made the line stand so may be heard before the line is.
      expect(isPast(ended(outcome), ENDED + SAME_MOMENT_MS)).toBe(false);
      expect(isPast(ended(outcome), ENDED + SAME_MOMENT_MS + 1)).toBe(true);
      expect(isPast(begun(), ENDED + SAME_MOMENT_MS + 1)).toBe(false);
    },
  );

  it.each(['failed', 'unconfirmed', 'unknown'] as const)(
    '%s: is told for its time, for the line went on because of it',
    (outcome) => expect(isPast(ended(outcome), ENDED + SAME_MOMENT_MS + 1)).toBe(false),
  );
});
