/** `control:`: how the line is controlled. Every reference exists, what is written is writable, what is read is read. */
import type { ControlConfig } from '../domain/control/control-config.ts';
import type { DeviceConfig, RolesConfig } from '../domain/line-config.ts';
import { complete, readMap, type Reader } from './config-node.ts';
import { bins } from './control-bins.ts';
import { interlocks } from './control-interlocks.ts';
import { PLC_KEYS, readPlc } from './control-plc.ts';
import { presses, scaleControls } from './control-presses.ts';
import { setpoints } from './control-setpoints.ts';
import { sorter } from './control-sorter.ts';
import { DeviceBook } from './device-book.ts';
import { deviceOf } from './target-refs.ts';

const CONTROL_KEYS = [
  'device',
  ...PLC_KEYS,
  'interlocks',
  'setpoints',
  'sorter',
  'bins',
  'presses',
  'scales',
] as const;

export function control(devices: readonly DeviceConfig[], roles: RolesConfig): Reader<ControlConfig> {
  return (node) => {
    const map = readMap(node, CONTROL_KEYS);
    if (map === undefined) return undefined;
    const book = new DeviceBook(devices);
    const outlets = roles.description.outlets.map(({ id }) => id);
    const device = map.optional('device', deviceOf(book), null);
    // Tags without a device of their own are those of this one: when it is wrong, each of them would be too.
    if (device === undefined) return undefined;
    const plc = readPlc(map, device, roles, book);
    const sorting = map.optional('sorter', sorter({ book, device, outlets }), null);
    const context = { book, device, outlets, sorter: sorting ?? null, hasPlc: plc !== null };
    return complete<ControlConfig>({
      plc,
      interlocks: map.optional('interlocks', interlocks(book, device), []),
      setpoints: map.optional('setpoints', setpoints(book, device), []),
      sorter: sorting,
      bins: sorting === undefined ? undefined : map.optional('bins', bins(context), []),
      presses: map.optional('presses', presses(book, outlets), []),
      scales: map.optional('scales', scaleControls(book, roles.scales), []),
    });
  };
}
