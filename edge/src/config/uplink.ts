/** Where the line publishes. */
import type { UplinkConfig } from '../domain/line-config.ts';
import { complete, readMap, type Reader } from './config-node.ts';
import { checkCredentials } from './credentials.ts';
import { durationMs, filePath, identifier, oneOf, text } from './scalar-readers.ts';

const UPLINK_KEYS = [
  'url',
  'primaryHost',
  'username',
  'passwordFile',
  'caFile',
  'keepAlive',
  'version',
] as const;
const SCHEMES = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const DEFAULT_KEEP_ALIVE_MS = 30_000;
/** MQTT counts whole seconds in 16 bits. */
const MIN_KEEP_ALIVE_MS = 1000;
const MAX_KEEP_ALIVE_MS = 65_535_000;

export function uplink(dataDir: string): Reader<UplinkConfig> {
  return (node) => {
    const map = readMap(node, UPLINK_KEYS);
    if (map === undefined) return undefined;
    const url = map.required('url', brokerUrl);
    const username = map.optional('username', text('a user name', 256), null);
    const passwordFile = map.optional('passwordFile', filePath(dataDir), null);
    checkCredentials(map, username, passwordFile, 'username');
    const caFile = map.optional('caFile', filePath(dataDir), null);
    if (url !== undefined) {
      const { protocol, hostname } = new URL(url);
      const isSecret = protocol === 'mqtts:' || protocol === 'wss:';
      if (!isSecret && typeof caFile === 'string') {
        map.get('caFile')?.fail(`${protocol}// knows no certificate: expected mqtts:// or wss://`);
      }
      if (!isSecret && typeof username === 'string' && !LOOPBACK.includes(hostname)) {
        map.get('url')?.warn('the password travels in clear: mqtts:// hides it');
      }
    }
    const keepAliveMs = map.optional(
      'keepAlive',
      durationMs(MIN_KEEP_ALIVE_MS, MAX_KEEP_ALIVE_MS),
      DEFAULT_KEEP_ALIVE_MS,
    );
    return complete<UplinkConfig>({
      url,
      primaryHost: map.optional('primaryHost', identifier, null),
      username,
      passwordFile,
      caFile,
      keepAliveS: keepAliveMs === undefined ? undefined : Math.ceil(keepAliveMs / 1000),
      protocolVersion: map.optional('version', mqttVersion, 4 as const),
    });
  };
}

const brokerUrl: Reader<string> = (node) => {
  const written = node.scalar;
  const expected = 'expected mqtt://host:1883, mqtts://…, ws://… or wss://…';
  if (typeof written !== 'string' || !URL.canParse(written))
    return node.fail(`${expected}, got ${node.shown}`);
  const url = new URL(written);
  if (!SCHEMES.includes(url.protocol) || url.hostname === '')
    return node.fail(`${expected}, got ${node.shown}`);
  if (url.port === '0') return node.fail('port 0 is not a port: expected 1 to 65535');
  if (url.username !== '' || url.password !== '') {
    return node.fail('write the user in username and its password in a file, never in the address');
  }
  return written;
};

const mqttVersion: Reader<4 | 5> = (node) => {
  const hint = node.scalar === '3.1.1' || node.scalar === 3.1 || node.scalar === 3;
  return hint ? node.fail('write 4 for MQTT 3.1.1, 5 for MQTT 5') : oneOf([4, 5] as const)(node);
};
