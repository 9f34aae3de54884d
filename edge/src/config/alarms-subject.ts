/** What an alarm of `alarms:` is of: its device, scale, station, consumer or outlet, and its limit. */
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import { CERTIFICATE_DAYS, type AlarmedLine } from '../domain/alarms/default-alarms.ts';
import type { Condition } from '../domain/condition.ts';
import type { ConfigMap, ConfigNode, Reader } from './config-node.ts';
import { positive } from './control-scalars.ts';
import { finiteNumber, identifier } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';

type Subject = Pick<AlarmConfig, 'of' | 'limit' | 'deadband' | 'device' | 'onDelayMs'>;

/** Throughput is a mean of the last minute: it is low for a while after each start. */
const THROUGHPUT_DELAY_MS = 120_000;

interface Subjects {
  readonly what: string;
  readonly ids: readonly string[];
  readonly isRequired: boolean;
}

function of(what: string, ids: readonly string[], isRequired = true): Subjects {
  return { what, ids, isRequired };
}

function idsOf(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id);
}

/** What `of` may name; null: it names nothing, and has no meaning. */
function subjectsOf(source: AlarmSource, { devices, roles, uplink, ledger }: AlarmedLine): Subjects | null {
  switch (source) {
    case 'device':
      return of('device', idsOf(devices));
    case 'chain':
      return of('consumer', uplink === null ? [] : ledger.consumers);
    case 'scale-unstable':
      return of(
        'scale that says whether it is stable',
        idsOf(roles.scales.filter(({ stable }) => stable !== null)),
      );
    case 'scale-expired':
      return of('scale', idsOf(roles.scales));
    case 'station-late':
      return of('station', idsOf(roles.description.stations));
    case 'throughput-low':
      return of('outlet', idsOf(roles.description.outlets.filter(({ total }) => total !== undefined)), false);
    default:
      return null;
  }
}

/** @param when of source `tag`; else null. */
export function readAlarmSubject(
  map: ConfigMap,
  source: AlarmSource,
  when: Condition | null,
  line: AlarmedLine,
): Subject | undefined {
  const subject = readOf(map, source, line);
  const limit = readLimit(map, source);
  const deadband = readDeadband(map, source, when);
  if (subject === undefined || limit === undefined || deadband === undefined) return undefined;
  if (source === 'throughput-low' && line.roles.lineState === null) {
    return map.at.fail('throughput is watched while the line executes: roles.line has to say its state');
  }
  if (source === 'certificate' && !line.devices.some(({ driver }) => driver === 'opcua')) {
    return map.at.fail('there is no certificate: no device speaks OPC UA');
  }
  const isOfSorting = source === 'nir-drift' || source === 'class-shares' || source === 'spectra-missed';
  if (isOfSorting && line.sorting === null) {
    return map.at.fail('pieces are not sorted by their spectra: there is no section sorting');
  }
  if (source === 'life' && (line.control?.plc?.life ?? null) === null) {
    return map.at.fail('there is no life counter: control.life says where it is written');
  }
  const onDelayMs = source === 'throughput-low' ? THROUGHPUT_DELAY_MS : 0;
  const device = source === 'device' ? subject : deviceOfScale(subject, source, line);
  return { of: subject, limit, deadband, device, onDelayMs };
}

function deviceOfScale(scale: string | null, source: AlarmSource, { roles }: AlarmedLine): string | null {
  const isScale = source === 'scale-unstable' || source === 'scale-expired';
  return isScale ? (roles.scales.find(({ id }) => id === scale)?.device ?? null) : null;
}

function readOf(map: ConfigMap, source: AlarmSource, line: AlarmedLine): string | null | undefined {
  const subjects = subjectsOf(source, line);
  const written = map.get('of');
  if (subjects === null) return written === null ? null : meaningless(written, 'of', source);
  if (written === null) return subjects.isRequired ? map.at.missing('of') : null;
  const id = identifier(written);
  if (id === undefined || subjects.ids.includes(id)) return id;
  return written.fail(unknown(subjects.what, id, subjects.ids));
}

function readLimit(map: ConfigMap, source: AlarmSource): number | null | undefined {
  if (source === 'throughput-low') return map.required('limit', positive);
  if (source === 'certificate') return map.optional('limit', positive, CERTIFICATE_DAYS);
  const written = map.get('limit');
  return written === null ? null : meaningless(written, 'limit', source);
}

function readDeadband(map: ConfigMap, source: AlarmSource, when: Condition | null): number | undefined {
  const written = map.get('deadband');
  if (written === null) return 0;
  const isOrdering = when !== null && when.is !== '=' && when.is !== '!=';
  if (source !== 'throughput-low' && !isOrdering) {
    return written.fail('a deadband wants a comparison with <, <=, > or >=');
  }
  return notNegative(written);
}

const notNegative: Reader<number> = (node) => {
  const number = finiteNumber(node);
  return number === undefined || number >= 0
    ? number
    : node.fail(`expected a deadband of 0 or more, got ${number}`);
};

function meaningless(node: ConfigNode, key: string, source: AlarmSource): undefined {
  return node.fail(`${key} has no meaning with source ${source}`);
}
