/**
 * A version of a sort programme is asked for on a line, agreed to, or withdrawn. Where two accounts have to agree, nobody agrees
 * to what they asked for themselves: unlike a hand-over between shifts, this can wait until somebody else is there.
 */
import type { StepProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import {
  recording,
  refused,
  type ActContext,
  type Decide,
  type Draft,
  type Refused,
} from '../material/decision.ts';
import { outletNames, programmeOutlets } from '../material/reference.ts';
import { faulty, isFaulty } from './save-programme.ts';
import type { ProgrammeRequestTable, ProgrammeVersionTable } from './programme-tables.ts';

type Step = Extract<Draft, { type: 'programme.stepped' }>['payload']['step'];

/**
 * Asks for it, or agrees to what another account asked for. What is approved already may be approved again: the line is told
 * once more.
 */
export const activateProgramme: Decide<StepProgrammeBody> = async (context, body, programme) => {
  const { book, reference, actorRef } = context;
  const saved = await savedVersion(context, body, programme);
  if (saved.kind === 'refused') return saved;
  const { line, version } = body;
  const outlets = programmeOutlets(reference, line);
  const findings = await context.checkProgramme(
    JSON.parse(saved.row.body) as SortProgramme,
    outlets,
    outletNames(reference),
  );
  if (isFaulty(findings)) return faulty(programme, findings);
  const draft = (step: Step) => stepped(context, body, saved.row, step);
  const waiting = await book.programmes.waiting(line);
  if (waiting === undefined) {
    const approved = await book.programmes.approved(line);
    const steps: Step[] =
      approved?.hash === saved.row.hash
        ? ['approved']
        : reference.programmeApprovals === 1
          ? ['asked', 'approved']
          : ['asked'];
    return recording(programme, steps.map(draft), { number: version });
  }
  if (!isFor(waiting, saved.row)) {
    const detail = `${waiting.programme} ${waiting.version} waits on ${line}`;
    const { programme: other, version: otherVersion } = waiting;
    return refused('another-waits', detail, { line, programme: other, version: otherVersion });
  }
  if (reference.programmeApprovals === 2 && waiting.actorRef === actorRef) {
    return refused('same-account', 'this account asked for it', { line, programme, version });
  }
  return recording(programme, [draft('approved')], { number: version });
};

/** By who asked, or by who does not agree. What is approved is not withdrawn: another one takes its place. */
export const withdrawProgramme: Decide<StepProgrammeBody> = async (context, body, programme) => {
  const saved = await savedVersion(context, body, programme);
  if (saved.kind === 'refused') return saved;
  const { line, version } = body;
  const waiting = await context.book.programmes.waiting(line);
  if (waiting === undefined || !isFor(waiting, saved.row)) {
    const detail = `${programme} ${version} does not wait on ${line}`;
    return refused('not-waiting', detail, { line, programme, version });
  }
  return recording(programme, [stepped(context, body, saved.row, 'withdrawn')], { number: version });
};

type Saved = { readonly kind: 'saved'; readonly row: ProgrammeVersionTable } | Refused;

async function savedVersion(
  { book, reference, occurredAt }: ActContext,
  { line, version }: StepProgrammeBody,
  programme: string,
): Promise<Saved> {
  if (!reference.lines.includes(line)) return refused('unknown-line', `no line «${line}»`, { line });
  const row = await book.programmes.version(programme, version);
  if (row === undefined) {
    return refused('unknown-programme', `no version ${version} of «${programme}»`, { programme, version });
  }
  if (occurredAt < row.at) return refused('not-yet-there', 'it was saved after that', { at: row.at });
  return { kind: 'saved', row };
}

function isFor(waiting: ProgrammeRequestTable, row: ProgrammeVersionTable): boolean {
  const { programme, version, hash } = row;
  return waiting.programme === programme && waiting.version === version && waiting.hash === hash;
}

function stepped(
  { occurredAt }: ActContext,
  { line, version, note = '' }: StepProgrammeBody,
  { programme, hash }: ProgrammeVersionTable,
  step: Step,
): Draft {
  const payload = { line, programme, version, hash, step, note: note.trim() };
  return { type: 'programme.stepped', occurredAt, payload };
}
