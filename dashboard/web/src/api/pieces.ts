/** What the page asks about the pieces that a line sorted by their spectra. */
import type { ItemExplainData, ItemRow } from '@trame/protocol/classification/item-requests';
import type { OverrideReason } from '@trame/protocol/classification/item-names';
import type { CommandAnswer } from '@trame/protocol/health-api';
import { address, type Query } from '../material/address.ts';
import { isExplained, isItem } from './read-pieces.ts';
import { request, type Answer } from './request.ts';
import { isText, listOf, orNull, shape } from './shape.ts';

export interface PiecePage {
  readonly rows: readonly ItemRow[];
  /** Where older ones begin; null: there are none. */
  readonly next: string | null;
}

const isPage = shape<{ rows: ItemRow[]; next: string | null }>({
  rows: listOf(isItem),
  next: orNull(isText),
});
const isTold = shape<Pick<CommandAnswer, 'id' | 'code'>>({ id: isText, code: isText });

function below(line: string): string {
  return `/api/v1/lines/${encodeURIComponent(line)}/items`;
}

/** Newest first. @param query `cursor`, `limit`, `outlet`, `reading`. */
export function listPieces(line: string, query: Query, signal: AbortSignal): Promise<Answer<PiecePage>> {
  return request({
    method: 'GET',
    path: address(below(line), query),
    read: (body) => (isPage(body) ? body : null),
    signal,
  });
}

/** Everything about the verdict on one piece. */
export function getPiece(line: string, id: string, signal: AbortSignal): Promise<Answer<ItemExplainData>> {
  return request({
    method: 'GET',
    path: `${below(line)}/${encodeURIComponent(id)}`,
    read: (body) => (isExplained(body) ? body : null),
    signal,
  });
}

/** As a person says otherwise of a piece. */
export interface OverrideBody {
  readonly to: string;
  readonly reason: OverrideReason;
  readonly note?: string;
}

/** The same `key` is the same word about the piece: recorded once. */
export function postOverride(
  piece: { readonly line: string; readonly id: string },
  body: OverrideBody,
  key: string,
  signal: AbortSignal,
): Promise<Answer<Pick<CommandAnswer, 'id' | 'code'>>> {
  return request({
    method: 'POST',
    path: `${below(piece.line)}/${encodeURIComponent(piece.id)}/override`,
    body,
    idempotencyKey: key,
    read: (said) => (isTold(said) ? said : null),
    signal,
  });
}
