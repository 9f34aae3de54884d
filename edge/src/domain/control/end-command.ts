/** How a command ends, whatever happened: recorded, answered, shown, and nothing of it left under way. */
import type { ReplyCode } from '@trame/protocol/command';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { CommandOutcomeName, MotionCommand } from '@trame/protocol/control/control-names';
import { toJsonValue, type TagValue } from '@trame/protocol/tag';
import { claimAtEnd } from './bin-claim.ts';
import { CONTROL_MARKS } from './control-types.ts';
import type { OpenRequest, Running } from './control-state.ts';
import { cutDetail } from './control-words.ts';
import type { JobEnd } from './job.ts';
import { lateAfter } from './late-station.ts';
import { answerFinally, change, emit, record, type Turn } from './turn.ts';

const CODES: Readonly<Record<CommandOutcomeName, ReplyCode>> = {
  done: 'done',
  refused: 'refused',
  failed: 'failed',
  unconfirmed: 'unconfirmed',
  unknown: 'unconfirmed',
};
const TOOK_MAX_MS = 3_600_000;
const VALUE_CHARACTERS_MAX = 200;
const LATE_CHARACTERS_MAX = 80;
/** Refusals that are recorded in a minute: the finger on a key must not fill the disk. All are answered. */
export const REFUSALS_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** @returns the text under which a restart finds what had not ended. */
export function openMark(open: readonly OpenRequest[]): Readonly<Record<string, string>> {
  return { [CONTROL_MARKS.open]: JSON.stringify(open) };
}

/** Ends what is being carried out, for everybody who asked for it. */
export function endRunning(turn: Turn, running: Running, end: JobEnd): Turn {
  const { request, command, actor, by, since, stage } = running;
  const open = turn.state.open.filter((one) => one.request !== request);
  const took = Math.round(turn.at.monotonicMs - since.monotonicMs);
  const pending = stage.kind === 'recording' ? stage.step : (stage.pending?.step ?? null);
  const late = end.late?.slice(0, LATE_CHARACTERS_MAX).toWellFormed() ?? null;
  const left = pending === null ? turn : emit(turn, { kind: 'forget', step: pending });
  const detail = end.detail === null ? null : cutDetail(end.detail);
  const ended = { request, command, outcome: end.outcome, reasons: end.reasons, late, detail };
  const { turn: claimed, marks } = claimAtEnd(left, running, end);
  const recorded = record(
    change(claimed, { running: null, open, last: { ...ended, at: turn.at.wallMs } }),
    'command.ended',
    {
      ...ended,
      reasons: [...end.reasons],
      readBack: valueOf(end.readBack),
      tookMs: Math.min(Math.max(took, 0), TOOK_MAX_MS),
    },
    { actorRef: actor, key: `ended:${request}`, marks: { ...openMark(open), ...marks } },
  );
  const job = stage.kind === 'working' ? stage.job : null;
  const shown = job?.kind === 'plc' ? change(recorded, { late: lateAfter(job.command, late) }) : recorded;
  const told =
    by === 'person' ? answerFinally(shown, request, CODES[end.outcome], end.reasons, detail) : shown;
  const { repeats = [] } = running;
  return repeats.reduce((left, one) => endRunning(left, { ...running, ...one, repeats: [] }, end), told);
}

export interface Refused {
  readonly request: string;
  readonly command: MotionCommand;
  readonly actor: string | null;
  readonly by: Running['by'];
}

/** Refuses a request of which nothing was done. */
export function refuse(
  turn: Turn,
  asked: Refused,
  reasons: readonly CommandReason[],
  detail: string | null,
): Turn {
  const { request, command, actor, by } = asked;
  const ended = { request, command, outcome: 'refused', reasons, late: null, detail } as const;
  const seen = change(turn, { last: { ...ended, at: turn.at.wallMs } });
  const told = noteRefusal(seen, ended, actor);
  return by === 'person' ? answerFinally(told, request, 'refused', reasons, detail) : told;
}

function noteRefusal(
  turn: Turn,
  ended: {
    readonly request: string;
    readonly command: MotionCommand;
    readonly reasons: readonly CommandReason[];
    readonly detail: string | null;
  },
  actor: string | null,
): Turn {
  const nowMs = turn.at.monotonicMs;
  const lately = turn.state.refusalsAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
  if (lately.length >= REFUSALS_A_MINUTE) return change(turn, { refusalsAtMs: lately });
  return record(
    change(turn, { refusalsAtMs: [...lately, nowMs] }),
    'command.ended',
    { ...ended, outcome: 'refused', reasons: [...ended.reasons], readBack: null, late: null, tookMs: 0 },
    { actorRef: actor, key: `ended:${ended.request}` },
  );
}

function valueOf(value: TagValue | null): number | boolean | string | null {
  const json = toJsonValue(value);
  return typeof json === 'string' ? json.slice(0, VALUE_CHARACTERS_MAX).toWellFormed() : json;
}
