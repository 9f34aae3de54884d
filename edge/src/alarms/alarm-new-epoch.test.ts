/** A ledger that begins anew from a copy: its edge says again how its alarms stand, for whoever follows heard otherwise. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLAIN_ALARM } from '../domain/alarms/plain-alarm.ts';
import { LEDGER_FILE } from '../ledger/ledger-file.ts';
import { reopenLedger } from '../ledger/reopen-ledger.ts';
import { AlarmLine, tagAlarm } from './test-alarm-line.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-alarms-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const COPY = `${LEDGER_FILE}.copy`;

function reopen(line: AlarmLine, reason: 'restored' | 'replaced'): void {
  reopenLedger({
    dataDir: dir,
    names: { site: 'caux', line: 'tri-1' },
    consumers: ['trame'],
    reason,
    nowMs: line.line.clock.nowMs(),
    entropy: { random: () => 0.5, bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
    isForReal: true,
  });
}

/** What the present epoch says of alarms that was not recorded before. */
function toldAnew(line: AlarmLine, known: ReadonlySet<string>): readonly string[] {
  return line.line
    .events()
    .filter(({ type, id }) => type.startsWith('alarm.') && !known.has(id))
    .map(({ type, payload }) => {
      const said = payload ?? {};
      const name = `${type.slice(6)} ${String(said['alarm'])}`;
      return type === 'alarm.changed'
        ? `${name}: ${String(said['from'])} → ${String(said['to'])}, ${String(said['condition'])}, ${String(said['comment'])}`
        : name;
    });
}

const ALARMS = [
  tagAlarm('jam'),
  tagAlarm('door'),
  tagAlarm('calm'),
  { ...PLAIN_ALARM, id: 'residu', label: 'Écart', source: 'reported' as const },
];

describe('alarms of a ledger that begins anew', () => {
  it.each(['restored', 'replaced'] as const)(
    'from a copy (%s) are declared and told again, once',
    async (reason) => {
      const line = new AlarmLine(dir, ALARMS);
      await line.start();
      await line.say('door', true);
      await line.ask('alarm.shelve', { alarm: 'door', forMs: 3_600_000, reason: 'capteur sale' });
      await line.say('jam', true);
      await line.say('jam', false);
      await line.ask('alarm.acknowledge', { alarm: 'jam', occurrence: 1 });
      await line.ask('alarm.report', { alarm: 'residu', condition: true, value: 41 });
      await line.stop();
      copyFileSync(join(dir, LEDGER_FILE), join(dir, COPY));
      await line.start();
      // What follows is on the server, and not in the copy.
      await line.say('jam', true);
      await line.ask('alarm.unshelve', { alarm: 'door' });
      const known = new Set(line.line.events().map(({ id }) => id));
      await line.stop();
      copyFileSync(join(dir, COPY), join(dir, LEDGER_FILE));
      reopen(line, reason);
      await line.start();
      expect(toldAnew(line, known)).toEqual([
        'declared jam',
        'declared door',
        'declared calm',
        'declared residu',
        'changed jam: normal → normal, false, null',
        'changed door: shelved → shelved, true, capteur sale',
        'changed residu: unacknowledged → unacknowledged, true, null',
      ]);
      expect(line.changes('door').at(-1)).toMatchObject({ until: expect.any(Number), occurrence: 1 });
      await line.cutOff();
      await line.start();
      await line.say('jam', true);
      expect(toldAnew(line, known).slice(7)).toEqual(['changed jam: normal → unacknowledged, true, null']);
      expect(line.changes('jam').at(-1)).toMatchObject({ occurrence: 2 });
      await line.stop();
    },
  );
});
