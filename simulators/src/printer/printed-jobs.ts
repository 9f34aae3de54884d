/** What the simulated label printer printed, one file per job, so that it is still known after a power cut. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Jobs that are kept; older files are removed. */
export const maxJobsKept = 200;

export interface PrintedJob {
  /** Counts from 1 since the data directory was made. */
  readonly id: number;
  /** When the last byte had come, ISO 8601. */
  readonly at: string;
  readonly bytes: number;
  /** The bytes as UTF-8. */
  readonly text: string;
}

const fileName = /^(?<id>\d{8})-(?<atMs>\d+)\.zpl$/u;

/** The jobs of one data directory. */
export class PrintedJobs {
  #directory: string;
  #jobs: PrintedJob[];
  #lastId: number;

  /** Reads what is there. Throws when the directory can be neither made nor read. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    const names = readdirSync(directory).filter((name) => fileName.test(name));
    this.#jobs = names
      .sort()
      .slice(-maxJobsKept)
      .map((name) => this.#read(name));
    this.#lastId = this.#jobs.at(-1)?.id ?? 0;
  }

  /** The last ones, oldest first. */
  get all(): readonly PrintedJob[] {
    return [...this.#jobs];
  }

  /** Keeps a job. Throws when the disk refuses: then nothing was printed. */
  add(raw: Uint8Array, atMs: number): PrintedJob {
    const id = this.#lastId + 1;
    const name = nameOf(id, atMs);
    const part = join(this.#directory, `${name}.part`);
    writeFileSync(part, raw, { flush: true });
    renameSync(part, join(this.#directory, name));
    const job = jobOf(id, atMs, raw);
    this.#lastId = id;
    this.#jobs.push(job);
    while (this.#jobs.length > maxJobsKept) {
      const oldest = this.#jobs.shift();
      if (oldest !== undefined)
        rmSync(join(this.#directory, nameOf(oldest.id, Date.parse(oldest.at))), { force: true });
    }
    return job;
  }

  #read(name: string): PrintedJob {
    const { id = '', atMs = '' } = fileName.exec(name)?.groups ?? {};
    return jobOf(Number(id), Number(atMs), readFileSync(join(this.#directory, name)));
  }
}

function nameOf(id: number, atMs: number): string {
  return `${String(id).padStart(8, '0')}-${atMs}.zpl`;
}

function jobOf(id: number, atMs: number, raw: Uint8Array): PrintedJob {
  return {
    id,
    at: new Date(atMs).toISOString(),
    bytes: raw.length,
    text: Buffer.from(raw).toString('utf8'),
  };
}
