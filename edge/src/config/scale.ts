/** One weighing instrument of `roles.scales`: what it tells decides how its weighings are recorded. */
import { WEIGHING_GRAMS_MAX } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from '../domain/line-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { calendarDate, massGrams } from './quantity-readers.ts';
import { boolean, durationMs, identifier, integer, Names, oneOf, text } from './scalar-readers.ts';
import type { TagIndex } from './tag-readers.ts';
import { knownDevice, readTag } from './tag-refs.ts';

const SCALE_TAGS = [
  'gross',
  'tare',
  'stable',
  'overload',
  'belowMin',
  'alibi',
  'alibiWeight',
  'weighings',
  'total',
  'serialTag',
] as const;
type ScaleTags = Pick<ScaleConfig, (typeof SCALE_TAGS)[number]>;
const SCALE_KEYS = [
  'id',
  'use',
  'device',
  ...SCALE_TAGS,
  'serial',
  'alibiEpoch',
  'baseline',
  'min',
  'max',
  'interval',
  'stableFor',
  'tareKind',
  'presetTare',
  'verificationDue',
  'simulated',
] as const;
const USES = ['reception', 'bale'] as const;
const BASELINES = ['first', 'zero'] as const;
const TARE_KINDS = ['none', 'weighed', 'preset'] as const;
const MAX_SERIAL_CHARS = 40;
const MAX_ALIBI_EPOCH = 1_000_000;
const MAX_INTERVAL_GRAMS = 1_000_000;
const DEFAULT_STABLE_FOR_MS = 1000;
const MIN_STABLE_FOR_MS = 100;
const MAX_STABLE_FOR_MS = 60_000;

export function scale(index: TagIndex, names: Names): Reader<ScaleConfig> {
  const registers = new Names('scale register');
  return (node) => {
    const map = readMap(node, SCALE_KEYS);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    const device = map.required('device', knownDevice(index));
    const tags = readTags(map, device, index);
    const parts = complete<Omit<ScaleConfig, keyof ScaleTags>>({
      id: id !== undefined && names.claim(id, map.get('id') ?? node) ? id : undefined,
      use: map.required('use', oneOf(USES)),
      device,
      serial: map.optional('serial', text('a serial number', MAX_SERIAL_CHARS), null),
      alibiEpoch: map.optional('alibiEpoch', integer('an epoch', 1, MAX_ALIBI_EPOCH), 1),
      baseline: map.optional('baseline', oneOf(BASELINES), 'first' as const),
      minGrams: map.optional('min', massGrams(WEIGHING_GRAMS_MAX), null),
      maxGrams: map.optional('max', massGrams(WEIGHING_GRAMS_MAX), null),
      intervalGrams: map.optional('interval', massGrams(MAX_INTERVAL_GRAMS), null),
      stableForMs: map.optional(
        'stableFor',
        durationMs(MIN_STABLE_FOR_MS, MAX_STABLE_FOR_MS),
        DEFAULT_STABLE_FOR_MS,
      ),
      tareKind: map.optional('tareKind', oneOf(TARE_KINDS), usualTareKind(map)),
      presetTareGrams: map.optional('presetTare', massGrams(WEIGHING_GRAMS_MAX), null),
      verificationDue: map.optional('verificationDue', calendarDate, null),
      simulated: map.optional('simulated', boolean, false),
    });
    if (tags === undefined || parts === undefined) return undefined;
    const config: ScaleConfig = { ...parts, ...tags };
    const isRight = [hasMethod(map, config), hasOneSerial(map), hasOrder(map, config), hasTare(map, config)];
    if (isRight.includes(false)) return undefined;
    const counted = config.alibi ?? config.weighings ?? config.gross;
    return registers.claim(`${config.device}/${counted}`, map.at) ? config : undefined;
  };
}

function readTags(map: ConfigMap, device: string | undefined, index: TagIndex): ScaleTags | undefined {
  const tag = (key: (typeof SCALE_TAGS)[number]) =>
    map.optional(key, (node) => (device === undefined ? undefined : readTag(node, key, device, index)), null);
  return complete<ScaleTags>({
    gross: tag('gross'),
    tare: tag('tare'),
    stable: tag('stable'),
    overload: tag('overload'),
    belowMin: tag('belowMin'),
    alibi: tag('alibi'),
    alibiWeight: tag('alibiWeight'),
    weighings: tag('weighings'),
    total: tag('total'),
    serialTag: tag('serialTag'),
  });
}

/** What is written says what is meant: a preset tare is preset, a tare that is shown was weighed. */
function usualTareKind(map: ConfigMap): ScaleConfig['tareKind'] {
  if (map.get('presetTare') !== null) return 'preset';
  return map.get('tare') === null ? 'none' : 'weighed';
}

/** Reported here: nothing to weigh by, half a way to weigh, or two ways at once. */
function hasMethod(map: ConfigMap, config: ScaleConfig): boolean {
  const { alibi, alibiWeight, weighings, total, gross, stable } = config;
  if (alibi !== null || alibiWeight !== null) {
    if (alibi === null) map.at.missing('alibi');
    if (alibiWeight === null) map.at.missing('alibiWeight');
    map.get('weighings')?.fail('the alibi memory numbers the weighings already: leave weighings out');
    return alibi !== null && alibiWeight !== null && weighings === null;
  }
  if (weighings !== null || total !== null) {
    if (weighings === null) map.at.missing('weighings');
    if (total === null) map.at.missing('total');
    return weighings !== null && total !== null;
  }
  if (gross === null || stable === null) {
    map.at.fail(
      'a scale is weighed by alibi and alibiWeight, by weighings and total, or by gross and stable: none is complete',
    );
    return false;
  }
  for (const key of ['alibiEpoch', 'baseline']) {
    map.get(key)?.fail(`${key} is for a scale that keeps numbers, by alibi or weighings`);
  }
  // Without it any touch of the platform would be a weighing.
  if (config.minGrams === null) map.at.missing('min');
  return config.minGrams !== null && map.get('alibiEpoch') === null && map.get('baseline') === null;
}

function hasOneSerial(map: ConfigMap): boolean {
  const written = map.get('serial');
  if (written === null || map.get('serialTag') === null) return true;
  written.fail('the instrument tells its serial by serialTag: leave serial out');
  return false;
}

/** Interval below Min below Max. */
function hasOrder(map: ConfigMap, { intervalGrams, minGrams, maxGrams }: ScaleConfig): boolean {
  if (maxGrams !== null && minGrams !== null && minGrams >= maxGrams) {
    map.get('min')?.fail(`min is below max, but ${minGrams} g is not below ${maxGrams} g`);
    return false;
  }
  const bound = minGrams ?? maxGrams;
  if (intervalGrams === null || bound === null || intervalGrams < bound) return true;
  const name = minGrams === null ? 'max' : 'min';
  map.get('interval')?.fail(`interval is below ${name}, but ${intervalGrams} g is not below ${bound} g`);
  return false;
}

function hasTare(
  map: ConfigMap,
  { tareKind, tare, presetTareGrams, alibi, weighings }: ScaleConfig,
): boolean {
  const preset = map.get('presetTare');
  if (preset !== null && (tareKind !== 'preset' || tare !== null)) {
    preset.fail(
      tare === null ? `tareKind ${tareKind} has no preset tare` : 'the tare is shown by the tag tare',
    );
    return false;
  }
  if (tareKind === 'none' && tare !== null) {
    map.get('tare')?.fail('tareKind none has no tare');
    return false;
  }
  // An indicator that keeps numbers tells the net itself.
  const keepsNumbers = alibi !== null || weighings !== null;
  if (tareKind === 'none' || tare !== null || presetTareGrams !== null || keepsNumbers) return true;
  map
    .get('tareKind')
    ?.fail(
      tareKind === 'preset' ? 'a preset tare needs tare or presetTare' : 'a weighed tare needs the tag tare',
    );
  return false;
}
