import { describe, expect, it } from 'vitest';
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

  it('that a person at the sorter changed is not called ours', () => {
    const line = new TestLine();
    line.tags.set('plc/route1', 2);
    line.pass(3_000);
    expect(line.records('programme.active').map(({ payload }) => payload['hash'])).toEqual([null]);
  });
});
