/** What may be asked of the thread of large questions: each takes and gives plain data. */
import { balesOf } from '../bales/bale-repository.ts';
export const HEAVY_QUERIES = { balesOf } as const;
export type HeavyQueries = typeof HEAVY_QUERIES;
export type HeavyName = keyof HeavyQueries;
