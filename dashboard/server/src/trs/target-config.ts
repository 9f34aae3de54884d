/** `targets:` of dashboard.yaml: what lines are made for, and what the andon may show. */
import { ID_PATTERN } from '@trame/protocol/topics';
import { GROUP_MIN } from '@trame/protocol/stops/stop-names';
import { Type, type Static } from 'typebox';

const LINES_MAX = 64;

const ofLine = {
  /** What the line sorts in an hour when nothing slows it: as it was designed, or by its best hours. */
  nominalKgPerHour: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
  outputsPerDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
};

export const TargetSettings = Type.Object(
  {
    ...ofLine,
    /** Targets are shown on the andon: off unless a site decides otherwise. */
    andon: Type.Optional(Type.Boolean()),
    /** People of a group below which no figure is shown: more than the law asks, never fewer. */
    groupMin: Type.Optional(Type.Integer({ minimum: GROUP_MIN, maximum: 1_000 })),
    /** Of lines that differ. */
    lines: Type.Optional(
      Type.Record(
        Type.String({ pattern: ID_PATTERN }),
        Type.Object(ofLine, { additionalProperties: false }),
        { maxProperties: LINES_MAX },
      ),
    ),
  },
  { additionalProperties: false },
);
export type TargetSettings = Static<typeof TargetSettings>;

export interface LineTargets {
  readonly nominalKgPerHour: number | null;
  readonly outputsPerDay: number | null;
  readonly andon: boolean;
  readonly groupMin: number;
}

export function targetsOf(settings: TargetSettings, line: string): LineTargets {
  const { lines = {} } = settings;
  const own = Object.hasOwn(lines, line) ? lines[line] : undefined;
  return {
    nominalKgPerHour: own?.nominalKgPerHour ?? settings.nominalKgPerHour ?? null,
    outputsPerDay: own?.outputsPerDay ?? settings.outputsPerDay ?? null,
    andon: settings.andon ?? false,
    groupMin: Math.max(GROUP_MIN, settings.groupMin ?? GROUP_MIN),
  };
}
