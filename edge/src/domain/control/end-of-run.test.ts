/** What the machine leaves behind when the edge is stopped. */
import { describe, expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { TestLine } from './test-control.ts';

function end(line: TestLine): readonly string[] {
  const before = line.written().length;
  line.feed({ kind: 'end', at: line.at });
  return line.written().slice(before);
}

describe('an edge that is stopped', () => {
  it('takes back the request bit of a start in its middle, records that nobody knows how it ended, and says so', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.mute = true;
    const id = line.ask('line.start');
    line.pass(500);
    expect(line.plc.bits.request).toBe(true);
    expect(end(line)).toEqual(['request=false']);
    expect(line.plc.bits.request).toBe(false);
    expect(line.final(id)).toMatchObject({ code: 'unconfirmed', detail: expect.stringContaining('Trame') });
    expect(line.records('command.ended').map(({ payload }) => payload)).toMatchObject([
      { request: id, outcome: 'unknown' },
    ]);
    // The next start has nothing to end.
    expect(new TestLine(testConfig('handshake'), line.marks).records('command.ended')).toEqual([]);
  });

  it('gives up the write of a request bit that is under way, and takes it back after', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.isDeferred = true;
    line.ask('line.start');
    while (line.waiting[0]?.kind === 'write' && line.waiting[0].target.tag !== 'request') line.deliver();
    const [asked] = line.waiting;
    expect(end(line)).toEqual(['request=false']);
    expect(line.effects).toContainEqual({ kind: 'forget', step: asked?.step });
  });

  it('writes a bit down again that is falling, and none that lies', () => {
    const line = new TestLine(testConfig('handshake'));
    line.pass(500);
    expect(end(line)).toEqual([]);
    const other = new TestLine(testConfig('handshake'));
    other.plc.bits.request = true;
    other.isDeferred = true;
    other.pass(500);
    expect(other.written()).toEqual(['request=false']);
    expect(end(other)).toEqual(['request=false']);
  });

  it('asks nothing of what waits for the ledger', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.ledger = null;
    const id = line.ask('line.start');
    expect(end(line)).toEqual([]);
    line.answerRecords(true);
    expect(line.written()).toEqual([]);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
  });
});
