/**
 * Alarms of what Trame watches itself. They are there without being configured: an edge whose disk fills up must say so
 * on a line whose configuration never thought of it. `alarms:` of line.yaml changes them by their id, or leaves them out.
 */
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { PlcConfig } from '../control/control-config.ts';
import type { LineConfig } from '../line-config.ts';
import type { AlarmConfig } from './alarm-config.ts';
import { fingerprint } from './fingerprint.ts';
import { PLAIN_ALARM } from './plain-alarm.ts';
import { sortingAlarms } from './sorting-alarms.ts';

export type AlarmedLine = Pick<LineConfig, 'devices' | 'uplink' | 'ledger' | 'roles' | 'control' | 'sorting'>;

/** Days before its end from which on a certificate is an alarm. */
export const CERTIFICATE_DAYS = 30;
const ID_LENGTH_MAX = 63;
const LABEL_LENGTH_MAX = 80;

type NamedScale = Pick<AlarmedLine['roles']['scales'][number], 'id' | 'device'>;

export function defaultAlarms(line: AlarmedLine): readonly AlarmConfig[] {
  const hasCertificate = line.devices.some(({ driver }) => driver === 'opcua');
  const life = line.control?.plc?.life ?? null;
  const consumers = line.uplink === null ? [] : line.ledger.consumers;
  return [
    ...line.devices.map(({ id }) => deviceAlarm(id, labelOf(line, id) ?? id)),
    DISK,
    CLOCK,
    LEDGER,
    ...consumers.map(chainAlarm),
    ...(hasCertificate ? [CERTIFICATE] : []),
    ...(life === null ? [] : [lifeAlarm(life)]),
    ...line.roles.scales
      .filter(({ stable }) => stable !== null)
      .map((scale) => unstable(scale, scaleName(line, scale))),
    ...line.roles.scales.map((scale) => expired(scale, scaleName(line, scale))),
    ...(line.sorting === null ? [] : sortingAlarms(line.sorting)),
  ];
}

/** @returns what people call a device; null: it has no label. */
function labelOf({ roles }: AlarmedLine, device: string): string | null {
  return roles.description.devices?.find(({ id }) => id === device)?.label ?? null;
}

/** @returns the label of its device where both have one name: that device is nothing else. */
function scaleName(line: AlarmedLine, { id, device }: NamedScale): string {
  return (id === device ? labelOf(line, device) : null) ?? `Bascule ${id}`;
}

/** @returns an id for the alarm of one thing among several: `device-plc`. */
export function alarmIdOf(kind: string, of: string): string {
  const id = `${kind}-${of}`;
  return id.length <= ID_LENGTH_MAX ? id : `${id.slice(0, ID_LENGTH_MAX - 17)}~${fingerprint(id)}`;
}

function alarm(
  source: AlarmSource,
  over: Pick<AlarmConfig, 'id' | 'label'> & Partial<Omit<AlarmConfig, 'source'>>,
): AlarmConfig {
  const { label } = over;
  return { ...PLAIN_ALARM, ...over, source, label: label.slice(0, LABEL_LENGTH_MAX) };
}

function deviceAlarm(device: string, name: string): AlarmConfig {
  return alarm('device', {
    id: alarmIdOf('device', device),
    label: `${name} ne répond plus`,
    cause: "L'appareil est éteint, débranché, ou sa liaison est coupée ; ou ses mesures n'arrivent plus.",
    consequence: 'Ses mesures ne sont plus à jour. Ses compteurs seront rattrapés à son retour.',
    response:
      "Vérifier l'alimentation et le câble de l'appareil. S'il ne revient pas, appeler la maintenance.",
    of: device,
    device,
    onDelayMs: 10_000,
    offDelayMs: 5_000,
  });
}

const DISK = alarm('disk', {
  id: 'disk',
  label: 'Disque du poste de ligne presque plein',
  cause: 'Il reste peu de place sur le disque du poste de ligne.',
  consequence: "Bientôt, les mesures ne seront plus gardées ; ensuite, plus rien ne s'enregistrera.",
  response: 'Prévenir le responsable informatique : faire de la place aujourd’hui.',
  onDelayMs: 30_000,
  offDelayMs: 60_000,
});

const CLOCK = alarm('clock', {
  id: 'clock',
  label: 'Horloge du poste de ligne à vérifier',
  cause: "L'heure du poste de ligne est fausse, ou plus ancienne que ce qui est déjà enregistré.",
  consequence: 'Les heures enregistrées sont fausses ou doivent être corrigées.',
  response:
    "Page Santé : comparer avec une montre. Juste : la confirmer. Fausse : la faire remettre à l'heure.",
  onDelayMs: 60_000,
  offDelayMs: 5_000,
});

const LEDGER = alarm('ledger', {
  id: 'ledger',
  label: "Le registre ne s'écrit plus",
  cause: 'Le disque du poste de ligne refuse, est plein ou abîmé.',
  consequence: 'Ce qui se passe attend en mémoire : une coupure de courant le perdrait en partie.',
  response: 'Ne pas éteindre le poste. Prévenir le responsable informatique tout de suite.',
  priority: 2,
  onDelayMs: 5_000,
  offDelayMs: 5_000,
});

function chainAlarm(consumer: string): AlarmConfig {
  return alarm('chain', {
    id: alarmIdOf('chain', consumer),
    label: `${consumer} ne suit plus le registre`,
    cause: 'Le serveur est arrêté, le réseau est coupé, ou le serveur refuse ce que la ligne envoie.',
    consequence:
      "Les écrans, les tonnages et le stock ne sont plus à jour. Rien n'est perdu : tout attend ici.",
    response: 'Page Santé : lire la raison. Redémarrer le serveur, ou prévenir le responsable informatique.',
    of: consumer,
    onDelayMs: 120_000,
    offDelayMs: 10_000,
  });
}

const CERTIFICATE = alarm('certificate', {
  id: 'certificate',
  label: 'Certificat OPC UA bientôt expiré',
  cause: `Le certificat par lequel le poste de ligne se présente aux automates expire dans moins de ${CERTIFICATE_DAYS} jours.`,
  consequence: 'À sa fin, les automates peuvent refuser la connexion.',
  response:
    'Prévenir le responsable informatique : renouveler le certificat et le faire accepter par les automates.',
  limit: CERTIFICATE_DAYS,
});

/** What the PLC does without it was stated by whoever configured it. */
function lifeAlarm({ write, reaction }: NonNullable<PlcConfig['life']>): AlarmConfig {
  return alarm('life', {
    id: 'life',
    label: "L'automate ne prend pas le signe de vie de Trame",
    cause: "L'automate refuse l'écriture de ce compteur, ou la configuration en nomme mal l'emplacement.",
    consequence: reaction,
    response: "Appeler la maintenance : vérifier ce compteur dans l'automate et dans la configuration.",
    priority: 2,
    device: write.device,
    onDelayMs: 10_000,
    offDelayMs: 5_000,
  });
}

function unstable({ id: scale, device }: NamedScale, name: string): AlarmConfig {
  return alarm('scale-unstable', {
    id: alarmIdOf('scale-unstable', scale),
    label: `${name} instable`,
    cause: 'Quelque chose bouge ou touche le plateau, il y a du vent, ou un capteur est abîmé.',
    consequence: 'Le poids ne se fige pas : rien ne peut être pesé.',
    response: 'Dégager le plateau, attendre sans le toucher. Si cela dure : appeler la maintenance.',
    of: scale,
    device,
    onDelayMs: 20_000,
    offDelayMs: 2_000,
  });
}

function expired({ id: scale, device }: NamedScale, name: string): AlarmConfig {
  return alarm('scale-expired', {
    id: alarmIdOf('scale-expired', scale),
    label: `${name} : vérification périmée`,
    cause: 'La date de vérification annuelle est passée, ou la bascule a été refusée.',
    consequence: 'Ses poids ne peuvent plus servir à payer ou à facturer.',
    response: "Demander une vérification à l'organisme agréé, puis l'enregistrer page Bascules.",
    of: scale,
    device,
  });
}
