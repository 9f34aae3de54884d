import { expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { codes, pictureOf } from './test-control-looks.ts';
import { TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

it.each<readonly [string, (line: TestLine) => unknown, readonly string[]]>([
  ['the switch is turned to local', (line) => line.tags.set('plc/remote', false), ['not-remote']],
  ['the mode becomes maintenance', (line) => line.tags.set('plc/mode', 2), ['wrong-mode']],
  ['somebody starts it at the panel', (line) => line.standIn(STATE.execute), ['wrong-state']],
  ['a door opens', (line) => line.tags.set('plc/doors', false), ['interlock']],
  ['the local enable runs out', (line) => line.pass(2_000), ['no-local-enable']],
])('does not raise the request of an accepted start when %s while its code is written', (_, happens, why) => {
  const line = new TestLine(testConfig('handshake'));
  line.ready();
  line.pass(8_500);
  line.isDeferred = true;
  const id = line.ask('line.start');
  line.pass(100);
  expect(line.written()).toEqual(['code=2']);
  happens(line);
  line.pass(100);
  line.deliver();
  expect(codes(line, id)).toEqual(why);
  line.pass(1_000);
  expect(line.written()).not.toContain('request=true');
  expect(line.plc.took).toEqual([]);
});

it('does not write the code of a start whose bits fell only after the switch was turned to local', () => {
  const line = new TestLine(testConfig('handshake'));
  line.ready();
  line.plc.keepsBits = true;
  line.plc.bits.done = true;
  line.pass(100);
  const id = line.ask('line.start');
  line.pass(1_000);
  line.tags.set('plc/remote', false);
  line.plc.keepsBits = false;
  line.pass(500);
  expect(codes(line, id)).toEqual(['not-remote']);
  expect(line.written()).not.toContain('code=2');
});

it.each(['methods', 'handshake'] as const)(
  'one press of the local enable serves one start: %s',
  (channel) => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    line.ask('line.start');
    line.pass(6_000);
    line.ask('line.hold');
    line.pass(1_000);
    expect(line.plc.state).toBe(STATE.held);
    expect(pictureOf(line).enableLeftMs).toBe(0);
    expect(codes(line, line.ask('line.unhold'))).toEqual(['no-local-enable']);
    line.pressEnable();
    const again = line.ask('line.unhold');
    line.pass(8_000);
    expect(line.final(again)?.code).toBe('done');
  },
);

it('a start of which nothing was asked leaves the press to the next', () => {
  const line = new TestLine();
  line.ready();
  line.ledger = false;
  expect(line.final(line.ask('line.start'))?.code).toBe('not-stored');
  line.ledger = true;
  const id = line.ask('line.start');
  line.pass(8_000);
  expect(line.final(id)?.code).toBe('done');
});
