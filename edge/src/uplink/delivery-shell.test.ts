import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ackTopic } from '@trame/protocol/topics';
import { RESEND_MAX_MS, SILENT_AFTER_MS, STUCK_AFTER_MS } from './delivery-bounds.ts';
import { TestLedger } from './test-ledger.ts';
import { TestWorld, type Fate } from './test-world.ts';

/** However the network was before: so long after it is kind, everything has arrived. */
const RECOVERY_MS = RESEND_MAX_MS + 30_000;

type Deed = (world: TestWorld) => void;

const fate: fc.Arbitrary<Fate> = fc.record({
  lost: fc.boolean(),
  double: fc.boolean(),
  delayMs: fc.integer({ min: 1, max: 8000 }),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 150 }).map(
      (count): Deed =>
        (world) =>
          world.grow(count),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 20, max: 20_000 }).map(
      (ms): Deed =>
        (world) =>
          world.advance(ms),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Deed>((world) => world.disconnect()) },
  { weight: 4, arbitrary: fc.constant<Deed>((world) => world.connect()) },
  { weight: 1, arbitrary: fc.constant<Deed>((world) => world.restart()) },
  {
    weight: 1,
    arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share): Deed => (world) => {
      const [first] = world.consumers;
      first?.store.loseAfter(Math.floor(first.store.stored.length * share));
    }),
  },
);

describe('the delivery of a ledger', () => {
  it('gives every consumer every event once, in order, whatever the network did before it is kind again', () => {
    fc.assert(
      fc.property(
        fc.array(deed, { maxLength: 30, size: 'max' }),
        fc.array(fate, { maxLength: 150, size: 'max' }),
        (deeds, fates) => {
          const world = new TestWorld(new TestLedger(), ['trame', 'region']);
          world.fates = [...fates];
          for (const act of deeds) act(world);
          world.fates = [];
          world.connect();
          world.advance(RECOVERY_MS);
          const { events } = world.ledger;
          for (const { store } of world.consumers) {
            expect(store.stored.map(({ hash }) => hash).join()).toBe(events.map(({ hash }) => hash).join());
            expect(store.refused).toBeUndefined();
          }
          expect(world.shell.status).toEqual(
            ['trame', 'region'].map((consumer) => ({
              consumer,
              state: 'following',
              upTo: events.length,
              waiting: 0,
              reason: null,
            })),
          );
          for (const name of events.length === 0 ? [] : ['trame', 'region']) {
            expect(world.ledger.loadCursor(name)?.upTo).toBe(events.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sends nothing twice on a network that loses nothing', () => {
    const world = new TestWorld(new TestLedger(), ['trame', 'region']);
    world.connect();
    for (let round = 0; round < 50; round += 1) {
      world.grow(97);
      world.advance(500);
    }
    world.advance(5000);
    expect(world.isDelivered).toBe(true);
    expect(world.shell.counts).toMatchObject({ events: 4850, eventsAgain: 0 });
  });

  it('drains fast: a backlog of 20 000 events in a few seconds of acknowledgements', () => {
    const world = new TestWorld(new TestLedger(), ['trame']);
    world.ledger.grow(20_000, 'x', 20);
    world.restart();
    world.advance(5000);
    expect(world.isDelivered).toBe(true);
  });

  it('costs a consumer that lost a message about a second, not a time-out', () => {
    const world = new TestWorld(new TestLedger(), ['trame']);
    world.connect();
    world.grow(10);
    world.advance(1000);
    world.fates = [{ lost: true, double: false, delayMs: 5 }];
    world.grow(1);
    world.grow(1);
    world.advance(RESEND_MAX_MS / 10 + 500);
    expect(world.isDelivered).toBe(true);
  });

  it('says in the log once that a consumer is silent, stuck, and follows again', () => {
    const world = new TestWorld(new TestLedger(), ['trame']);
    world.grow(10);
    world.advance(SILENT_AFTER_MS + 200);
    world.connect();
    world.advance(1000);
    const deaf = world.consumers[0]?.store;
    if (deaf === undefined) throw new Error('no consumer');
    const take = deaf.take.bind(deaf);
    deaf.take = () => false;
    world.grow(5);
    world.advance(STUCK_AFTER_MS * 3);
    deaf.take = take;
    world.advance(RESEND_MAX_MS + 1000);
    expect(world.logged.map(({ level, fields }) => [level, Reflect.get(fields, 'state')])).toEqual([
      ['warn', 'silent'],
      ['info', 'following'],
      ['warn', 'stuck'],
      ['info', 'following'],
    ]);
    expect(world.isDelivered).toBe(true);
  });

  it('survives a disk that does not keep its cursors, and says so once', () => {
    const world = new TestWorld(new TestLedger(), ['trame']);
    world.ledger.cursorFault = new Error('the disk is full');
    world.connect();
    for (let round = 0; round < 5; round += 1) {
      world.grow(3);
      world.advance(1000);
    }
    expect(world.isDelivered).toBe(true);
    expect(world.ledger.loadCursor('trame')).toBeNull();
    expect(world.logged.filter(({ message }) => /could not be kept/u.test(message))).toHaveLength(1);
    world.ledger.cursorFault = null;
    world.restart();
    world.advance(6000);
    expect(world.ledger.loadCursor('trame')?.upTo).toBe(15);
  });

  it('stops before a consumer that has more than a restored ledger, and before one that has other events', () => {
    const world = new TestWorld(new TestLedger(), ['trame']);
    world.connect();
    world.grow(100);
    world.advance(1000);
    const backup = world.ledger.copy();
    world.grow(50);
    world.advance(1000);
    const restored = new TestWorld(backup, ['trame']);
    restored.silence();
    restored.connect();
    const topic = ackTopic('caux', 'tri-1', 'trame');
    const said = (): void => {
      const ack = world.consumers[0]?.store.ack(0);
      restored.shell.message(topic, Buffer.from(JSON.stringify(ack)));
    };
    said();
    expect(restored.shell.status).toMatchObject([{ state: 'cursor-ahead', upTo: 100 }]);
    backup.grow(80, 'other');
    restored.shell.recorded();
    said();
    expect(restored.shell.status).toMatchObject([{ state: 'fork' }]);
    const before = restored.shell.counts.events;
    for (let round = 0; round < 20; round += 1) {
      restored.advance(1000);
      said();
    }
    expect(restored.shell.counts.events).toBe(before);
    expect(restored.shell.counts.contradictingAcks).toBe(22);
    const words = restored.logged.map(({ fields }) => Reflect.get(fields, 'state'));
    expect(words.filter((state) => state === 'fork')).toHaveLength(1);
  });
});
