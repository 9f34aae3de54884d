/** A piece as a row: what is searched in columns, the rest as JSON without names that repeat in every row. */
import { crc32 } from 'node:zlib';
import {
  FIBRE_REFUSALS,
  type FibreVerdict,
  type GateResult,
} from '@trame/protocol/classification/fibre-verdict';
import type { Item } from '../domain/sorting/item.ts';

/** Without columns and gates, which make up half of it. */
interface Body {
  readonly verdict: Omit<FibreVerdict, 'gates'>;
  /** Index of the gate, passed, measured, limit. */
  readonly gates: readonly (readonly [number, 0 | 1, number | null, number | null])[];
  readonly facts: Item['facts'];
  readonly decided: string;
  readonly rule: string | null;
  readonly programme: Item['programme'];
  readonly wrote: Item['wrote'];
}

export interface ItemRow {
  readonly device: string;
  readonly life: string;
  readonly seq: number;
  readonly readAtMs: number;
  readonly outlet: string;
  readonly reading: string;
  readonly crc: number;
  readonly body: string;
}

export function rowOf({ device, life, seq, readAtMs, outlet, ...item }: Item): ItemRow {
  const { verdict, facts, decided, rule, programme, wrote } = item;
  const { gates, ...said } = verdict;
  const packed = gates.map(({ gate, passed, measured, limit }) => [
    FIBRE_REFUSALS.indexOf(gate),
    passed ? 1 : 0,
    measured,
    limit,
  ]);
  const body = JSON.stringify({ verdict: said, gates: packed, facts, decided, rule, programme, wrote });
  const row = { device, life, seq, readAtMs: Math.trunc(readAtMs), outlet, reading: facts.reading, body };
  return { ...row, crc: checksum(row) };
}

/** @returns null: these are not the bytes that were written. */
export function itemOf(row: Readonly<Record<string, unknown>>): Item | null {
  const { device, life, seq, read_at_ms: readAtMs, outlet, reading, crc, body } = row;
  const isTyped =
    typeof device === 'string' &&
    typeof life === 'string' &&
    typeof seq === 'number' &&
    typeof readAtMs === 'number' &&
    typeof outlet === 'string' &&
    typeof reading === 'string' &&
    typeof body === 'string';
  if (!isTyped || checksum({ device, life, seq, readAtMs, outlet, reading, body }) !== crc) return null;
  const { verdict, gates, ...rest } = JSON.parse(body) as Body;
  const unpacked = gates.flatMap(([index, passed, measured, limit]): GateResult[] => {
    const gate = FIBRE_REFUSALS[index];
    return gate === undefined ? [] : [{ gate, passed: passed === 1, measured, limit }];
  });
  return { device, life, seq, readAtMs, outlet, ...rest, verdict: { ...verdict, gates: unpacked } };
}

/** SQLite notices a page that is missing, not one whose bits have turned. */
function checksum({ device, life, seq, readAtMs, outlet, reading, body }: Omit<ItemRow, 'crc'>): number {
  return crc32(body, crc32(`${device} ${life} ${seq} ${readAtMs} ${outlet} ${reading}`));
}
