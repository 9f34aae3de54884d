/** Whose requests the edge carries out: `commands: { trust: [/etc/trame/command-key.pub.pem] }`. */
import { NO_COMMANDS, type CommandsConfig } from '../domain/line-config.ts';
import { complete, listOf, readMap, type Reader } from './config-node.ts';
import { MAX_TRUSTED_KEYS } from './limits.ts';
import { filePath, Names } from './scalar-readers.ts';

const COMMAND_KEYS = ['trust'] as const;

/** That the files hold public keys is seen when they are read: a dashboard may write its key after this check. */
export function commands(dataDir: string): Reader<CommandsConfig> {
  return (node) => {
    const map = readMap(node, COMMAND_KEYS);
    if (map === undefined) return undefined;
    const names = new Names('key file');
    const keyFile: Reader<string> = (item) => {
      const path = filePath(dataDir)(item);
      return path !== undefined && names.claim(path, item) ? path : undefined;
    };
    return complete<CommandsConfig>({
      trust: map.optional('trust', listOf(keyFile, MAX_TRUSTED_KEYS), NO_COMMANDS.trust),
    });
  };
}
