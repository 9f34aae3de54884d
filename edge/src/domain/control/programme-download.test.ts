import { describe, expect, it } from 'vitest';
import { testConfig } from './test-control-config.ts';
import { pictureOf } from './test-control-looks.ts';
import { TestLine } from './test-control.ts';

/** What the sorter follows, as it says. */
function tableOf(line: TestLine): readonly unknown[] {
  return ['route1', 'route2', 'route3', 'version', 'programme'].map((tag) => line.tags.get(`plc/${tag}`));
}

describe('a sort programme', () => {
  it('is written table first, version and id last, read back and recorded', () => {
    const line = new TestLine();
    line.ready();
    line.pass(3_000);
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)?.code).toBe('done');
    expect(line.written()).toEqual(['route1=3', 'route2=3', 'route3=1', 'version=7', 'programme=nuit']);
    expect(pictureOf(line).sorter?.active).toEqual({ programme: 'nuit', version: 7 });
    expect(line.records('programme.active').map(({ payload }) => payload)).toEqual([
      { programme: 'jour', version: 3, hash: 'a'.repeat(64) },
      { programme: 'nuit', version: 7, hash: 'b'.repeat(64) },
    ]);
  });

  it('that does not come through is taken back, and the words say so', () => {
    const line = new TestLine();
    line.ready();
    line.fate = (asked) => (asked.kind === 'write' && asked.value === 7 ? 'refused' : 'done');
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
    expect(line.final(id)?.detail).toBe('n’est pas connecté. Le trieur suit de nouveau « jour » version 3.');
    expect(tableOf(line)).toEqual([1, 2, 3, 3, 'jour']);
  });

  it('that stays between two says so', () => {
    const line = new TestLine();
    line.ready();
    let writes = 0;
    line.fate = () => ((writes += 1) > 2 ? 'refused' : 'done');
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)?.detail).toBe(
      'n’est pas connecté. Le trieur est entre deux programmes : 2 consignes sur 5 de « Nuit », les autres de « jour » version 3. Rechargez un programme.',
    );
    expect(line.final(id)?.code).toBe('failed');
    expect(pictureOf(line).sorter?.active).toBeNull();
  });

  it('that can be neither written nor taken back for two reasons says both', () => {
    const line = new TestLine();
    line.ready();
    let writes = 0;
    line.fate = () => {
      writes += 1;
      return writes === 3 ? 'refused' : writes > 3 ? 'unconfirmed' : 'done';
    };
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    const said = line.final(id)?.detail ?? '';
    expect(said).toMatch(
      /^n’est pas connecté\. Le trieur est entre .* Rechargez un programme\. pas de réponse\.$/u,
    );
  });

  it('is not written on when a door opens in the middle', () => {
    const line = new TestLine();
    line.ready();
    line.fate = (asked) => {
      if (asked.kind === 'write' && asked.target.tag === 'route2') {
        line.tags.set('plc/doors', false);
        line.look();
      }
      return 'done';
    };
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.written()).toEqual(['route1=3', 'route2=3']);
    expect(line.final(id)).toMatchObject({ code: 'failed', reasons: [{ code: 'interlock', ref: 'doors' }] });
  });

  it.each(['methods', 'handshake'] as const)(
    'left half written keeps the line from being started until one is loaded: %s',
    (channel) => {
      const line = new TestLine(testConfig(channel));
      line.ready();
      line.fate = (asked) => (asked.kind === 'write' && asked.target.tag === 'route2' ? 'lies' : 'done');
      const half = line.ask('programme.download', { programme: 'nuit' });
      line.pass(2_000);
      expect(line.final(half)?.detail).toContain('entre deux programmes');
      line.fate = () => 'done';
      line.pressEnable();
      const start = line.ask('line.start');
      expect(line.final(start)?.reasons).toEqual([{ code: 'programme-mixed', ref: 'jour', words: '' }]);
      expect(line.plc.took).toEqual([]);
      line.ask('programme.download', { programme: 'jour' });
      line.pass(2_000);
      const again = line.ask('line.start');
      line.pass(8_000);
      expect(line.final(again)?.code).toBe('done');
    },
  );

  it('of which an entry is not to be seen just now, or that is not ours, keeps nothing from being started', () => {
    const line = new TestLine();
    line.ready();
    line.tags.set('plc/route1', null);
    line.pass(100);
    expect(pictureOf(line).refusals['line.start']).toEqual([]);
    line.tags.set('plc/route1', 2);
    line.tags.set('plc/version', 4);
    line.pass(100);
    expect(pictureOf(line).refusals['line.start']).toEqual([]);
  });

  it('that a person at the sorter changed is not called ours', () => {
    const line = new TestLine();
    line.tags.set('plc/route1', 2);
    line.pass(3_000);
    expect(line.records('programme.active').map(({ payload }) => payload['hash'])).toEqual([null]);
  });

  it('is not said to be followed where pieces are sorted by verdicts, whatever the table holds', () => {
    const line = new TestLine(undefined, undefined, { getsVerdicts: true });
    line.ready();
    line.pass(3_000);
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)?.code).toBe('done');
    expect(line.records('programme.active')).toEqual([]);
  });

  it('whose name is no id is recorded as none of ours, and what the sorter does not say changes nothing', () => {
    const line = new TestLine();
    line.ready();
    line.pass(3_000);
    const jour = { programme: 'jour', version: 3, hash: 'a'.repeat(64) };
    const told = () => line.records('programme.active').map(({ payload }) => payload);
    line.tags.set('plc/programme', 'Prog A');
    line.pass(1_900);
    expect(told()).toEqual([jour]);
    line.pass(3_000);
    const none = { programme: null, version: null, hash: null };
    expect(told()).toEqual([jour, none]);
    line.tags.set('plc/programme', 'Prog B');
    line.pass(3_000);
    line.tags.set('plc/programme', null);
    line.pass(3_000);
    expect(told()).toEqual([jour, none]);
    line.tags.set('plc/programme', 'jour');
    line.pass(3_000);
    expect(told()).toEqual([jour, none, jour]);
  });
});
