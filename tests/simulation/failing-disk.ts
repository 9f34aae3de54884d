/**
 * Disks that fail when a plan says so, under the real SQLite code: the statements of every open database pass
 * here. A failing COMMIT may have been written or not, as on a real disk; a program that is killed leaves its
 * open transactions behind, and SQLite rolls them back at the next open.
 */
import { DatabaseSync } from 'node:sqlite';

export type DiskVerdict = 'works' | 'full' | 'fails-before-commit' | 'fails-after-commit';

/** Asked before each COMMIT of a database of this folder. */
export type DiskPlan = (file: string) => DiskVerdict;

export const WORKING: DiskPlan = () => 'works';

const FULL = { errcode: 13, message: 'database or disk is full' };
const IO_ERROR = { errcode: 10, message: 'disk I/O error' };

type Exec = (this: DatabaseSync, sql: string) => void;

export class FailingDisks implements Disposable {
  readonly #plans = new Map<string, DiskPlan>();
  readonly #open = new Map<string, Set<DatabaseSync>>();
  readonly #exec: Exec;

  constructor() {
    const exec: Exec = Reflect.get(DatabaseSync.prototype, 'exec');
    this.#exec = exec;
    const run = (database: DatabaseSync, sql: string): void =>
      this.#run(database, sql, (text) => exec.call(database, text));
    DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
      run(this, sql);
    };
  }

  /** @param folder of one program; its databases fail by this plan. */
  mount(folder: string, plan: DiskPlan): void {
    this.#plans.set(folder, plan);
  }

  /** As SIGKILL does: every file of this folder is let go of, whatever was going on. */
  cutOff(folder: string): void {
    for (const [file, databases] of this.#open) {
      if (!file.startsWith(`${folder}/`)) continue;
      for (const database of databases) if (database.isOpen) database.close();
      this.#open.delete(file);
    }
  }

  unmount(folder: string): void {
    this.#plans.delete(folder);
  }

  /** @returns the one number that a query gives on what is on the disk of this folder now; 0 for none. */
  rowsOf(folder: string, query: string): number {
    for (const file of this.#open.keys()) {
      if (!file.startsWith(`${folder}/`)) continue;
      const beside = new DatabaseSync(file, { readOnly: true });
      try {
        return Number(Object.values(beside.prepare(query).get() ?? {})[0] ?? 0);
      } finally {
        beside.close();
      }
    }
    return 0;
  }

  [Symbol.dispose](): void {
    DatabaseSync.prototype.exec = this.#exec;
  }

  #run(database: DatabaseSync, sql: string, exec: (sql: string) => void): void {
    const file = database.isOpen ? (database.location() ?? '') : '';
    const known = this.#open.get(file) ?? new Set();
    this.#open.set(file, known.add(database));
    const verdict = /^\s*commit\b/iu.test(sql) ? this.#verdict(file) : 'works';
    refuseBefore(verdict);
    exec(sql);
    refuseAfter(verdict);
  }

  #verdict(file: string): DiskVerdict {
    for (const [folder, plan] of this.#plans) if (file.startsWith(`${folder}/`)) return plan(file);
    return 'works';
  }
}

/** @throws when nothing is written. */
export function refuseBefore(verdict: DiskVerdict): void {
  if (verdict === 'full') throw diskError(FULL);
  if (verdict === 'fails-before-commit') throw diskError(IO_ERROR);
}

/** @throws when all is written, and nobody is told. */
export function refuseAfter(verdict: DiskVerdict): void {
  if (verdict === 'fails-after-commit') throw diskError(IO_ERROR);
}

function diskError({ errcode, message }: { readonly errcode: number; readonly message: string }): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
}
