/** What control hangs on must be read often, and not count for long: warned of, for a slow bus may leave no choice. */
import { VERIFY_WITHIN_MS } from '../domain/control/programme-download.ts';
import type { DeviceConfig, LineConfig } from '../domain/line-config.ts';
import type { TagRef } from '../domain/tag-ref.ts';
import type { ConfigMap, ConfigNode } from './config-node.ts';
import { MAX_INTERLOCKS } from './control-interlocks.ts';

/** A person presses, a switch turns and a door opens for longer than this, ms. */
const EVERY_MAX_MS = 500;
/** Between a programme that is written and the end of the time in which it is looked for, it is read twice, ms. */
const TABLE_EVERY_MAX_MS = VERIFY_WITHIN_MS / 2;
const STALE_AFTER_MAX_MS = 5_000;

interface Rate {
  readonly everyMs: number;
  readonly staleAfterMs: number;
}

/** Warns of tags that are read too rarely for what hangs on them, or that count for long although nothing reads them. */
export function checkControlRates(line: ConfigMap, { devices, control, roles }: LineConfig): void {
  const node = line.get('control');
  if (control === null || node === null) return;
  const { plc, interlocks, sorter } = control;
  const safety = roles.description.safety;
  const stop = safety?.emergencyStop;
  if (safety !== undefined && stop !== undefined) {
    const at = line.get('roles')?.peek('safety')?.peek('emergencyStop') ?? node;
    warnOfInput(at, devices, { device: safety.device, tag: stop });
  }
  for (const key of ['remote', 'localEnable'] as const) {
    const ref = plc?.[key] ?? null;
    if (ref !== null) warnOfInput(node.peek(key) ?? node, devices, ref);
  }
  const nodes = node.peek('interlocks')?.items('interlocks', MAX_INTERLOCKS) ?? [];
  for (const [index, { when }] of interlocks.entries()) {
    warnOfInput(nodes[index]?.peek('when') ?? node, devices, when.tag);
  }
  if (sorter === null) return;
  const at = node.peek('sorter') ?? node;
  for (const ref of sorter.table) warnOfTable(at.peek('table') ?? at, devices, ref);
  warnOfTable(at.peek('programme') ?? at, devices, sorter.programme);
  warnOfTable(at.peek('version') ?? at, devices, sorter.version);
}

function warnOfInput(at: ConfigNode, devices: readonly DeviceConfig[], ref: TagRef): void {
  const rate = rateOf(devices, ref);
  if (rate === null) return;
  const name = `${ref.device}/${ref.tag}`;
  const { everyMs, staleAfterMs } = rate;
  if (everyMs > EVERY_MAX_MS) {
    const seen = `within ${EVERY_MAX_MS} ms a press, a switch or a door is seen`;
    at.warn(`${name} is read every ${everyMs} ms: ${seen}`);
  }
  if (staleAfterMs > STALE_AFTER_MAX_MS) {
    const young = `what a line is started on is not older than ${STALE_AFTER_MAX_MS} ms`;
    at.warn(`${name} counts for ${staleAfterMs} ms after it was read: ${young}`);
  }
}

function warnOfTable(at: ConfigNode, devices: readonly DeviceConfig[], ref: TagRef): void {
  const rate = rateOf(devices, ref);
  if (rate === null || rate.everyMs <= TABLE_EVERY_MAX_MS) return;
  const looked = `a programme that is loaded is looked for in what is read for ${VERIFY_WITHIN_MS} ms`;
  at.warn(`${ref.device}/${ref.tag} is read every ${rate.everyMs} ms: ${looked}`);
}

/** @returns null: it is only written. */
function rateOf(devices: readonly DeviceConfig[], { device, tag }: TagRef): Rate | null {
  const config = devices.find(({ id }) => id === device);
  if (config === undefined) return null;
  if (config.driver === 'modbus') {
    return config.groups.find(({ tags }) => tags.some(({ name }) => name === tag)) ?? null;
  }
  const read = config.tags.find(({ name }) => name === tag);
  if (read === undefined) return null;
  const { publishingMs, staleAfterMs } = config;
  return { everyMs: Math.max(read.samplingMs, publishingMs), staleAfterMs };
}
