/** What `/api/v1/commands` and `/api/v1/bales/proposals` answer. Times are ms since 1970 UTC. */
import { Type, type Static } from 'typebox';
import { WeighingRow } from '../dashboard-api.ts';
import { nullable, literals } from '../schema.ts';
import { CommandReason } from './control-events.ts';
import { COMMAND_OUTCOMES } from './control-names.ts';

/**
 * One request to a line and what came of it. What the line's ledger tells wins over what the line answered: `checking`
 * may become any outcome, and an outcome stays.
 */
export const CommandRow = Type.Object({
  /** Of the request. */
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  command: Type.String(),
  args: Type.Record(Type.String(), Type.Unknown()),
  /** Who asked: an opaque reference; null: Trame itself. */
  actorRef: nullable(Type.String()),
  /** `person`, or what made Trame ask by itself; `trame`: itself, and the ledger has only the end, not why it asked. */
  by: literals(['person', 'bin-full', 'life-lost', 'trame'] as const),
  at: Type.Integer(),
  outcome: literals([...COMMAND_OUTCOMES, 'checking'] as const),
  /** Of the line's answer; null: none came. */
  code: nullable(Type.String()),
  /** Number of the event that recorded it, as the line answered; null: it did not say. */
  seq: nullable(Type.Integer()),
  reasons: Type.Array(CommandReason),
  detail: nullable(Type.String()),
  /** What was read back; null: nothing, or not told yet. */
  readBack: nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String()])),
  /** Station or step that did not come within its bound. */
  late: nullable(Type.String()),
  /** From the request to the end, by the line's clock; null: not told yet. */
  tookMs: nullable(Type.Integer()),
  endedAt: nullable(Type.Integer()),
});
export type CommandRow = Static<typeof CommandRow>;

/** `GET /commands`, newest first. */
export const CommandsAnswer = Type.Object({
  rows: Type.Array(CommandRow),
  /** Cursor of the next page; null on the last. */
  next: nullable(Type.String()),
});
export type CommandsAnswer = Static<typeof CommandsAnswer>;

/** A bale that a press gave out and nobody logged yet. */
export const BaleProposal = Type.Object({
  /** Of the event `press.ejected`: `proposal` of `POST /bales` names it. */
  id: Type.String(),
  line: Type.String(),
  press: Type.String(),
  /** As the press says; null: it does not. */
  outlet: nullable(Type.String()),
  at: Type.Integer(),
  /** Bales that it gave out unseen before this one. */
  missed: Type.Integer(),
  /** The unclaimed weighing that is nearest in time; null: none near enough. */
  weighing: nullable(WeighingRow),
});
export type BaleProposal = Static<typeof BaleProposal>;

/** `GET /bales/proposals?press=`, the oldest first. */
export const BaleProposals = Type.Object({ rows: Type.Array(BaleProposal) });
export type BaleProposals = Static<typeof BaleProposals>;
