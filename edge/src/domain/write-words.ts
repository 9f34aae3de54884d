/**
 * Why a device was not written, or nobody knows whether it was, for the supervisor who asked: in French, since pages show
 * these words as they are.
 */
import type { TagType } from '@trame/protocol/tag';

const NOTHING_WRITTEN = 'rien n’a été écrit';

/** What exactly the device or the link said, for whoever repairs it. */
function because(why: string | null): string {
  return why === null || why === '' ? '' : ` (${why})`;
}

/** Exceptions of «MODBUS Application Protocol» 1.1b3 §7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'fonction inconnue de l’appareil',
  2: 'adresse inconnue de l’appareil',
  3: 'valeur non admise',
  4: 'défaut de l’appareil',
  5: 'il s’en occupe encore',
  6: 'occupé',
  7: 'non exécutable',
  8: 'erreur de mémoire',
  10: 'la passerelle n’a pas de chemin',
  11: 'l’appareil ne répond pas à sa passerelle',
};

/** Status codes of OPC 10000-4 §7.39 that tell a supervisor something; the others are shown by their name. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['BadInvalidState', 'pas possible dans son état actuel'],
  ['BadUserAccessDenied', 'cet accès n’a pas le droit'],
  ['BadNotWritable', 'cette valeur ne se règle pas'],
  ['BadWriteNotSupported', 'cette valeur ne se règle pas'],
  ['BadNotExecutable', 'cette commande n’est pas permise maintenant'],
  ['BadOutOfRange', 'valeur hors de ses limites'],
  ['BadTypeMismatch', 'valeur d’un autre type'],
  ['BadInvalidArgument', 'un paramètre ne convient pas'],
  ['BadArgumentsMissing', 'il manque un paramètre'],
  ['BadTooManyArguments', 'trop de paramètres'],
  ['BadMethodInvalid', 'il n’a pas cette commande'],
  ['BadNodeIdUnknown', 'il ne connaît pas ce nœud'],
  ['BadNodeIdInvalid', 'il ne connaît pas ce nœud'],
  ['BadAttributeIdInvalid', 'ce nœud ne porte pas de valeur'],
  ['BadLocked', 'un autre le commande'],
  ['BadRequestNotAllowed', 'pas permis en ce moment'],
  ['BadTooManyOperations', 'il est débordé'],
  ['BadResourceUnavailable', 'il est débordé'],
  ['BadNotSupported', 'il ne sait pas le faire'],
  ['BadNotImplemented', 'il ne sait pas le faire'],
  ['BadServiceUnsupported', 'il ne sait pas le faire'],
  ['BadDeviceFailure', 'défaut de l’appareil'],
  ['BadSessionIdInvalid', 'la session est finie'],
  ['BadSessionNotActivated', 'la session est finie'],
]);

export const WRITE_WORDS = {
  opcuaStatus: (name: string) => {
    const words = STATUSES.get(name);
    return words === undefined ? name : `${words}, ${name}`;
  },
  unknownNode: (device: string, node: string) => `${device} n’a pas le nœud ${node} : ${NOTHING_WRITTEN}`,
  unknownType: (device: string, tag: string) =>
    `${device} ne dit pas de quel type est ${tag} : lui donner type dans line.yaml`,
  unwritableType: (device: string, tag: string) =>
    `${device}/${tag} n’est ni un nombre, ni un oui ou non, ni un texte`,
  unwritableArgument: () => 'ni un nombre, ni un oui ou non, ni un texte',
  argumentCount: (method: string, wanted: number, given: number) =>
    `${method} attend ${wanted} paramètre(s), ${given} donné(s)`,
  argument: (method: string, name: string, why: string) => `${method}, paramètre ${name} : ${why}`,

  modbusException: (code: number) => `${EXCEPTIONS[code] ?? 'raison inconnue'}, exception Modbus ${code}`,
  wrongEcho: () => 'sa réponse n’est pas celle de cette écriture',
  linkLost: () => 'la liaison a été coupée',
  silent: () => 'aucune réponse',

  unknownDevice: (device: string) =>
    `l’appareil ${device} n’est pas configuré : l’ajouter dans devices de line.yaml`,
  unknownTarget: (device: string, tag: string, driver: 'modbus' | 'opcua') =>
    driver === 'modbus'
      ? `${device} n’a pas de ${tag} : l’ajouter à tags avec writable: true, ou à writes, dans line.yaml`
      : `${device} n’a pas de ${tag} : l’ajouter à tags avec writable: true dans line.yaml`,
  notWritable: (device: string, tag: string) =>
    `${device}/${tag} n’est que lu : lui donner writable: true dans line.yaml`,
  unknownMethod: (device: string, method: string) =>
    `${device} n’a pas de méthode ${method} : l’ajouter à methods dans line.yaml`,
  noVerdicts: (device: string) =>
    `${device} ne reçoit pas de verdicts : lui donner verdicts: { node } dans line.yaml`,
  wrongVerdicts: (max: number) =>
    `1 à ${max} verdicts, chacun d’un numéro de lecture et d’une sortie : ${NOTHING_WRITTEN}`,
  noMethods: (device: string) =>
    `${device} est un appareil Modbus : il n’a pas de méthodes, il faut écrire un registre`,

  notConnected: (device: string, why: string | null = null) =>
    `${device} n’est pas connecté${because(why)} : ${NOTHING_WRITTEN}`,
  notAnswering: (device: string) => `${device} ne répond plus pour le moment : ${NOTHING_WRITTEN}`,
  stopping: (device: string) => `la liaison avec ${device} est arrêtée : ${NOTHING_WRITTEN}`,
  tooMany: (device: string, max: number) =>
    `${max} écritures attendent déjà sur ${device} : ${NOTHING_WRITTEN}`,
  notSentInTime: (device: string, seconds: number) =>
    `${device} était occupé pendant ${seconds} s : ${NOTHING_WRITTEN}`,
  cancelled: () => `la demande a été annulée : ${NOTHING_WRITTEN}`,
  refusedByDevice: (device: string, why: string) => `${device} refuse${because(why)}`,
  failedHere: (device: string) => `l’écriture sur ${device} a échoué ici : ${NOTHING_WRITTEN}`,

  wrongKind: (shown: string, type: TagType) => `${shown} n’est pas une valeur de type ${type}`,
  notANumber: () => 'ce n’est pas un nombre',
  outOfRange: (shown: string, min: string, max: string) => `${shown} est hors des limites ${min} à ${max}`,
  doesNotFit: (shown: string, type: TagType) => `${shown} n’entre pas dans un ${type}`,
  notRepresentable: (shown: string, step: string) =>
    `${shown} ne se règle pas : l’appareil avance par pas de ${step}`,

  cancelledAfter: (device: string) =>
    `la demande a été annulée après l’envoi à ${device} : à vérifier sur place`,
  stoppedAfter: (device: string) =>
    `la liaison avec ${device} a été arrêtée après l’envoi : à vérifier sur place`,
  noAnswer: (device: string, why: string | null = null) =>
    `${device} n’a pas répondu à l’écriture${because(why)} : elle a pu avoir lieu`,
  doubtfulAnswer: (device: string, why: string) =>
    `${device} répond${because(why)} : l’écriture a pu avoir lieu`,
  notReadBack: (device: string, ms: number, why: string | null = null) =>
    `${device} a accepté l’écriture, mais rien n’a été relu en ${ms} ms${because(why)}`,
  notReadable: (device: string, why: string) =>
    `${device} a accepté l’écriture, mais ne laisse pas relire${because(why)}`,
  differs: (device: string, readBack: string, ms: number) =>
    `${device} a accepté l’écriture, mais affiche ${readBack} après ${ms} ms`,
} as const;
