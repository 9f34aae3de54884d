/** What people say of stops and shifts. They go where all events of people go: to the ledger of the site's book-keeper. */
import { Type, type Static } from 'typebox';
import { happening } from '../material/act-parts.ts';
import { EventId, Id, Words } from '../material/move.ts';
import { closed, literals } from '../schema.ts';
import { STOP_KINDS } from './stop-names.ts';

/** A person fixes the cause of a stop; said again, the last one counts. */
export const StopExplained = Type.Object(
  {
    line: Id,
    /** Event that began it. */
    stop: EventId,
    cause: Id,
    /** Of the cause, as it was configured then. */
    kind: literals(STOP_KINDS),
    note: Words,
  },
  closed,
);
export type StopExplained = Static<typeof StopExplained>;

/** Who leaves hands the line over, who arrives takes it over; each with what the other has to know. */
export const ShiftSigned = Type.Object(
  { shift: Id, line: Id, side: literals(['leaving', 'arriving'] as const), text: Words },
  closed,
);
export type ShiftSigned = Static<typeof ShiftSigned>;

export const STOP_PAYLOADS = { 'stop.explained': StopExplained, 'shift.signed': ShiftSigned } as const;

/** `POST /stops/{id}/explain`. */
export const ExplainStopBody = Type.Object({ ...happening, cause: Id, note: Type.Optional(Words) }, closed);
export type ExplainStopBody = Static<typeof ExplainStopBody>;

/** `POST /shifts/{id}/sign`. */
export const SignShiftBody = Type.Object(
  {
    ...happening,
    side: literals(['leaving', 'arriving'] as const),
    text: Type.Optional(Words),
    /** Nobody else is there: the same account signs the other side too, and the log says so. */
    alone: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type SignShiftBody = Static<typeof SignShiftBody>;
