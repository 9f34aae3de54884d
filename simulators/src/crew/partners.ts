/** Whom the crew deals with. All of them are invented. */
import { collectors } from '../hand/delivery.ts';
import type { Json } from './memory.ts';

interface Client {
  readonly id: string;
  readonly name: string;
  readonly operation: string;
  readonly outlets: readonly string[];
  /** So many outputs make a load. */
  readonly loadOf: number;
}

export const clients: readonly Client[] = [
  {
    id: 'friperie-nord',
    name: 'Friperie du Nord (démo)',
    operation: 'R0',
    outlets: ['creme', 'reemploi'],
    loadOf: 10,
  },
  {
    id: 'effilochage-normand',
    name: 'Effilochage normand (démo)',
    operation: 'R3',
    outlets: ['essuyage', 'effilochage'],
    loadOf: 4,
  },
  {
    id: 'polymeres-seine',
    name: 'Polymères de Seine (démo)',
    operation: 'R3',
    outlets: ['polymere'],
    loadOf: 3,
  },
  {
    id: 'chaufferie-caux',
    name: 'Chaufferie de Caux (démo)',
    operation: 'R1',
    outlets: ['buchettes', 'csr', 'manuel'],
    loadOf: 4,
  },
  {
    id: 'traitement-littoral',
    name: 'Traitement du Littoral (démo)',
    operation: 'D10',
    outlets: ['elimination'],
    loadOf: 1,
  },
];

const permille = 1_000;

/** Equal shares of a thousand, the first taking what is left over. */
function communesOf(collector: (typeof collectors)[number]): Json {
  const names = new Map(collector.points.map((point) => [point.commune, point.communeName]));
  const share = Math.floor(permille / names.size);
  return [...names].map(([insee, name], index) => ({
    insee,
    name,
    permille: index === 0 ? permille - share * (names.size - 1) : share,
  }));
}

/** The body that declares a partner, or null when nobody of that id is known here. */
export function partnerBody(id: string): Json {
  const collector = collectors.find((known) => known.id === id);
  if (collector !== undefined) {
    return {
      partner: id,
      role: 'collector',
      name: collector.name,
      accredited: true,
      points: collector.points.map((point) => ({
        point: point.id,
        name: `${point.communeName} ${point.id}`,
        insee: point.commune,
      })),
      communes: communesOf(collector),
    };
  }
  const client = clients.find((known) => known.id === id);
  return client === undefined ? null : { partner: id, role: 'client', name: client.name };
}
