import { RECORDS_PER_ACT_MAX } from '@trame/protocol/material/material-record';
import { happenedAtMs, type EventClock } from '@trame/protocol/ledger-event';
import { describe, expect, it, vi } from 'vitest';
import { ledgerRecord } from '../ports/ledger.ts';
import { BEHIND_EVENTS_MAX } from './material-record.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

const AT = 1_700_000_000_000;

function started(output = 'B1') {
  const payload = {
    output,
    number: 1,
    line: 'tri-1',
    press: null,
    outlet: 'wipers',
    unit: 'bale',
    entry: 'screen',
    sheet: null,
  };
  return { type: 'output.started', occurredAt: AT, payload };
}

function placed(output = 'B1', zone = 'stock') {
  return { type: 'output.placed', occurredAt: AT, payload: { output, zone } };
}

function asking(args: object) {
  return request({ command: 'material.record', args: { ...args } });
}

describe('material.record', () => {
  it('records all of an act in order, under one request', async () => {
    await using desk = new TestDesk();
    desk.start();
    const asked = asking({ seen: null, records: [started(), placed()] });
    const message = signed(asked, desk.server);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'done', seq: 1 });
    expect(await answerTo(desk, message)).toMatchObject({ code: 'already-done', seq: 1 });
    expect(desk.ledger.events.map(({ type, seq, actorRef }) => [type, seq, actorRef])).toEqual([
      ['output.started', 1, 'cafe0123cafe0123'],
      ['output.placed', 2, 'cafe0123cafe0123'],
    ]);
  });

  it('records nothing of an act of which one event cannot be', async () => {
    await using desk = new TestDesk();
    desk.start();
    const bad = { ...placed(), payload: { output: 'B1', zone: 'stock', by: 'Jean' } };
    const reply = await answerTo(
      desk,
      signed(asking({ seen: null, records: [started(), bad] }), desk.server),
    );
    expect(reply).toMatchObject({
      code: 'refused',
      detail: expect.stringContaining('output.placed') as string,
    });
    expect(desk.ledger.events).toEqual([]);
  });

  it('records nothing of what the line itself has to say', async () => {
    await using desk = new TestDesk();
    desk.start();
    const forged = { type: 'edge.stopped', occurredAt: AT, payload: { boot: '0123456789abcdef' } };
    const reply = await answerTo(desk, signed(asking({ seen: null, records: [forged] }), desk.server));
    expect(reply).toMatchObject({ code: 'refused', detail: '«edge.stopped» is no event about material' });
  });

  it('is stale when the ledger has something about material that the decision did not know', async () => {
    await using desk = new TestDesk();
    desk.start();
    await answerTo(desk, signed(asking({ seen: null, records: [started()] }), desk.server));
    const late = await answerTo(desk, signed(asking({ seen: null, records: [placed()] }), desk.server));
    expect(late).toMatchObject({ code: 'stale', detail: 'event 1, output.started, was recorded since' });
    expect(desk.ledger.events).toHaveLength(1);
    const { epoch } = desk.ledger;
    const again = asking({ seen: { epoch, seq: 1 }, records: [placed()] });
    expect(await answerTo(desk, signed(again, desk.server))).toMatchObject({ code: 'done', seq: 2 });
  });

  it('is stale when kilograms were counted since, and not for anything else', async () => {
    await using desk = new TestDesk();
    desk.start();
    const source = { device: 'bins', tag: 'total', generation: 0 };
    await desk.ledger.append([
      ledgerRecord('line.state', AT, { state: 'execute', emergencyStop: false }),
      ledgerRecord('device.state', AT, { device: 'plc', state: 'online', reason: null }),
    ]);
    const known = asking({ seen: null, records: [started()] });
    expect(await answerTo(desk, signed(known, desk.server))).toMatchObject({ code: 'done', seq: 3 });
    const counts = [{ counter: 'input', grams: 5, totalGrams: 5, source, sourceGrams: 5 }];
    await desk.ledger.append([ledgerRecord('throughput.counted', AT, { from: AT, to: AT + 1, counts })]);
    const { epoch } = desk.ledger;
    const late = asking({ seen: { epoch, seq: 3 }, records: [placed()] });
    expect(await answerTo(desk, signed(late, desk.server))).toMatchObject({ code: 'stale' });
  });

  it('is stale when it knows another epoch, or is far behind', async () => {
    await using desk = new TestDesk();
    desk.start();
    const other = asking({ seen: { epoch: 'ab'.repeat(16), seq: 1 }, records: [started()] });
    expect(await answerTo(desk, signed(other, desk.server))).toMatchObject({ code: 'stale' });
    desk.ledger.grow(BEHIND_EVENTS_MAX + 1);
    const behind = asking({ seen: null, records: [started()] });
    expect(await answerTo(desk, signed(behind, desk.server))).toMatchObject({ code: 'stale' });
    const { epoch } = desk.ledger;
    const near = asking({ seen: { epoch, seq: 1 }, records: [started()] });
    expect(await answerTo(desk, signed(near, desk.server))).toMatchObject({ code: 'done' });
  });

  it.each([
    ['behind', 7_200_000],
    ['ahead', -7_200_000],
    ['right but for the way of a message', 300],
    ['never compared', null],
  ])(
    'is dated by the clock of this edge when that is %s, so that it happened when people say',
    async (_what, offsetMs) => {
      await using desk = new TestDesk();
      const clock: EventClock = { state: offsetMs === null ? 'unchecked' : 'checked', offsetMs };
      desk.eventClock = clock;
      const append = vi.spyOn(desk.ledger, 'append');
      desk.start();
      await answerTo(desk, signed(asking({ seen: null, records: [started()] }), desk.server));
      const occurredAt = append.mock.calls[0]?.[0][0]?.occurredAtMs ?? 0;
      expect(happenedAtMs({ occurredAt, clock })).toBe(AT);
    },
  );

  it.each([
    ['no records', { seen: null, records: [] }],
    [
      'more than an act makes',
      { seen: null, records: Array.from({ length: RECORDS_PER_ACT_MAX + 1 }, () => placed()) },
    ],
    ['no word of what was known', { records: [started()] }],
  ])('does not take %s', async (_what, args) => {
    await using desk = new TestDesk();
    desk.start();
    expect(await answerTo(desk, signed(asking(args), desk.server))).toMatchObject({ code: 'invalid-args' });
  });
});
