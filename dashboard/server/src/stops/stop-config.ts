/** `stops:` of dashboard.yaml: which causes people choose from, and what is proposed to them. */
import { LINE_STATES } from '@trame/protocol/ledger-payloads';
import { literals } from '@trame/protocol/schema';
import {
  DEFAULT_STOP_CAUSES,
  MICRO_STOP_MS,
  STOP_KINDS,
  STOP_PICTOGRAMS,
  type StopCause,
} from '@trame/protocol/stops/stop-names';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type Static } from 'typebox';

const Id = Type.String({ pattern: ID_PATTERN });

/** More than can be told apart at a glance, or fewer than there are reasons, help nobody. */
const CAUSES_MIN = 6;
const CAUSES_MAX = 8;

/** Which cause goes with what: exactly one of the others is said. */
export const StopProposal = Type.Object(
  {
    /** Id of an alarm, or how ids begin: `bourrage*`. */
    alarm: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}\\*?$' })),
    group: Type.Optional(Id),
    station: Type.Optional(Id),
    /** PackML state in which the stop began, or `emergency-stop`. */
    state: Type.Optional(literals([...LINE_STATES, 'emergency-stop'] as const)),
    cause: Id,
  },
  { additionalProperties: false },
);
export type StopProposal = Static<typeof StopProposal>;

export const StopSettings = Type.Object(
  {
    causes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            label: Type.String({ minLength: 1, maxLength: 40 }),
            kind: literals(STOP_KINDS),
            pictogram: literals(STOP_PICTOGRAMS),
          },
          { additionalProperties: false },
        ),
        { minItems: CAUSES_MIN, maxItems: CAUSES_MAX },
      ),
    ),
    /** A stop that is shorter is a micro-stop. */
    microStop: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}(s|min)$' })),
    /** Looked at in order, before what Trame proposes by itself. */
    propose: Type.Optional(Type.Array(StopProposal, { maxItems: 64 })),
  },
  { additionalProperties: false },
);
export type StopSettings = Static<typeof StopSettings>;

const MICRO_STOP_MIN_MS = 10_000;
const MICRO_STOP_MAX_MS = 30 * 60_000;

/** @returns null when it is no such time. */
export function microStopMs({ microStop }: Pick<StopSettings, 'microStop'>): number | null {
  if (microStop === undefined) return MICRO_STOP_MS;
  const ms = Number.parseInt(microStop, 10) * (microStop.endsWith('min') ? 60_000 : 1_000);
  return ms >= MICRO_STOP_MIN_MS && ms <= MICRO_STOP_MAX_MS ? ms : null;
}

/** What stops are judged by. */
export interface StopRules {
  readonly causes: readonly StopCause[];
  readonly microStopMs: number;
  readonly propose: readonly StopProposal[];
}

export function stopRules({ causes, microStop, propose }: StopSettings): StopRules {
  return {
    causes: causes ?? DEFAULT_STOP_CAUSES,
    microStopMs: microStopMs(microStop === undefined ? {} : { microStop }) ?? MICRO_STOP_MS,
    propose: propose ?? [],
  };
}
