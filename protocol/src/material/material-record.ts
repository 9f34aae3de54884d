/** `material.record`: the request that asks the book-keeper's edge to record what the server decided. */
import { Type, type Static } from 'typebox';
import { EVENT_TYPE_PATTERN, OPAQUE_ID_PATTERN } from '../ledger-event.ts';
import { closed, nullable } from '../schema.ts';
import { Time } from './move.ts';

export const MATERIAL_RECORD = 'material.record';
/** Events that one act makes, all of them recorded or none. The reply's `seq` is that of the first, the others follow. */
export const RECORDS_PER_ACT_MAX = 20;

export const MaterialRecordArgs = Type.Object(
  {
    /**
     * Last event of this ledger that the decision knew; null: none. The edge answers `stale` when its ledger has an
     * event about material after it, and records nothing: whoever decided looks again.
     */
    seen: nullable(
      Type.Object(
        { epoch: Type.String({ pattern: OPAQUE_ID_PATTERN }), seq: Type.Integer({ minimum: 1 }) },
        closed,
      ),
    ),
    records: Type.Array(
      Type.Object(
        {
          type: Type.String({ pattern: EVENT_TYPE_PATTERN }),
          /** When it happened, by the clock of whoever saw it. */
          occurredAt: Time,
          payload: Type.Record(Type.String(), Type.Unknown()),
        },
        closed,
      ),
      { minItems: 1, maxItems: RECORDS_PER_ACT_MAX },
    ),
  },
  closed,
);
export type MaterialRecordArgs = Static<typeof MaterialRecordArgs>;
