import { describe, expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { TestLine } from './test-control.ts';

describe('a press', () => {
  it('tells each bale once, with the outlet that it held', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/outlet', 2);
    line.pass(200);
    line.tags.set('press/bales', 11);
    line.tags.set('press/outlet', 0);
    line.pass(2_000);
    line.offline.add('press');
    line.pass(1_000);
    line.tags.set('press/bales', 15);
    line.offline.delete('press');
    line.pass(2_000);
    expect(line.records('press.ejected').map(({ payload }) => payload)).toEqual([
      { press: 'presse-1', outlet: 'laine', bales: 11, missed: 0 },
      { press: 'presse-1', outlet: null, bales: 15, missed: 3 },
    ]);
    const again = new TestLine(testConfig(), line.marks);
    again.tags.set('press/bales', 16);
    again.pass(2_000);
    expect(again.records('press.ejected').map(({ payload }) => payload['missed'])).toEqual([0]);
  });

  it('that counts from the beginning again, or says one false number, gives out nothing', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/bales', 9_999);
    line.pass(300);
    line.tags.set('press/bales', 10);
    line.pass(2_000);
    line.tags.set('press/bales', 0);
    line.pass(2_000);
    expect(line.records('press.ejected')).toEqual([]);
    line.tags.set('press/bales', 1);
    line.pass(1_000);
    expect(line.records('press.ejected')).toHaveLength(1);
  });

  it('whose PLC boots and shows no count for a while, then its own again, has given out nothing', () => {
    const line = new TestLine();
    line.tags.set('press/bales', 500);
    line.pass(2_000);
    line.tags.set('press/bales', 0);
    line.pass(20_000);
    line.tags.set('press/bales', 500);
    line.pass(40_000);
    expect(line.records('press.ejected')).toEqual([]);
    line.tags.set('press/bales', 501);
    line.pass(1_000);
    const again = new TestLine(testConfig(), line.marks);
    again.tags.set('press/bales', 502);
    again.pass(1_000);
    const told = [...line.records('press.ejected'), ...again.records('press.ejected')];
    expect(told.map(({ payload }) => [payload['bales'], payload['missed']])).toEqual([
      [501, 0],
      [502, 0],
    ]);
  });

  it('that pressed on after it counted from the beginning tells bales as they come, and what was missed once', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/bales', 0);
    line.pass(31_000);
    for (const bales of [1, 2, 3]) {
      line.tags.set('press/bales', bales);
      line.pass(2_000);
    }
    expect(line.records('press.ejected').map(({ payload }) => payload['bales'])).toEqual([1, 2, 3]);
  });

  it('whose count jumps while it is seen is believed only when the count stays so', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/bales', 60);
    line.pass(29_000);
    expect(line.records('press.ejected')).toEqual([]);
    line.pass(2_000);
    expect(line.records('press.ejected').map(({ payload }) => payload['missed'])).toEqual([49]);
  });
});
