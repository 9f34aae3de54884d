/** What people do with sort programmes, carried into the rows that follow from it. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { account } from '@trame/protocol/material/accounts';
import type { MaterialEvent } from '@trame/protocol/material/material-payloads';
import type { ProgrammeSaved, ProgrammeStepped } from '@trame/protocol/sort-programmes/programme-events';
import type { Happened } from '../material/project/happened.ts';
import type { MaterialRows } from '../material/project/material-rows.ts';

export type ProgrammeEvent = Extract<MaterialEvent, { readonly type: `programme.${string}` }>;

export function isProgrammeEvent(said: MaterialEvent): said is ProgrammeEvent {
  return said.type === 'programme.saved' || said.type === 'programme.stepped';
}

/** @returns names that the journal goes by. */
export function programmeSubjects({ type, payload }: ProgrammeEvent): readonly string[] {
  return type === 'programme.saved'
    ? [`programme:${payload.programme.id}`]
    : [`programme:${payload.programme}`, account('line', payload.line)];
}

export function programmeTold(
  rows: MaterialRows,
  happened: Happened,
  { type, payload }: ProgrammeEvent,
): void {
  if (type === 'programme.saved') programmeSaved(rows, happened, payload);
  else programmeStepped(rows, happened, payload);
}

/** What was told of a version first stays. */
function programmeSaved(
  rows: MaterialRows,
  { site, id: event, at, actorRef }: Happened,
  { programme, hash, note }: ProgrammeSaved,
): void {
  const { id, version, label, example } = programme;
  rows.programmeVersions.push({
    site,
    programme: id,
    version,
    hash,
    label,
    example: Number(example),
    note,
    at,
    actorRef,
    event,
    body: canonicalJson(programme),
  });
}

/** The last step counts; what waits is only taken away by a step of the same version. */
function programmeStepped(
  rows: MaterialRows,
  { site, id: event, at, actorRef }: Happened,
  { step, note, ...said }: ProgrammeStepped,
): void {
  const { line, programme, version, hash } = said;
  if (step === 'asked') {
    rows.programmeRequests.put({ site, ...said, note, at, actorRef, event });
    return;
  }
  const waiting = rows.programmeRequests.get(line);
  const isMeant =
    waiting !== null &&
    waiting.programme === programme &&
    waiting.version === version &&
    waiting.hash === hash;
  if (step === 'approved') {
    // Said again, the line is only told again.
    if (!isMeant && rows.programmeApprovals.get(line)?.hash === hash) return;
    const askedBy = isMeant ? waiting.actorRef : actorRef;
    rows.programmeApprovals.put({ site, ...said, at, askedBy, approvedBy: actorRef, event });
  }
  if (isMeant) rows.programmeRequests.remove(line);
}
