/** A device that is read over OPC UA. */
import { TAG_TYPES, type TagType } from '@trame/protocol/tag';
import type { OpcuaDeviceConfig, OpcuaMethod, OpcuaSecurity, OpcuaTag } from '../domain/line-config.ts';
import { complete, listOf, readMap, type Reader } from './config-node.ts';
import { checkCredentials } from './credentials.ts';
import { readLife } from './life-counter.ts';
import { MAX_METHODS_PER_DEVICE, MAX_PERIOD_MS, MAX_TAGS_PER_DEVICE, MIN_PERIOD_MS } from './limits.ts';
import { nodeId } from './node-id.ts';
import { ring, verdicts } from './opcua-ring.ts';
import { durationMs, filePath, identifier, integer, Names, oneOf, tagName, text } from './scalar-readers.ts';
import { COMMON_TAG_KEYS, readTagCommon } from './tag-readers.ts';

const DEVICE_KEYS = [
  'id',
  'label',
  'driver',
  'url',
  'security',
  'publishing',
  'sampling',
  'staleAfter',
  'life',
  'tags',
  'methods',
  'ring',
  'verdicts',
] as const;
const SECURITY_KEYS = ['mode', 'policy', 'user', 'passwordFile'] as const;
const METHOD_KEYS = ['name', 'object', 'method'] as const;
const TAG_KEYS = [...COMMON_TAG_KEYS, 'node', 'sampling', 'queue'] as const;

const MODES = ['None', 'Sign', 'SignAndEncrypt'] as const satisfies OpcuaSecurity['mode'][];
const POLICIES = [
  'None',
  'Basic256Sha256',
  'Aes128_Sha256_RsaOaep',
  'Aes256_Sha256_RsaPss',
] as const satisfies OpcuaSecurity['policy'][];

const DEFAULT_PUBLISHING_MS = 100;
/** A silent subscription counts as dead after this many publishing intervals, but never sooner than the time. */
const STALE_AFTER_INTERVALS = 10;
const MIN_STALE_AFTER_MS = 5000;
const MAX_QUEUE = 10_000;

const NO_SECURITY: OpcuaSecurity = { mode: 'None', policy: 'None', user: null, passwordFile: null };

interface OpcuaContext {
  readonly dataDir: string;
  readonly onTag: (name: string, type: TagType | null) => void;
}

export function opcuaDevice({ dataDir, onTag }: OpcuaContext): Reader<OpcuaDeviceConfig> {
  return (node) => {
    const map = readMap(node, DEVICE_KEYS);
    if (map === undefined) return undefined;
    const period = durationMs(MIN_PERIOD_MS, MAX_PERIOD_MS);
    const publishingMs = map.optional('publishing', period, DEFAULT_PUBLISHING_MS);
    const interval = publishingMs ?? DEFAULT_PUBLISHING_MS;
    const usual = Math.max(STALE_AFTER_INTERVALS * interval, MIN_STALE_AFTER_MS);
    const staleAfterMs = map.optional('staleAfter', durationMs(MIN_PERIOD_MS, MAX_PERIOD_MS), usual);
    if (staleAfterMs !== undefined && staleAfterMs <= interval) {
      map.get('staleAfter')?.fail(`expected longer than publishing (${interval} ms)`);
    }
    // 0 asks the server for its fastest sampling; a tag may say otherwise.
    const usualSamplingMs = map.optional('sampling', durationMs(0, MAX_PERIOD_MS), interval) ?? interval;
    const tag = opcuaTag({ publishingMs: interval, usualSamplingMs }, new Names('tag'), onTag);
    const tags = map.required('tags', listOf(tag, MAX_TAGS_PER_DEVICE));
    if (tags !== undefined && tags.length === 0) map.get('tags')?.fail('expected at least one tag');
    const life = readLife(map, tags);
    const device = complete<OpcuaDeviceConfig>({
      driver: 'opcua',
      id: map.required('id', identifier),
      url: map.required('url', endpoint),
      security: map.optional('security', security(dataDir), NO_SECURITY),
      publishingMs,
      staleAfterMs,
      tags,
      methods: map.optional('methods', listOf(opcuaMethod(new Names('method')), MAX_METHODS_PER_DEVICE), []),
    });
    const spectra = map.optional('ring', ring, null);
    const outlets = map.optional('verdicts', verdicts, null);
    const isRight = life !== undefined && spectra !== undefined && outlets !== undefined;
    if (device === undefined || !isRight) return undefined;
    return {
      ...device,
      ...life,
      ...(spectra === null ? {} : { ring: spectra }),
      ...(outlets === null ? {} : { verdicts: outlets }),
    };
  };
}

const endpoint: Reader<string> = (node) => {
  const written = node.scalar;
  const expected = 'expected opc.tcp://host:4840/path';
  if (typeof written !== 'string' || !URL.canParse(written))
    return node.fail(`${expected}, got ${node.shown}`);
  const url = new URL(written);
  if (url.protocol !== 'opc.tcp:' || url.hostname === '') return node.fail(`${expected}, got ${node.shown}`);
  if (url.port === '0') return node.fail('port 0 is not a port: expected 1 to 65535');
  if (url.username !== '' || url.password !== '') {
    return node.fail('write the user in security.user and its password in a file, never in the address');
  }
  return written;
};

function security(dataDir: string): Reader<OpcuaSecurity> {
  return (node) => {
    const map = readMap(node, SECURITY_KEYS);
    if (map === undefined) return undefined;
    const mode = map.required('mode', oneOf(MODES));
    const usual = mode === 'None' ? 'None' : 'Basic256Sha256';
    const policy = map.optional('policy', oneOf(POLICIES), usual);
    if (mode !== undefined && policy !== undefined && (mode === 'None') !== (policy === 'None')) {
      (map.get('policy') ?? map.at).fail(`mode ${mode} and policy ${policy} do not go together`);
    }
    const user = map.optional('user', text('a user name', 256), null);
    const passwordFile = map.optional('passwordFile', filePath(dataDir), null);
    checkCredentials(map, user, passwordFile, 'user');
    if (mode === 'None' && typeof user === 'string') {
      map.get('user')?.warn('with mode None nothing proves to whom this user and password are shown');
    }
    return complete<OpcuaSecurity>({ mode, policy, user, passwordFile });
  };
}

function opcuaTag(
  { publishingMs, usualSamplingMs }: { publishingMs: number; usualSamplingMs: number },
  names: Names,
  onTag: (name: string, type: TagType | null) => void,
): Reader<OpcuaTag> {
  return (node) => {
    const map = readMap(node, TAG_KEYS);
    if (map === undefined) return undefined;
    const type = map.optional('type', oneOf(TAG_TYPES), null);
    let name = map.required('name', tagName);
    if (name !== undefined) {
      onTag(name, type ?? null);
      if (!names.claim(name, map.get('name') ?? node)) name = undefined;
    }
    const samplingMs = map.optional('sampling', durationMs(0, MAX_PERIOD_MS), usualSamplingMs);
    const needed = Math.max(2, Math.ceil((2 * publishingMs) / Math.max(samplingMs ?? 0, 1)));
    const queue = map.optional('queue', integer('a queue', 1, MAX_QUEUE), Math.min(needed, MAX_QUEUE));
    if (queue !== undefined && samplingMs !== undefined && queue < needed) {
      map.get('queue')?.warn(`${queue} loses samples when one message is late: ${needed} or more is safe`);
    }
    return complete<OpcuaTag>({
      name,
      node: map.required('node', nodeId),
      type,
      samplingMs,
      queue,
      ...readTagCommon(map, type ?? null),
    });
  };
}

function opcuaMethod(names: Names): Reader<OpcuaMethod> {
  return (node) => {
    const map = readMap(node, METHOD_KEYS);
    if (map === undefined) return undefined;
    let name = map.required('name', tagName);
    if (name !== undefined && !names.claim(name, map.get('name') ?? node)) name = undefined;
    return complete<OpcuaMethod>({
      name,
      object: map.required('object', nodeId),
      method: map.required('method', nodeId),
    });
  };
}
