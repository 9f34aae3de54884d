/** What pages choose from, as they are told it. */
import type { LiveLine } from '@trame/protocol/live-state';
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { CONTAINER_KINDS } from '@trame/protocol/material/material-names';
import { LINE_METRICS, LINE_DEVICE } from '@trame/protocol/line-description';
import type { Reference, ReferenceScale } from './reference.ts';

type LiveScale = ReferenceAnswer['scales'][number]['live'];

/** @param kioskDpi of the kiosks' screens; null: not stated. */
export function referenceAnswer(
  reference: Reference,
  lineOf: (line: string) => LiveLine | null,
  kioskDpi: number | null = null,
): ReferenceAnswer {
  const { site, bookKeeper, demo, outlets, presses, scales, zones, printers, containerTares } = reference;
  return {
    site,
    line: bookKeeper,
    profile: reference.lines.some((line) => hasMachines(reference, line, lineOf(line)))
      ? 'automatic'
      : 'manual',
    demo,
    kioskDpi,
    outlets: outlets.map(({ id, label, pictogram, group, unit, packagingGrams, usualGrams, family }) => ({
      id,
      label,
      pictogram,
      group,
      unit,
      packagingGrams,
      usualGrams,
      family,
    })),
    presses: presses.map((press) => ({ ...press, outlets: [...press.outlets] })),
    scales: scales.map((scale) => ({ ...scale, live: liveScale(scale, lineOf(scale.line)) })),
    zones: zones.map(({ id, label }) => ({ id, label })),
    printers: printers.map(({ id, label }) => ({ id, label })),
    containerKinds: [...new Set([...CONTAINER_KINDS, ...containerTares.keys()])].map((kind) => ({
      kind,
      tareGrams: containerTares.get(kind) ?? 0,
    })),
  };
}

/** Machines count what falls into its outlets, or what goes in. */
function hasMachines({ countedInfeeds }: Reference, name: string, live: LiveLine | null): boolean {
  if (countedInfeeds.has(name)) return true;
  return live?.description.outlets.some(({ total }) => total !== undefined) ?? false;
}

/** Whether the edge tells what goes in. */
export function tellsInput(line: LiveLine): boolean {
  const tags = line.devices[LINE_DEVICE]?.tags;
  return tags !== undefined && Object.hasOwn(tags, LINE_METRICS.inputTotal);
}

/** By its station, which names its tags; else by a device of its name that shows a gross weight. */
function liveScale({ id, line }: ReferenceScale, live: LiveLine | null): LiveScale {
  if (live === null) return null;
  const station = live.description.stations.find(
    ({ kind, device, id: name }) => kind === 'scale' && (device === id || name === id),
  );
  const device = station?.device ?? id;
  const tags = live.devices[device]?.tags;
  const tagOf = (name: string | undefined) =>
    name !== undefined && tags !== undefined && Object.hasOwn(tags, name)
      ? `${line}/${device}/${name}`
      : null;
  const gross = tagOf(station?.gross) ?? tagOf('gross');
  if (gross === null) return null;
  return { gross, net: tagOf('net'), stable: tagOf(station?.stable) ?? tagOf('stable') };
}
