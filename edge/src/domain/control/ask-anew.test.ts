import { describe, expect, it } from 'vitest';
import { REPEATS_MAX } from './ask-anew.ts';
import { codes, pictureOf } from './test-control-looks.ts';
import { testConfig } from './test-control-config.ts';
import { ANNA, BEN, TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

const COMMANDS = [
  ['line.stop', 'stop', STATE.stopped],
  ['line.hold', 'hold', STATE.held],
] as const;

describe.each(['methods', 'handshake'] as const)('a line asked by %s', (channel) => {
  function runningLine(): TestLine {
    const line = new TestLine(testConfig(channel));
    line.standIn(STATE.execute);
    line.pass(200);
    return line;
  }

  it.each(COMMANDS)(
    'that lost a %s follows the next one, long before the first is given up',
    (command, wish, goal) => {
      const line = runningLine();
      line.plc.ignores = true;
      const first = line.ask(command);
      line.pass(1_500);
      line.plc.ignores = false;
      expect(line.final(first)).toBeUndefined();
      expect(pictureOf(line).refusals[command]).toEqual([]);
      const second = line.ask(command, {}, { actor: BEN });
      line.pass(3_000);
      expect(line.plc.state).toBe(goal);
      expect(line.plc.took.at(-1)).toBe(wish);
      line.pass(2_000);
      for (const id of [first, second]) {
        expect(line.answers(id).map(({ code }) => code)).toEqual(['accepted', 'done']);
      }
      const ends = line.records('command.ended');
      expect(ends.map(({ payload, actorRef }) => [payload['request'], payload['outcome'], actorRef])).toEqual(
        [
          [first, 'done', ANNA],
          [second, 'done', BEN],
        ],
      );
      expect(line.records('command.requested')).toHaveLength(2);
      expect(line.state.open).toEqual([]);
      expect(line.plc.bits.request).toBe(false);
    },
  );

  it('is asked once by a finger that presses twice', () => {
    const line = runningLine();
    line.isDeferred = true;
    const first = line.ask('line.stop');
    const second = line.ask('line.stop');
    line.isDeferred = false;
    while (line.waiting.length > 0) line.deliver();
    line.pass(5_000);
    expect([line.final(first)?.code, line.final(second)?.code]).toEqual(['done', 'done']);
    expect(line.plc.took).toEqual(['stop']);
  });

  it('stops under a finger that presses ten times a second, whatever it takes to ask', () => {
    const line = runningLine();
    line.plc.ignores = true;
    const ids: string[] = [];
    const hammer = (times: number): void => {
      for (let press = 0; press < times; press += 1) {
        ids.push(line.ask('line.stop'));
        line.pass(100);
      }
    };
    hammer(40);
    line.plc.ignores = false;
    hammer(30);
    expect(line.plc.state).toBe(STATE.stopped);
    line.pass(10_000);
    for (const id of ids) expect(line.answers(id).filter(({ isFinal }) => isFinal)).toHaveLength(1);
    expect(ids.length).toBeGreaterThan(REPEATS_MAX);
    expect(line.state.running).toBeNull();
    expect(line.state.open).toEqual([]);
  });

  it('is not held while it is being stopped, and a request that comes again is under way', () => {
    const line = runningLine();
    line.plc.ignores = true;
    line.ask('line.stop');
    line.pass(200);
    expect(codes(line, line.ask('line.hold', {}, { actor: BEN }))).toEqual(['busy']);
    const second = line.ask('line.stop', {}, { actor: BEN });
    line.ask('line.stop', {}, { actor: BEN, id: second });
    expect(line.answers(second).map(({ code }) => code)).toEqual(['accepted', 'accepted']);
  });
});

describe('a request bit that nobody acknowledges', () => {
  it('is raised anew by the next stop, once it has stood for a while', () => {
    const line = new TestLine(testConfig('handshake'));
    line.standIn(STATE.execute);
    line.pass(200);
    line.plc.mute = true;
    line.ask('line.stop');
    line.pass(500);
    const raised = () => line.written().filter((write) => write === 'request=true').length;
    line.ask('line.stop');
    line.pass(100);
    expect(raised()).toBe(1);
    line.pass(1_000);
    line.ask('line.stop');
    expect(line.written().at(-1)).toBe('request=false');
    line.plc.mute = false;
    line.pass(3_000);
    expect([raised(), line.plc.state]).toEqual([2, STATE.stopped]);
  });
});
