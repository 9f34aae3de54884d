/**
 * Giving the sorter another programme: its table first, version and id last, so that the sorter never names a programme
 * that it does not follow. Everything is read back. When something does not come through, what it followed before is
 * written back, and the words say what it follows now.
 */
import { toNumber, type TagValue } from '@trame/protocol/tag';
import type { TagRef } from '../tag-ref.ts';
import type { SorterConfig, SortProgrammeConfig } from './control-config.ts';
import {
  done,
  endOfForbidden,
  failed,
  refusedByDevice,
  type JobEnd,
  type JobEvent,
  type JobStep,
  type JobView,
} from './job.ts';
import type { SorterInputs } from './read-inputs.ts';
import { tableOf } from './sorter-table.ts';

export interface DownloadJob {
  readonly kind: 'download';
  readonly entries: readonly Entry[];
  /** As people call it. */
  readonly label: string;
  /** What it followed before, in words. */
  readonly before: string;
  readonly phase: 'write' | 'verify' | 'rollback';
  /** Entry that is being written, or written back. */
  readonly at: number;
  /** Of `verify`: since when, monotonic ms. */
  readonly sinceMs: number;
  /** Of `rollback`: why. */
  readonly why: string;
}

interface Entry {
  readonly target: TagRef;
  readonly value: TagValue;
  /** What is read of it now. */
  readonly seen: (sorter: SorterInputs) => TagValue | null | undefined;
  /** Null: not known, so that it cannot be written back. */
  readonly previous: TagValue | null;
}

/** How long what is read may go on differing from what was written and read back, ms. */
export const VERIFY_WITHIN_MS = 3_000;

export function downloadJob(
  sorter: SorterConfig,
  programme: SortProgrammeConfig,
  seen: SorterInputs,
): DownloadJob {
  const entry = (target: TagRef, value: TagValue, read: Entry['seen']): Entry => ({
    target,
    value,
    seen: read,
    previous: read(seen) ?? null,
  });
  const values = tableOf(sorter, programme);
  const table = sorter.table.flatMap((target, at) => {
    const value = values[at];
    return value === undefined ? [] : [entry(target, value, (inputs) => inputs.table[at])];
  });
  const before =
    seen.programme === null ? 'l’ancien programme' : `« ${seen.programme} » version ${seen.version ?? '?'}`;
  return {
    kind: 'download',
    entries: [
      ...table,
      entry(sorter.version, programme.version, ({ version }) => version),
      entry(sorter.programme, programme.id, ({ programme: id }) => id),
    ],
    label: programme.label,
    before,
    phase: 'write',
    at: 0,
    sinceMs: 0,
    why: '',
  };
}

export function nextDownload(job: DownloadJob, event: JobEvent, view: JobView): JobStep<DownloadJob> {
  switch (event.kind) {
    case 'begin':
      return ask(job);
    case 'look':
      return job.phase === 'verify' ? verify(job, view) : step(job);
    case 'forbidden':
      return { ...step(job), end: stopped(job, event) };
    case 'outcome':
      return job.phase === 'rollback' ? writtenBack(job, event.outcome) : written(job, event.outcome, view);
  }
}

type Outcome = (JobEvent & { kind: 'outcome' })['outcome'];

function written(job: DownloadJob, outcome: Outcome, view: JobView): JobStep<DownloadJob> {
  if (outcome.kind === 'refused' && job.at === 0)
    return { ...step(job), end: refusedByDevice(outcome.reason) };
  // What was refused stands as it was; what was not read back may stand either way.
  if (outcome.kind === 'refused') return rollBack({ ...job, at: job.at - 1 }, sentence(outcome.reason));
  if (outcome.kind === 'unconfirmed') return rollBack(job, sentence(outcome.reason));
  if (job.at + 1 < job.entries.length) return ask({ ...job, at: job.at + 1 });
  return verify({ ...job, phase: 'verify', sinceMs: view.nowMs }, view);
}

function verify(job: DownloadJob, { inputs: { sorter }, nowMs }: JobView): JobStep<DownloadJob> {
  const differing = job.entries.filter(
    ({ value, seen }) => !isSame(value, sorter === null ? null : seen(sorter)),
  );
  if (differing.length === 0) return { ...step(job), end: done(null, job.entries.at(-1)?.value ?? null) };
  if (nowMs - job.sinceMs < VERIFY_WITHIN_MS) return step(job);
  return rollBack(
    { ...job, at: job.entries.length - 1 },
    `Relu autrement qu’écrit : ${differing.map(({ target }) => target.tag).join(', ')}.`,
  );
}

/** Undefined: it cannot be read, and its write was read back by the driver. */
function isSame(value: TagValue, seen: TagValue | null | undefined): boolean {
  if (seen === undefined) return true;
  if (seen === null) return false;
  return typeof value === 'string' ? seen === value : toNumber(seen) === toNumber(value);
}

/** Backwards from the entry that may have changed last: id and version first, so that no wrong name stands. */
function rollBack(job: DownloadJob, why: string): JobStep<DownloadJob> {
  const changed = job.entries.slice(0, job.at + 1);
  if (changed.some(({ previous }) => previous === null)) {
    return { ...step(job), end: failed(`${why} ${between(job, job.at + 1)}`) };
  }
  return ask({ ...job, phase: 'rollback', why });
}

function writtenBack(job: DownloadJob, outcome: Outcome): JobStep<DownloadJob> {
  if (outcome.kind !== 'confirmed') {
    const why = sentence(outcome.reason);
    // What keeps it from being written keeps it from being written back, mostly.
    const also = why === job.why ? '' : ` ${why}`;
    return { ...step(job), end: failed(`${job.why} ${between(job, job.at + 1)}${also}`) };
  }
  if (job.at > 0) return ask({ ...job, at: job.at - 1 });
  return { ...step(job), end: failed(`${job.why} Le trieur suit de nouveau ${job.before}.`) };
}

function stopped(job: DownloadJob, { reasons }: JobEvent & { kind: 'forbidden' }): JobEnd {
  const changed = job.phase === 'rollback' ? job.at + 1 : job.at;
  if (changed === 0) return endOfForbidden(reasons);
  return failed(`Le chargement est interdit depuis. ${between(job, changed)}`, { reasons });
}

/** @returns what the sorter follows when the download is left in its middle; the write under way may have come through. */
export function leftBetween(job: DownloadJob): string {
  return between(job, job.at);
}

function between({ label, entries, before }: DownloadJob, changed: number): string {
  return `Le trieur est entre deux programmes : ${changed} consignes sur ${entries.length} de « ${label} », les autres de ${before}. Rechargez un programme.`;
}

/** Devices say why without a full stop. */
function sentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`;
}

function ask(job: DownloadJob): JobStep<DownloadJob> {
  const entry = job.entries[job.at];
  const value = job.phase === 'rollback' ? entry?.previous : entry?.value;
  if (entry === undefined || value === null || value === undefined) {
    throw new Error('a programme has no such entry to write');
  }
  return { ...step(job), asks: [{ kind: 'write', target: entry.target, value }] };
}

function step(job: DownloadJob): JobStep<DownloadJob> {
  return { job, asks: [], phase: 'readback', station: null, end: null };
}
