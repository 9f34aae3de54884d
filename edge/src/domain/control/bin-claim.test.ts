import { describe, expect, it } from 'vitest';
import { runningLine } from './test-control-looks.ts';
import { ANNA, TestLine } from './test-control.ts';
import { testConfig } from './test-control-config.ts';
import { STATE } from './test-plc.ts';

/** Trame has led the outlet elsewhere, and its bin is emptied. */
function emptied(): TestLine {
  const line = runningLine();
  line.tags.set('plc/full1', true);
  line.pass(1_000);
  line.tags.set('plc/full1', false);
  return line;
}

/** The edge starts again on the same line: the PLC stands as it stood. */
function restarted(before: TestLine): TestLine {
  const line = new TestLine(testConfig(), before.marks);
  for (const [name, value] of before.tags) line.tags.set(name, value);
  line.standIn(STATE.execute);
  return line;
}

describe('an outlet that Trame led elsewhere', () => {
  it('is led back once its bin has not been full for 30 s', () => {
    const line = emptied();
    line.pass(29_900);
    expect(line.written()).toEqual(['divert1=3']);
    line.pass(500);
    expect(line.written()).toEqual(['divert1=3', 'divert1=0']);
    const asked = line.records('command.requested').at(-1);
    expect(asked).toMatchObject({
      payload: { command: 'diverter.set', args: { outlet: 'creme', to: '' }, by: 'bin-full' },
      actorRef: null,
    });
    line.pass(90_000);
    expect(line.written()).toHaveLength(2);
  });

  it('waits anew when the bin is full, or not seen, in between', () => {
    for (const value of [true, null]) {
      const line = emptied();
      line.pass(20_000);
      line.tags.set('plc/full1', value);
      line.pass(200);
      line.tags.set('plc/full1', false);
      line.pass(29_000);
      expect(line.written()).toEqual(['divert1=3']);
      line.pass(2_000);
      expect(line.written()).toEqual(['divert1=3', 'divert1=0']);
    }
  });

  it('is led elsewhere again when its bin fills as soon as it is led back', () => {
    const line = emptied();
    line.pass(30_500);
    line.tags.set('plc/full1', true);
    line.pass(500);
    expect(line.written()).toEqual(['divert1=3', 'divert1=0', 'divert1=3']);
  });

  it('is led back although the PLC shows each change late', () => {
    const line = runningLine();
    line.tags.set('plc/full1', true);
    line.pass(100);
    line.tags.set('plc/divert1', 0);
    line.pass(2_000);
    line.tags.set('plc/divert1', 3);
    line.tags.set('plc/full1', false);
    line.pass(30_100);
    expect(line.written()).toEqual(['divert1=3', 'divert1=0']);
    line.tags.set('plc/divert1', 3);
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    line.tags.set('plc/divert1', 0);
    line.pass(1_000);
    expect(line.written()).toEqual(['divert1=3', 'divert1=0', 'divert1=3']);
    line.tags.set('plc/full1', false);
    line.pass(31_000);
    expect(line.written().at(-1)).toBe('divert1=0');
  });

  it('is led back after a restart, with 30 s of its own', () => {
    const before = emptied();
    before.pass(20_000);
    const line = restarted(before);
    line.pass(29_900);
    expect(line.written()).toEqual([]);
    line.pass(500);
    expect(line.written()).toEqual(['divert1=0']);
    const third = restarted(line);
    third.pass(90_000);
    expect(third.written()).toEqual([]);
  });

  it('is a person’s once a person asks for it, the same way or another, also after a restart', () => {
    for (const to of ['reste', 'laine', null]) {
      const line = emptied();
      line.ask('control.take');
      line.ask('diverter.set', { outlet: 'creme', to }, { actor: ANNA });
      line.tags.set('plc/divert1', 3);
      line.pass(90_000);
      expect(line.written()).toHaveLength(2);
      const again = restarted(line);
      again.pass(90_000);
      expect(again.written()).toEqual([]);
    }
  });

  it('is a person’s once it is changed at the line, and the ledger says so at once', () => {
    const line = emptied();
    line.tags.set('plc/divert1', 2);
    line.pass(100);
    expect(line.records('command.ended').at(-1)?.payload).toMatchObject({
      command: 'diverter.set',
      outcome: 'refused',
    });
    line.tags.set('plc/divert1', 3);
    const again = restarted(line);
    line.pass(90_000);
    again.pass(90_000);
    expect(line.written()).toEqual(['divert1=3']);
    expect(again.written()).toEqual([]);
  });

  it('is not led back in an emergency stop, with the switch on local, or while something else runs', () => {
    const line = emptied();
    line.tags.set('plc/remote', false);
    line.pass(60_000);
    line.plc.pressEmergencyStop();
    line.tags.set('plc/remote', true);
    line.pass(60_000);
    expect(line.written()).toEqual(['divert1=3']);
    expect(line.records('command.ended')).toHaveLength(1);
    line.plc.emergencyStop = false;
    line.standIn(STATE.execute);
    line.ask('control.take');
    line.isDeferred = true;
    line.look();
    expect(line.written()).toEqual(['divert1=3', 'divert1=0']);

    const busy = emptied();
    busy.pass(29_000);
    busy.ask('control.take');
    busy.isDeferred = true;
    busy.ask('setpoint.write', { setpoint: 'speed', value: 0.8 });
    busy.pass(5_000);
    expect(busy.written()).toEqual(['divert1=3', 'speed=0.8']);
    busy.isDeferred = false;
    busy.deliver();
    busy.pass(100);
    expect(busy.written()).toEqual(['divert1=3', 'speed=0.8', 'divert1=0']);
  });

  it.each([
    [
      'stands',
      (line: TestLine) => line.standIn(STATE.stopped),
      (line: TestLine) => line.standIn(STATE.execute),
    ],
    [
      'is in maintenance',
      (line: TestLine) => line.tags.set('plc/mode', 2),
      (line: TestLine) => line.tags.set('plc/mode', 1),
    ],
    [
      'does not say its mode',
      (line: TestLine) => line.tags.set('plc/mode', null),
      (line: TestLine) => line.tags.set('plc/mode', 1),
    ],
  ] as const)(
    'is not led back, nor led elsewhere, while the line %s, and is once it runs',
    (_, begins, ends) => {
      const line = emptied();
      begins(line);
      line.pass(90_000);
      expect(line.written()).toEqual(['divert1=3']);
      ends(line);
      line.pass(200);
      expect(line.written()).toEqual(['divert1=3', 'divert1=0']);

      const full = runningLine();
      begins(full);
      full.pass(200);
      full.tags.set('plc/full1', true);
      full.pass(30_000);
      expect(full.written()).toEqual([]);
      ends(full);
      full.pass(200);
      expect(full.written()).toEqual(['divert1=3']);
    },
  );

  it('is not moved by a line that comes to stand while that is being recorded', () => {
    for (const line of [emptied(), runningLine()]) {
      const before = line.written();
      line.ledger = null;
      if (before.length === 0) line.tags.set('plc/full1', true);
      line.pass(31_000 - 30_900 * Number(before.length === 0));
      line.standIn(STATE.stopped);
      line.pass(100);
      line.answerRecords(true);
      expect(line.written()).toEqual(before);
      expect(line.state.running).toBeNull();
    }
  });

  it('is not led back over what a person does, or a bin that fills, while the ledger is waited for', () => {
    for (const [name, value] of [
      ['plc/divert1', 2],
      ['plc/full1', true],
    ] as const) {
      const line = emptied();
      line.ledger = null;
      line.pass(31_000);
      line.tags.set(name, value);
      line.pass(100);
      line.answerRecords(true);
      expect(line.written()).toEqual(['divert1=3']);
      expect(line.state.running).toBeNull();
    }
  });

  it('is tried again later when nothing was written, and left to people when nobody knows', () => {
    const refused = emptied();
    refused.fate = () => 'refused';
    refused.pass(240_000);
    expect(refused.written()).toEqual(['divert1=3', 'divert1=0']);
    refused.fate = () => 'done';
    refused.pass(100_000);
    expect(refused.written()).toEqual(['divert1=3', 'divert1=0', 'divert1=0']);
    const unclear = emptied();
    unclear.fate = () => 'lies';
    unclear.pass(700_000);
    expect(unclear.written()).toEqual(['divert1=3', 'divert1=0']);
  });
});

describe('an outlet that a person led elsewhere', () => {
  it('stays so, whatever its bin does', () => {
    const line = runningLine();
    line.tags.set('plc/divert1', 3);
    line.pass(100);
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    line.tags.set('plc/full1', false);
    line.pass(90_000);
    expect(line.written()).toEqual([]);
  });

  it('stays so, when it was done while Trame’s own request waited for the ledger', () => {
    const line = runningLine();
    line.ledger = null;
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    line.tags.set('plc/divert1', 3);
    line.pass(100);
    line.ledger = true;
    line.answerRecords(true);
    line.tags.set('plc/full1', false);
    line.pass(90_000);
    expect(line.written().filter((what) => what === 'divert1=0')).toEqual([]);
  });
});
