import { refused, type Refused } from '../material/decision.ts';
import type { ContainerTable } from '../material/material-tables.ts';

/** Nobody weighs one container twice within this: the second time is a slip of the finger, ms. */
const WEIGHED_AGAIN_MS = 60_000;

export function weighedJustNow({ container, weighedAt }: ContainerTable, occurredAt: number): Refused | null {
  if (weighedAt === null) return null;
  const apartMs = Math.abs(occurredAt - weighedAt);
  if (apartMs >= WEIGHED_AGAIN_MS) return null;
  const seconds = Math.round(apartMs / 1_000);
  return refused('weighed-just-now', `container «${container}» was weighed ${seconds} s before`, {
    container,
    seconds,
  });
}
