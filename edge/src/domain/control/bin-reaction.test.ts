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

  it('holds the line when it cannot be led elsewhere', () => {
    const line = runningLine();
    line.fate = (asked) => (asked.kind === 'write' ? 'refused' : 'done');
    line.tags.set('plc/full1', true);
    line.pass(12_000);
    expect(line.plc.state).toBe(STATE.held);
  });
});
