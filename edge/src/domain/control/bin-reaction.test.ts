import { describe, expect, it } from 'vitest';
import { runningLine } from './test-control-looks.ts';
import { TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

describe('a full bin', () => {
  it('is led elsewhere by Trame itself, once in each filling', () => {
    const line = runningLine();
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    expect(line.written()).toEqual(['divert1=3']);
    expect(
      line.records('command.requested').map(({ payload, actorRef }) => [payload['by'], actorRef]),
    ).toEqual([['bin-full', null]]);
    line.tags.set('plc/divert1', 0);
    line.pass(30_000);
    expect(line.written()).toEqual(['divert1=3']);
    line.tags.set('plc/full1', false);
    line.pass(70_000);
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    expect(line.written()).toEqual(['divert1=3', 'divert1=3']);
  });

  it('that a person has just led elsewhere stays so', () => {
    const line = runningLine();
    line.tags.set('plc/divert1', 2);
    line.pass(200);
    line.tags.set('plc/divert1', 0);
    line.pass(1_000);
    line.tags.set('plc/full1', true);
    line.pass(20_000);
    expect(line.written()).toEqual([]);
  });

  it('holds the line, and only one that moves', () => {
    const line = runningLine();
    line.tags.set('plc/full2', true);
    line.pass(3_000);
    expect(line.plc.state).toBe(STATE.held);
    expect(line.plc.took).toEqual(['hold']);
    const still = new TestLine();
    still.tags.set('plc/full2', true);
    still.pass(30_000);
    expect(still.written()).toEqual([]);
  });

  it('has the line held again, less and less often, while it runs on', () => {
    const line = runningLine();
    line.fate = (asked) => (asked.kind === 'call' ? 'refused' : 'done');
    line.tags.set('plc/full2', true);
    line.pass(200_000);
    expect(line.plc.state).toBe(STATE.execute);
    const atMs = line.records('command.requested').map(({ occurredAtMs }) => occurredAtMs);
    expect(atMs.slice(1).map((at, index) => Math.round((at - (atMs[index] ?? 0)) / 1_000))).toEqual([
      10, 20, 40, 60, 60,
    ]);
    line.fate = () => 'done';
    line.pass(62_000);
    expect(line.plc.state).toBe(STATE.held);
    const before = line.records('command.requested').length;
    line.pass(120_000);
    expect(line.records('command.requested')).toHaveLength(before);
  });

  it('has a line held that stood when it became full, once it runs', () => {
    const line = new TestLine();
    line.tags.set('plc/full2', true);
    line.pass(30_000);
    expect(line.records('command.ended')).toEqual([]);
    line.ready();
    const id = line.ask('line.start');
    line.pass(15_000);
    expect(line.final(id)).toMatchObject({ code: 'done' });
    expect([line.plc.took, line.plc.state]).toEqual([['start', 'hold'], STATE.held]);
  });

  it('holds the line when it cannot be led elsewhere', () => {
    const line = runningLine();
    line.fate = (asked) => (asked.kind === 'write' ? 'refused' : 'done');
    line.tags.set('plc/full1', true);
    line.pass(12_000);
    expect(line.plc.state).toBe(STATE.held);
  });
});
