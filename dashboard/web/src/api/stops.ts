/** What the page asks about the time of a line: its stops, its rates, the log of a shift, the andon. */
import type {
  Andon,
  ShiftLog,
  StopCauseAnswer,
  StopPareto,
  StopRow,
  TrsAnswer,
} from '@trame/protocol/stops/stop-answers';
import { address, type Query } from '../material/address.ts';
import { isAndon, isCause, isPareto, isShiftLog, isStop, isTrs } from './read-stops.ts';
import { request, type Answer } from './request.ts';
import { isText, listOf, orNull, shape, type Guard } from './shape.ts';

interface Rows<T> {
  rows: T[];
  next: string | null;
}

function ask<T>(guard: Guard<T>, path: string, query: Query, signal: AbortSignal): Promise<Answer<T>> {
  return request({
    method: 'GET',
    path: address(`/api/v1${path}`, query),
    read: (body) => (guard(body) ? body : null),
    signal,
  });
}

const isStops = shape<Rows<StopRow>>({ rows: listOf(isStop), next: orNull(isText) });
const isCauses = shape<Pick<Rows<StopCauseAnswer>, 'rows'>>({ rows: listOf(isCause) });

/** Stops of a period, latest first. */
export const listStops = (query: Query, signal: AbortSignal): Promise<Answer<Rows<StopRow>>> =>
  ask(isStops, '/stops', query, signal);

/** Causes that people choose from, in the order of the site. */
export const listStopCauses = (signal: AbortSignal): Promise<Answer<Pick<Rows<StopCauseAnswer>, 'rows'>>> =>
  ask(isCauses, '/stops/causes', {}, signal);

export const getStopPareto = (query: Query, signal: AbortSignal): Promise<Answer<StopPareto>> =>
  ask(isPareto, '/stops/pareto', query, signal);

export const getTrs = (query: Query, signal: AbortSignal): Promise<Answer<TrsAnswer>> =>
  ask(isTrs, '/trs', query, signal);

export const getShiftLog = (query: Query, signal: AbortSignal): Promise<Answer<ShiftLog>> =>
  ask(isShiftLog, '/shift-log', query, signal);

export const getAndon = (line: string, signal: AbortSignal): Promise<Answer<Andon>> =>
  ask(isAndon, '/andon', { line }, signal);
