/** What the screens of material ask the server. */
import type { BalanceAnswer } from '@trame/protocol/material/material-answers';
import { request, type Answer } from '../api/request.ts';
import { isNumber, isText, listOf, orNull, shape, type Guard } from '../api/shape.ts';
import { address, type Query } from './address.ts';
import {
  isBalance,
  isBale,
  isBaleAnswer,
  isCampaign,
  isContainer,
  isGraph,
  isLot,
  isLotAnswer,
  isNote,
  isPartner,
  isShift,
  isShipment,
  isShipmentAnswer,
  isStock,
} from './row-guards.ts';
import { isScale } from '../scales/scale-guard.ts';

/** The server answers at most so many rows at once. */
export const ROWS_MAX = 500;

export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page begins; null: this is the last. */
  readonly next: string | null;
}

/** @returns a question of one answer, below `/api/v1`. */
function one<T>(guard: Guard<T>) {
  return (path: string, signal: AbortSignal): Promise<Answer<T>> =>
    request({
      method: 'GET',
      path: `/api/v1${path}`,
      read: (body) => (guard(body) ? body : null),
      signal,
    });
}

/** @returns a question of one page of a list. */
function list<T>(path: string, guard: Guard<T>) {
  const isPage = shape<{ rows: T[]; next: string | null }>({ rows: listOf(guard), next: orNull(isText) });
  const ask = one(isPage);
  return (query: Query, signal: AbortSignal): Promise<Answer<Page<T>>> => ask(address(path, query), signal);
}

const readStock = one(isStock);
const readBale = one(isBaleAnswer);
const readLot = one(isLotAnswer);
const readShipment = one(isShipmentAnswer);
const readGraph = one(isGraph);
const readBalance = one(isBalance);

export const getStock = (signal: AbortSignal) => readStock('/stock', signal);
/** @param id its id, its short number, or the code of its label. */
export const getBale = (id: string, signal: AbortSignal) =>
  readBale(`/bales/${encodeURIComponent(id)}`, signal);
export const getLot = (id: string, signal: AbortSignal) => readLot(`/lots/${encodeURIComponent(id)}`, signal);
export const getShipment = (id: string, signal: AbortSignal) =>
  readShipment(`/shipments/${encodeURIComponent(id)}`, signal);
/** Where the kilograms of a bale came from. */
export const getAncestry = (bale: string, signal: AbortSignal) =>
  readGraph(`/bales/${encodeURIComponent(bale)}/ancestry`, signal);
/** Where the kilograms of a lot are, and went. */
export const getDescendants = (lot: string, signal: AbortSignal) =>
  readGraph(`/lots/${encodeURIComponent(lot)}/descendants`, signal);
export const getBalance = (query: Query, signal: AbortSignal): Promise<Answer<BalanceAnswer>> =>
  readBalance(address('/balance', query), signal);

export const listBales = list('/bales', isBale);
export const listLots = list('/lots', isLot);
export const listShipments = list('/shipments', isShipment);
export const listPartners = list('/partners', isPartner);
export const listContainers = list('/containers', isContainer);
export const listShifts = list('/shifts', isShift);
export const listCampaigns = list('/campaigns', isCampaign);
export const listNotes = list('/notes', isNote);
export const listScales = list('/scales', isScale);

/** Of a weighing what a person chooses it by. */
export interface Weighing {
  readonly id: string;
  readonly at: number;
  readonly scale: string;
  readonly grossGrams: number | null;
  readonly netGrams: number | null;
}

/** Weighings, latest first. */
export const listWeighings = list(
  '/weighings',
  shape<Weighing>({
    id: isText,
    at: isNumber,
    scale: isText,
    grossGrams: orNull(isNumber),
    netGrams: orNull(isNumber),
  }),
);

/** @returns every row of a list that a person chooses from, page by page, at most `max`. */
export async function all<T>(
  ask: (query: Query, signal: AbortSignal) => Promise<Answer<Page<T>>>,
  query: Query,
  max: number,
  signal: AbortSignal,
): Promise<Answer<readonly T[]>> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const answer: Answer<Page<T>> = await ask({ ...query, limit: ROWS_MAX, cursor }, signal);
    if (answer.kind !== 'ok') return answer;
    rows.push(...answer.body.rows);
    cursor = answer.body.next;
  } while (cursor !== null && rows.length < max);
  return { kind: 'ok', body: rows };
}
