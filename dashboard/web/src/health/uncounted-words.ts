/** Mass that is in no tonnage, in words. */
import type { UncountedMass } from '@trame/protocol/health-api';
import type { Outlet } from '@trame/protocol/line-description';
import type { Moment } from '../format/instant.ts';
import { formatMass } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';

const OUTLET = 'outlet.';
const INPUT = 'input';

/** @returns `Crème`: an outlet by its label; one that its line describes no more by its name in the configuration. */
export function counterWords(
  { counter }: Pick<UncountedMass, 'counter'>,
  outlets: readonly Pick<Outlet, 'id' | 'label'>[],
): string {
  if (!counter.startsWith(OUTLET)) return counter === INPUT ? t('uncounted.input') : counter;
  const id = counter.slice(OUTLET.length);
  return outlets.find((outlet) => outlet.id === id)?.label ?? id;
}

/** @returns `40 kg sont tombés sans être comptés entre 13:52:11 et 13:57:11`. */
export function massWords({ grams, since, until }: UncountedMass, { format, nowMs }: Moment): string {
  const { number, unit } = formatMass(grams);
  const said = { mass: `${number}\u00a0${unit}`, to: format.recent(until, nowMs) };
  return since === null
    ? t('uncounted.before', said)
    : t('uncounted.between', { ...said, from: format.recent(since, nowMs) });
}
