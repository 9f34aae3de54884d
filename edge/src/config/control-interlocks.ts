/** Interlocks: what forbids which command, in the words that people see. */
import { MOTION_COMMANDS, type MotionCommand } from '@trame/protocol/control/control-names';
import type { InterlockConfig } from '../domain/control/control-config.ts';
import { condition } from './condition.ts';
import { complete, listOf, readMap, type Reader } from './config-node.ts';
import { words } from './control-scalars.ts';
import type { DeviceBook } from './device-book.ts';
import { identifier, Names, oneOf } from './scalar-readers.ts';

export const MAX_INTERLOCKS = 64;
/** Never forbidden: a stop is always allowed. */
const STOPPING: readonly MotionCommand[] = ['line.stop', 'line.hold'];

export function interlocks(book: DeviceBook, device: string | null): Reader<InterlockConfig[]> {
  const names = new Names('interlock');
  return listOf((node) => {
    const map = readMap(node, ['id', 'when', 'forbids', 'words']);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    return complete<InterlockConfig>({
      id: id !== undefined && names.claim(id, map.get('id') ?? node) ? id : undefined,
      when: map.required('when', condition(book, device)),
      forbids: map.required('forbids', forbids),
      words: map.required('words', words),
    });
  }, MAX_INTERLOCKS);
}

const forbids: Reader<MotionCommand[]> = (node) => {
  const names = new Names('command');
  const list = listOf((at) => {
    const command = oneOf(MOTION_COMMANDS)(at);
    if (command === undefined || !names.claim(command, at)) return undefined;
    if (!STOPPING.includes(command)) return command;
    return at.fail(`${command} is never forbidden: stopping is always allowed`);
  }, MOTION_COMMANDS.length)(node);
  return list?.length === 0
    ? node.fail('expected at least one command: an interlock forbids something')
    : list;
};
