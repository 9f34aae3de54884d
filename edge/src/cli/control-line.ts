/** What a configuration says of controlling the line, in one line. */
import type { ControlConfig, PlcConfig } from '../domain/control/control-config.ts';

/** @returns `controls plc by methods (start, stop): 2 interlocks, 1 set-point`. */
export function controlLine({
  plc,
  interlocks,
  setpoints,
  sorter,
  bins,
  presses,
  scales,
}: ControlConfig): string {
  const parts = [
    counted(interlocks.length, 'interlock'),
    counted(setpoints.length, 'set-point'),
    counted(sorter?.programmes.length ?? 0, 'sort programme'),
    counted(Object.keys(sorter?.diverters ?? {}).length, 'diverter'),
    counted(bins.length, 'bin'),
    counted(presses.length, 'press'),
    counted(scales.length, 'scale'),
  ].filter((part) => part !== '');
  return `controls ${plc === null ? 'no PLC: people start and stop the line' : plcText(plc)}: ${parts.join(', ') || 'nothing else'}`;
}

function plcText({ device, channel }: PlcConfig): string {
  const commands = Object.keys(channel.kind === 'methods' ? channel.methods : channel.codes);
  return `${device} by ${channel.kind} (${commands.join(', ')})`;
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  const plural = what.endsWith('s') ? `${what}es` : `${what}s`;
  return `${count} ${count === 1 ? what : plural}`;
}
