import { decodeControlPicture } from '@trame/protocol/control/control-picture';
import { describe, expect, it } from 'vitest';
import { ANSWERS_KEPT } from './answer-book.ts';
import { LAST_STEPS_MS } from './step-runner.ts';
import { answer, ended, requested, TestRoom, write } from './test-room.ts';

const id = (index: number): string => index.toString(16).padStart(32, '0');
const kinds = (room: TestRoom): readonly string[] => room.events.map(({ kind }) => kind);

describe('a control room', () => {
  it('writes once the request is on the disk, tells each outcome, and answers twice', async () => {
    await using room = new TestRoom();
    room.script = (event) => {
      if (event.kind === 'request') return [requested(1)];
      if (event.kind === 'recorded') return [answer('accepted', false), write(2)];
      return event.kind === 'written' ? [requested(null), answer('done', true)] : [];
    };
    room.start();
    const answers = room.request();
    await room.pass(0);
    expect([room.sent.length, room.asked.length]).toEqual([0, 1]);
    room.known.add(`request:${'a'.repeat(32)}`);
    room.asked[0]?.settle(true);
    await room.pass(0);
    expect([room.sent.length, answers.map(({ code }) => code)]).toEqual([1, ['accepted']]);
    room.sent[0]?.settle({ kind: 'confirmed', readBack: true });
    await room.pass(0);
    expect(room.events).toMatchObject([
      { kind: 'request', command: 'line.start', isRecorded: false },
      { kind: 'recorded', step: 1, stored: true },
      { kind: 'written', step: 2, outcome: { kind: 'confirmed', readBack: true } },
    ]);
    expect(answers).toMatchObject([
      { code: 'accepted', seq: 7 },
      { code: 'done', seq: 7, epoch: 'e'.repeat(32) },
    ]);
    expect(room.pushed).toHaveLength(1);
  });

  it('says what the disk refused, and what a device did', async () => {
    await using room = new TestRoom();
    room.script = (event) => (event.kind === 'request' ? [requested(1), write(2, { expect: null })] : []);
    room.start();
    room.request();
    room.asked[0]?.settle(false);
    room.sent[0]?.settle({ kind: 'refused', reason: 'plc n’est pas connecté' });
    await room.pass(0);
    expect(room.events.find(({ kind }) => kind === 'recorded')).toMatchObject({ step: 1, stored: false });
    expect(room.events.find(({ kind }) => kind === 'written')).toMatchObject({
      step: 2,
      outcome: { kind: 'refused' },
    });
    expect(room.sent[0]).toMatchObject({ expect: null, value: true });
  });

  it('gives up a write that the machine forgets, and calls methods', async () => {
    await using room = new TestRoom();
    const call = { kind: 'call', step: 3, request: 'a', device: 'plc', method: 'start', args: [4] } as const;
    room.script = (event) => {
      if (event.kind === 'request') return [write(2), call];
      return event.kind === 'look' && room.sent.length > 0 ? [{ kind: 'forget', step: 2 }] : [];
    };
    room.start();
    room.request();
    expect(room.sent).toMatchObject([
      { what: { device: 'plc', tag: 'request' }, expect: 'itself' },
      { what: { device: 'plc', method: 'start' }, value: [4] },
    ]);
    await room.pass(100);
    expect(room.sent.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(kinds(room)).toContain('written');
  });

  it('looks after each cycle, before each request, and often when there is none', async () => {
    await using room = new TestRoom();
    let looks = 0;
    room.script = (event) => {
      if (event.kind === 'look') looks += 1;
      return [];
    };
    room.room.observe();
    expect(looks).toBe(0);
    room.start();
    room.room.observe();
    room.request();
    expect(looks).toBe(2);
    await room.pass(1000);
    expect(looks).toBe(12);
  });

  it('writes its life without reading it back, one at a time', async () => {
    await using room = new TestRoom();
    room.script = ({ kind }) => {
      const isDue = (kind === 'look' && room.sent.length === 0) || kind === 'lived';
      return isDue ? [{ kind: 'live', target: { device: 'plc', tag: 'life' }, value: 1 }] : [];
    };
    room.start();
    await room.pass(500);
    expect(room.sent).toMatchObject([{ what: { device: 'plc', tag: 'life' }, expect: null }]);
    room.sent[0]?.settle({ kind: 'refused', reason: 'away' });
    await room.pass(0);
    expect(room.sent).toHaveLength(2);
  });

  it('at its end gives up what is under way, records how that ended, and writes only what leaves the line clean', async () => {
    const room = new TestRoom();
    room.script = ({ kind }) => {
      if (kind === 'request') return [write(1)];
      return kind === 'end' ? [write(2, { value: false }), requested(null), answer('done', true)] : [];
    };
    room.start();
    const answers = room.request();
    room.end.abort();
    await room.pass(0);
    expect(room.sent.map(({ value, signal }) => [value, signal.aborted])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect([room.pushed.length, answers.length]).toEqual([1, 1]);
    room.room.observe();
    const late = room.request({ id: 'b'.repeat(32) });
    expect(late).toMatchObject([{ code: 'not-stored' }]);
    room.sent[1]?.settle({ kind: 'confirmed', readBack: false });
    await room.run;
    expect(kinds(room)).toEqual(['request', 'end', 'written', 'written']);
    expect(room.sent).toHaveLength(2);
  });

  it('at its end waits a second, and no longer, for a device that does not answer', async () => {
    const room = new TestRoom();
    room.script = ({ kind }) => (kind === 'end' ? [write(1, { value: false })] : []);
    room.start();
    room.end.abort();
    await room.pass(LAST_STEPS_MS - 1);
    expect(room.sent[0]?.signal.aborted).toBe(false);
    await room.pass(1);
    expect(room.sent[0]?.signal.aborted).toBe(true);
    await room.run;
  });

  it('answers who asks before it runs, and follows the same request once it does', async () => {
    await using room = new TestRoom();
    expect(room.request()).toMatchObject([{ code: 'not-stored' }]);
    room.start();
    room.request();
    expect(kinds(room)).toEqual(['request']);
  });

  it('breaks with its machine, and says so', async () => {
    const room = new TestRoom();
    room.script = ({ kind }) => {
      if (kind === 'request') throw new Error('an invariant');
      return [];
    };
    room.start();
    const run = room.run;
    room.request();
    await expect(run).rejects.toThrow('an invariant');
    expect(room.errors).toHaveLength(1);
  });

  it('begins again once the ledger can be read, unless something is being carried out', async () => {
    await using room = new TestRoom();
    room.hasMarks = false;
    room.script = ({ kind }) => (kind === 'look' && room.sent.length === 0 ? [write(1)] : []);
    room.start();
    await room.pass(200);
    room.busy = true;
    room.hasMarks = true;
    await room.pass(200);
    expect(room.starts).toEqual([null]);
    room.busy = false;
    await room.pass(200);
    expect(room.starts).toEqual([null, 'cafe']);
    // What was under way is nobody's any more.
    expect(room.sent.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(kinds(room)).not.toContain('written');
  });
});

describe('the same request again', () => {
  it('while it is carried out is accepted again, and its outcome goes to who asked last', async () => {
    await using room = new TestRoom();
    room.script = (event) => {
      if (event.kind === 'request') return [answer('accepted', false), write(1)];
      return event.kind === 'written' ? [answer('done', true)] : [];
    };
    room.start();
    const first = room.request();
    const second = room.request();
    expect([first.length, second.length, room.room.knows('a'.repeat(32))]).toEqual([1, 1, true]);
    room.sent[0]?.settle({ kind: 'confirmed', readBack: true });
    await room.pass(0);
    expect([first.map(({ code }) => code), second.map(({ code }) => code)]).toEqual([
      ['accepted'],
      ['accepted', 'done'],
    ]);
    const third = room.request();
    expect(third).toMatchObject([{ code: 'done' }]);
    expect(kinds(room).filter((kind) => kind === 'request')).toHaveLength(1);
  });

  it('is refused again for the same reasons', async () => {
    await using room = new TestRoom();
    room.script = ({ kind }) => (kind === 'request' ? [answer('refused', true)] : []);
    room.start();
    expect([...room.request(), ...room.request()]).toMatchObject([
      { code: 'refused', reasons: [{ code: 'busy' }] },
      { code: 'refused', reasons: [{ code: 'busy' }] },
    ]);
    expect(kinds(room)).toEqual(['request']);
  });

  it('may be tried again when the disk refused it', async () => {
    await using room = new TestRoom();
    room.script = ({ kind }) => (kind === 'request' ? [answer('not-stored', true)] : []);
    room.start();
    room.request();
    expect(room.room.knows('a'.repeat(32))).toBe(false);
    room.request();
    expect(kinds(room)).toEqual(['request', 'request']);
  });

  it('is known from the ledger when it is old, or the edge was started again', async () => {
    await using room = new TestRoom();
    room.known.add(`ended:${'a'.repeat(32)}`);
    room.start();
    room.request();
    expect(room.events).toMatchObject([{ kind: 'request', isRecorded: true }]);
    expect([room.room.knows('a'.repeat(32)), room.room.knows('b'.repeat(32))]).toEqual([true, false]);
  });

  it('is forgotten at last', async () => {
    await using room = new TestRoom();
    room.script = (event) =>
      event.kind === 'request' ? [{ ...answer('done', true), id: event.id } as never] : [];
    room.start();
    for (let index = 0; index <= ANSWERS_KEPT; index += 1) room.request({ id: id(index) });
    expect([room.room.knows(id(0)), room.room.knows(id(1))]).toEqual([false, true]);
  });
});

describe('the picture of a line', () => {
  it('is said every two seconds, at each change, and at most four times a second', async () => {
    await using room = new TestRoom();
    room.start();
    await room.pass(5000);
    expect(room.said.map(({ n }) => n)).toEqual([1, 2, 3]);
    for (let change = 0; change < 20; change += 1) {
      room.state = change % 2 === 0 ? 'held' : 'execute';
      await room.pass(70);
    }
    expect(room.said.length).toBeGreaterThan(5);
    expect(room.said.length).toBeLessThanOrEqual(3 + 6);
    await room.pass(300);
    expect(room.said.at(-1)?.state).toBe('execute');
    // A cycle by itself says nothing: nobody waits for it.
    await room.pass(500);
    const said = room.said.length;
    room.state = 'held';
    room.room.observe();
    expect(room.said).toHaveLength(said);
    await room.pass(100);
    expect(room.said.at(-1)?.state).toBe('held');
  });

  it('is said at once when a command ended and when the device shows it, and not oftener than five times as often for it', async () => {
    await using room = new TestRoom();
    room.script = (event) => {
      if (event.kind === 'request') return [write(1)];
      return event.kind === 'written' ? [ended(), answer('done', true)] : [];
    };
    room.start();
    await room.pass(2000);
    const before = room.said.length;
    room.busy = true;
    room.request();
    await room.pass(60);
    expect(room.said.slice(before).map(({ busy }) => busy !== null)).toEqual([true]);
    room.busy = false;
    room.state = 'execute';
    room.sent[0]?.settle({ kind: 'confirmed', readBack: true });
    await room.pass(0);
    expect(room.said.slice(before).map(({ state }) => state)).toEqual(['idle', 'execute']);
    room.state = 'held';
    room.room.observe();
    expect(room.said.slice(before).map(({ state }) => state)).toEqual(['idle', 'execute', 'held']);
    room.state = 'execute';
    room.room.observe();
    expect(room.said.slice(before)).toHaveLength(4);
    room.script = (event) =>
      event.kind === 'request' ? [ended(), { ...answer('done', true), id: event.id } as never] : [];
    for (let index = 0; index < 100; index += 1) {
      room.state = index % 2 === 0 ? 'held' : 'execute';
      room.request({ id: id(index) });
      await room.pass(10);
    }
    expect(room.said.length - before - 4).toBeGreaterThan(4);
    expect(room.said.length - before - 4).toBeLessThanOrEqual(20);
  });

  it('leaves words out of its reasons before it is too large to be taken', async () => {
    await using room = new TestRoom();
    const words = 'é'.repeat(500);
    room.reasons = Array.from({ length: 16 }, (_, index) => ({
      code: 'interlock' as const,
      ref: `i${index}`,
      words,
    }));
    room.start();
    await room.pass(100);
    const [picture] = room.said;
    expect(decodeControlPicture(Buffer.from(JSON.stringify(picture)))).not.toBeNull();
    expect(picture?.refusals['line.start'][0]).toEqual({ code: 'interlock', ref: 'i0', words: '' });
  });

  it('that nobody takes is tried again, without a number', async () => {
    await using room = new TestRoom();
    room.takesPictures = false;
    room.start();
    await room.pass(1000);
    room.takesPictures = true;
    await room.pass(100);
    expect(room.said.map(({ n }) => n)).toEqual([1]);
  });
});
