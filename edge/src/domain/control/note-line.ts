/** What a snapshot tells that is recorded whoever did it: the mode, the sorter's programme, bales that presses give out. */
import { LINE_MODES } from '@trame/protocol/control/control-names';
import { isId } from '@trame/protocol/topics';
import { nextSteady } from '../line-events-steady.ts';
import type { SorterConfig } from './control-config.ts';
import { CONTROL_MARKS, pressMark } from './control-types.ts';
import { isModeByHand } from './mode-job.ts';
import { nextPress, startPress } from './press-watch.ts';
import type { SorterInputs } from './read-inputs.ts';
import { isTableOf } from './sorter-table.ts';
import { change, inputsNow, record, type Turn } from './turn.ts';

/** A mode that is not said any more is told when it stays so, ms. */
const UNKNOWN_MODE_HOLD_MS = 5_000;
/** Id and version are written one after the other: what holds is the programme, ms. */
const PROGRAMME_HOLD_MS = 2_000;
const TOLD_A_MINUTE = 12;
const VERSION_MAX = 1_000_000_000;

export function noteLine(turn: Turn): Turn {
  return notePresses(noteProgramme(noteMode(turn)));
}

function noteMode(turn: Turn): Turn {
  if (isModeByHand(turn.setup)) return turn;
  const { mode } = inputsNow(turn);
  const rule = { holdMs: mode === null ? UNKNOWN_MODE_HOLD_MS : 0, toldMax: TOLD_A_MINUTE };
  const step = nextSteady(turn.state.mode, mode ?? '', rule, turn.at);
  const noted = change(turn, { mode: step.state });
  if (step.tell === null) return noted;
  const { value, since } = step.tell;
  const told = LINE_MODES.find((name) => name === value) ?? null;
  const more = { occurredAtMs: since.wallMs, marks: { [CONTROL_MARKS.mode]: value } };
  return record(noted, 'mode.changed', { mode: told }, more);
}

function noteProgramme(turn: Turn): Turn {
  const { sorter } = turn.setup.control;
  const seen = inputsNow(turn).sorter;
  // Whoever gives it verdicts says which programme they follow.
  if (turn.setup.getsVerdicts) return turn;
  if (sorter === null || seen === null || turn.state.running?.command === 'programme.download') return turn;
  const named = nameOf(sorter, seen, turn.setup.programmeHashes);
  const rule = { holdMs: PROGRAMME_HOLD_MS, toldMax: TOLD_A_MINUTE };
  const step = nextSteady(turn.state.programme, named === null ? null : JSON.stringify(named), rule, turn.at);
  const noted = change(turn, { programme: step.state });
  if (step.tell === null || named === null) return noted;
  const { value, since } = step.tell;
  const [programme, version, hash] = named;
  const more = { occurredAtMs: since.wallMs, marks: { [CONTROL_MARKS.programme]: value } };
  return record(noted, 'programme.active', { programme, version, hash }, more);
}

type Named = readonly [programme: string | null, version: number | null, hash: string | null];

/** What none of ours could be called is followed all the same: what was followed before is not. */
const NONE_OF_OURS: Named = [null, null, null];

/** @returns null: the sorter does not say. */
function nameOf(sorter: SorterConfig, seen: SorterInputs, hashes: ReadonlyMap<string, string>): Named | null {
  const { programme, version } = seen;
  if (programme === null || version === null) return null;
  if (!isId(programme) || !Number.isInteger(version) || version < 0 || version > VERSION_MAX) {
    return NONE_OF_OURS;
  }
  const ours = sorter.programmes.find((one) => one.id === programme && one.version === version);
  if (ours === undefined) return [programme, version, null];
  if (seen.table.includes(null)) return null;
  return [programme, version, isTableOf(sorter, ours, seen) ? (hashes.get(programme) ?? null) : null];
}

function notePresses(turn: Turn): Turn {
  const inputs = inputsNow(turn);
  return turn.setup.control.presses.reduce((noted, { id }) => {
    const seen = inputs.presses.get(id);
    if (seen === undefined) return noted;
    const before = noted.state.presses.get(id) ?? startPress(null);
    const { watch, ejected } = nextPress(before, id, seen, noted.at.monotonicMs);
    const next = change(noted, { presses: new Map([...noted.state.presses, [id, watch]]) });
    if (ejected === null) return next;
    return record(next, 'press.ejected', ejected, { marks: { [pressMark(id)]: String(ejected.bales) } });
  }, turn);
}
