/** Acts about material, and what the screens ask to do them. Bodies are checked: a half-read one is none. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type {
  BaleRow,
  ContainerRow,
  LotRow,
  PartnerRow,
  ReferenceAnswer,
} from '@trame/protocol/material/material-answers';
import type { Attachment } from '@trame/protocol/material/move';
import { isFlag, isNumber, isText, listOf, orNull, shape, type Guard } from './shape.ts';
import { request, type Answer } from './request.ts';

/** Findings come with sort programmes alone, and are read there. */
const isActAnswer = shape<Omit<ActAnswer, 'findings'>>({
  id: isText,
  number: orNull(isNumber),
  events: listOf(isText),
  warnings: listOf(isText),
  replayed: isFlag,
});

/** Does an act; the same `key` asked again is the same act. */
export function postAct(
  path: string,
  body: object,
  key: string,
  signal: AbortSignal,
): Promise<Answer<ActAnswer>> {
  return request({ method: 'POST', path, body, idempotencyKey: key, read: reader(isActAnswer), signal });
}

export interface StoredDocument {
  readonly id: string;
  readonly media: string;
  readonly bytes: number;
}

const isStoredDocument = shape<StoredDocument>({ id: isText, media: isText, bytes: isNumber });

/** Stores a photo or a document under its hash; the same bytes again are the same document. */
export function postDocument(file: Blob, key: string, signal: AbortSignal): Promise<Answer<StoredDocument>> {
  return request({
    method: 'POST',
    path: '/api/v1/documents',
    file,
    idempotencyKey: key,
    read: reader(isStoredDocument),
    signal,
  });
}

/** What an act says of a document that the server has. */
export function attachmentOf(document: StoredDocument, name: string, kind: Attachment['kind']): Attachment {
  return { sha256: document.id, name, media: document.media, bytes: document.bytes, kind };
}

type Live = NonNullable<ReferenceAnswer['scales'][number]['live']>;
const isLive = shape<Live>({ gross: isText, net: orNull(isText), stable: orNull(isText) });

const isReference = shape<ReferenceAnswer>({
  site: isText,
  line: isText,
  profile: (value): value is 'automatic' | 'manual' => value === 'automatic' || value === 'manual',
  demo: isFlag,
  kioskDpi: orNull(isNumber),
  outlets: listOf(
    shape<ReferenceAnswer['outlets'][number]>({
      id: isText,
      label: isText,
      pictogram: isText,
      group: orNull(isText),
      unit: isText,
      packagingGrams: isNumber,
      usualGrams: orNull(shape<{ min: number; max: number }>({ min: isNumber, max: isNumber })),
      family: orNull(isText),
    }),
  ),
  presses: listOf(
    shape<ReferenceAnswer['presses'][number]>({
      id: isText,
      label: isText,
      line: isText,
      scale: orNull(isText),
      outlets: listOf(isText),
    }),
  ),
  scales: listOf(
    shape<ReferenceAnswer['scales'][number]>({
      id: isText,
      label: isText,
      line: isText,
      use: isText,
      live: orNull(isLive),
      intervalGrams: orNull(isNumber),
    }),
  ),
  zones: listOf(shape<ReferenceAnswer['zones'][number]>({ id: isText, label: isText })),
  printers: listOf(shape<ReferenceAnswer['printers'][number]>({ id: isText, label: isText })),
  containerKinds: listOf(
    shape<ReferenceAnswer['containerKinds'][number]>({ kind: isText, tareGrams: isNumber }),
  ),
});

/** Outlets, presses, scales, zones of the site. */
export function getReference(signal: AbortSignal): Promise<Answer<ReferenceAnswer>> {
  return request({ method: 'GET', path: '/api/v1/reference', read: reader(isReference), signal });
}

/** Of a weighing what a kiosk needs to claim it. */
export interface UnclaimedWeighing {
  readonly id: string;
  readonly at: number;
  readonly scale: string;
  readonly kind: string;
  readonly grossGrams: number | null;
  readonly netGrams: number | null;
}

export const isUnclaimed = shape<UnclaimedWeighing>({
  id: isText,
  at: isNumber,
  scale: isText,
  kind: isText,
  grossGrams: orNull(isNumber),
  netGrams: orNull(isNumber),
});

/** The latest weighings of a scale that nothing claims, latest first. */
export function getUnclaimed(
  scale: string,
  limit: number,
  signal: AbortSignal,
): Promise<Answer<readonly UnclaimedWeighing[]>> {
  const query = new URLSearchParams({ unclaimed: 'true', scale, limit: String(limit) });
  return request({
    method: 'GET',
    path: `/api/v1/weighings?${query}`,
    read: rowsReader(isUnclaimed),
    signal,
  });
}

/** Of a bale what a kiosk shows. */
export type KioskBale = Pick<BaleRow, 'id' | 'number' | 'press' | 'outlet' | 'status' | 'startedAt'>;

const isKioskBale = shape<KioskBale>({
  id: isText,
  number: isNumber,
  press: orNull(isText),
  outlet: isText,
  status: isText,
  startedAt: isNumber,
});

export function getBales(
  filter: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer<readonly KioskBale[]>> {
  const query = new URLSearchParams(filter);
  return request({ method: 'GET', path: `/api/v1/bales?${query}`, read: rowsReader(isKioskBale), signal });
}

/** Of a collector what reception chooses by. */
export type Collector = Pick<PartnerRow, 'id' | 'name' | 'retired' | 'points'>;

const isCollector = shape<Collector>({
  id: isText,
  name: isText,
  retired: isFlag,
  points: listOf(shape<PartnerRow['points'][number]>({ point: isText, name: isText, insee: orNull(isText) })),
});

export function getCollectors(signal: AbortSignal): Promise<Answer<readonly Collector[]>> {
  return request({
    method: 'GET',
    path: '/api/v1/partners?role=collector&limit=500',
    read: rowsReader(isCollector),
    signal,
  });
}

/** Of a container what reception weighs with. */
export type ReceptionContainer = Pick<ContainerRow, 'id' | 'kind' | 'tareGrams' | 'retired' | 'grams'>;

const isContainer = shape<ReceptionContainer>({
  id: isText,
  kind: isText,
  tareGrams: isNumber,
  retired: isFlag,
  grams: isNumber,
});

export function getContainers(signal: AbortSignal): Promise<Answer<readonly ReceptionContainer[]>> {
  return request({
    method: 'GET',
    path: '/api/v1/containers?limit=500',
    read: rowsReader(isContainer),
    signal,
  });
}

/** Of a lot what tells who comes often. */
export type RecentLot = Pick<LotRow, 'id' | 'at' | 'collector'>;
const isRecentLot = shape<RecentLot>({ id: isText, at: isNumber, collector: orNull(isText) });

/** The latest lots, at most that many. */
export function getRecentLots(limit: number, signal: AbortSignal): Promise<Answer<readonly RecentLot[]>> {
  return request({
    method: 'GET',
    path: `/api/v1/lots?limit=${limit}`,
    read: rowsReader(isRecentLot),
    signal,
  });
}

function reader<T>(guard: Guard<T>): (body: unknown) => T | null {
  return (body) => (guard(body) ? body : null);
}

function rowsReader<T>(guard: Guard<T>): (body: unknown) => readonly T[] | null {
  const isPage = shape<{ rows: T[] }>({ rows: listOf(guard) });
  return (body) => (isPage(body) ? body.rows : null);
}
