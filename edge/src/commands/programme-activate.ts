/** `programme.activate`: the line follows a sort programme from the next piece on. It says so in the ledger first. */
import {
  PROGRAMME_ACTIVATE,
  ProgrammeActivateArgs,
  type RefusedProgrammeData,
} from '@trame/protocol/classification/item-requests';
import { PROGRAMME_MARK } from '../domain/programme-mark.ts';
import type { Clock } from '../ports/clock.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import type { ProgrammeFollower } from '../ports/programme-follower.ts';
import { notSorting } from './not-sorting.ts';
import type { CommandVerdict, RecordCommand } from './record-command.ts';

/** Told with a refusal; some hundred characters each. */
const FINDINGS_MAX = 32;

/** @param follower null: pieces are not sorted by their spectra on this line. */
export function programmeActivate(follower: ProgrammeFollower | null, clock: Clock): RecordCommand {
  return {
    command: PROGRAMME_ACTIVATE,
    args: ProgrammeActivateArgs,
    record: (args) => verdictOf(follower, (args as ProgrammeActivateArgs).programme, clock.nowMs()),
    recorded: () => follower?.commit(),
    notRecorded: () => follower?.drop(),
  };
}

function verdictOf(follower: ProgrammeFollower | null, programme: unknown, nowMs: number): CommandVerdict {
  if (follower === null) return notSorting();
  const staging = follower.stage(programme);
  switch (staging.kind) {
    case 'refused': {
      const words = staging.findings.map((finding) => finding.words).join(' ');
      const data: RefusedProgrammeData = { findings: staging.findings.slice(0, FINDINGS_MAX) };
      return { kind: 'refused', refusal: 'bad-programme', detail: words, data };
    }
    case 'not-kept':
      return { kind: 'not-stored', detail: staging.reason };
    case 'staged': {
      const { id, version, hash } = staging.ref;
      const payload = { programme: id, version, hash };
      const marks = { [PROGRAMME_MARK]: hash };
      return { kind: 'records', records: [ledgerRecord('programme.active', nowMs, payload, { marks })] };
    }
  }
}
