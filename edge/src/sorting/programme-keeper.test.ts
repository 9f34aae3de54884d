import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptLog } from '../uplink/test-uplink.ts';
import { PROGRAMME_FILE, ProgrammeKeeper, type ProgrammeKeeperOptions } from './programme-keeper.ts';
import { OUTLETS, programme } from './test-sorting.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trame-keeper-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function keeper(over: Partial<ProgrammeKeeperOptions> = {}): ProgrammeKeeper {
  return new ProgrammeKeeper({
    dataDir,
    outlets: Object.keys(OUTLETS),
    configured: { kind: 'shipped', id: 'essai' },
    shipped: [programme()],
    recordedHash: null,
    log: keptLog().log,
    ...over,
  });
}

describe('the programme of a line', () => {
  it('is the configured one at first: a shipped one, or a file of JSON or YAML', () => {
    expect(keeper().ref).toEqual({ id: 'essai', version: 1, hash: programmeHash(programme()) });
    const path = join(dataDir, 'tri.yaml');
    writeFileSync(path, JSON.stringify(programme(7)));
    expect(keeper({ configured: { kind: 'file', path } }).ref?.version).toBe(7);
  });

  it('is the one that was activated last, from then on and after every start', () => {
    const first = keeper();
    expect(first.activate(programme(2))).toMatchObject({ kind: 'staged', ref: { version: 2 } });
    expect(first.ref?.version).toBe(2);
    expect(keeper().ref?.version).toBe(2);
    expect(readdirSync(dataDir)).toEqual([PROGRAMME_FILE]);
  });

  it('stays as it is while another is staged, and when that one is dropped', () => {
    const one = keeper();
    one.stage(programme(2));
    expect(one.ref?.version).toBe(1);
    one.drop();
    one.commit();
    expect([one.ref?.version, readdirSync(dataDir)]).toEqual([1, []]);
  });

  it('after a crash is the one that the ledger has: the staged one, or the one before', () => {
    keeper().stage(programme(2));
    expect(keeper({ recordedHash: programmeHash(programme(2)) }).ref?.version).toBe(2);
    expect(keeper().ref?.version).toBe(2);
    keeper().stage(programme(3));
    expect(keeper({ recordedHash: programmeHash(programme(2)) }).ref?.version).toBe(2);
    expect(readdirSync(dataDir)).toEqual([PROGRAMME_FILE]);
  });

  it.each([
    ['has no rule for the rest', { ...programme(2), rules: programme(2).rules.slice(0, 1) }, 'catch-all'],
    ['leads where the sorter has no outlet', programme(2, 'buchettes'), 'unknown-outlet'],
    ['is none', { rules: [] }, 'not-a-programme'],
  ])('is refused when it %s; the present one is kept', (_what, value, fault) => {
    const one = keeper();
    const staging = one.activate(value);
    if (staging.kind !== 'refused') throw new Error(`it was ${staging.kind}`);
    expect(staging.findings.map((finding) => finding.fault).join(' ')).toContain(fault);
    expect([one.ref?.version, existsSync(join(dataDir, PROGRAMME_FILE))]).toEqual([1, false]);
  });

  it('is none, with the reason, when it cannot be read; one that was activated is not replaced by another', () => {
    const path = join(dataDir, 'tri.yaml');
    expect(keeper({ configured: { kind: 'file', path } })).toMatchObject({ active: null });
    expect(keeper({ configured: { kind: 'file', path } }).fault).toContain('tri.yaml');
    writeFileSync(join(dataDir, PROGRAMME_FILE), '{"format": "trame');
    const damaged = keeper();
    expect([damaged.active, damaged.fault]).toEqual([null, expect.stringContaining(PROGRAMME_FILE)]);
    damaged.activate(programme(4));
    expect([damaged.ref?.version, damaged.fault]).toEqual([4, null]);
  });

  it('is not changed when the disk refuses', () => {
    const one = keeper();
    rmSync(dataDir, { recursive: true });
    expect(one.activate(programme(2)).kind).toBe('not-kept');
    expect(one.ref?.version).toBe(1);
  });
});
