/** What of `material:` cannot be though each key has its form: names used twice, or of nothing. */
import type { MaterialSettings } from '../material/material-config.ts';
import { DEFAULT_PRESS } from '../material/reference-builder.ts';

/** @param add told of each fault: JSON pointer into the file, and words. */
export function materialIssues(
  settings: MaterialSettings,
  add: (pointer: string, message: string) => void,
): void {
  const { outlets, presses, zones, scales, printers, containerKinds } = settings;
  twice('outlets', outlets, add);
  twice('presses', presses, add);
  twice('zones', zones, add);
  twice('scales', scales, add);
  twice('printers', printers, add);
  twice(
    'containerKinds',
    containerKinds?.map(({ kind }) => ({ id: kind })),
    add,
  );
  outlets?.forEach(({ usualKg }, index) => {
    if (usualKg !== undefined && usualKg.min > usualKg.max) {
      add(`/material/outlets/${index}/usualKg`, `min ${usualKg.min} is above max ${usualKg.max}`);
    }
  });
  presses?.forEach((press, index) => {
    const at = `/material/presses/${index}`;
    unknown(`${at}/outlets`, press.outlets, outlets, 'outlet of material.outlets', add);
    if (press.scale !== undefined && scales?.some(({ id }) => id === press.scale) === false) {
      add(`${at}/scale`, `«${press.scale}» is no scale of material.scales`);
    }
  });
  const ofPresses = presses ?? [{ id: DEFAULT_PRESS }];
  printers?.forEach((printer, index) => {
    const at = `/material/printers/${index}`;
    unknown(`${at}/presses`, printer.presses, ofPresses, 'press of material.presses', add);
    if (!isAddress(printer.url)) {
      add(`${at}/url`, `«${printer.url}» is no address: expected tcp://host:9100`);
    }
  });
}

interface Named {
  readonly id: string;
}

function twice(
  list: string,
  named: readonly Named[] | undefined,
  add: (pointer: string, message: string) => void,
): void {
  named?.forEach(({ id }, index) => {
    const first = named.findIndex((other) => other.id === id);
    if (first < index) add(`/material/${list}/${index}`, `«${id}» is there already, as number ${first + 1}`);
  });
}

/** Without a list of one's own, names come from the lines and cannot be checked here. */
function unknown(
  pointer: string,
  used: readonly string[] | undefined,
  known: readonly Named[] | undefined,
  what: string,
  add: (pointer: string, message: string) => void,
): void {
  if (known === undefined) return;
  used?.forEach((id, index) => {
    if (!known.some((one) => one.id === id)) add(`${pointer}/${index}`, `«${id}» is no ${what}`);
  });
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, port, username, password } = new URL(url);
  return hostname !== '' && port !== '' && Number(port) > 0 && username === '' && password === '';
}
