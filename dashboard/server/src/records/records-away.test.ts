import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { recordsAway, RecordsClosed } from './records-away.ts';

function withCode(code: string): Error {
  return Object.assign(new Error(`failed: ${code}`), { code });
}

describe('records that are away', () => {
  it.each([
    'ECONNREFUSED',
    'ETIMEDOUT',
    '57P01',
    '08006',
    '53100',
    '55P03',
    '40001',
    '25006',
    '28P01',
    '3D000',
    'XX001',
  ])('are told by %s', (code) => {
    expect(recordsAway(withCode(code))).toBe(`failed: ${code}`);
    expect(recordsAway(new Error('outside', { cause: withCode(code) }))).toBe(`failed: ${code}`);
    expect(recordsAway(new AggregateError([new Error('x'), withCode(code)]))).toBe(`failed: ${code}`);
  });

  it('are told by what the client library says without a code', () => {
    const library = ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'];
    for (const message of [...library, 'Query read timeout']) {
      expect(recordsAway(new Error(message))).toBe(message);
    }
    expect(recordsAway(new RecordsClosed('another server'))).toBe('another server');
  });

  it('are not what is wrong with a statement or a program', () => {
    const unique = Object.assign(new DatabaseError('duplicate key', 1, 'error'), { code: '23505' });
    for (const error of [unique, withCode('42P01'), withCode('EACCES'), new TypeError('x'), 'text', null]) {
      expect(recordsAway(error)).toBeNull();
    }
  });

  it('are told by SQLite when another program keeps the file to itself, not by a wrong statement', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trame-away-'));
    const file = join(directory, 'x.sqlite');
    using one = new DatabaseSync(file);
    one.exec('CREATE TABLE t (a); BEGIN EXCLUSIVE');
    using other = new DatabaseSync(file, { timeout: 0 });
    expect(recordsAway(thrownBy(() => other.exec('INSERT INTO t VALUES (1)')))).toContain('locked');
    one.exec('COMMIT');
    expect(recordsAway(thrownBy(() => other.exec('INSERT INTO none VALUES (1)')))).toBeNull();
    rmSync(directory, { recursive: true });
  });
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
