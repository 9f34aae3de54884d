/** What a file is, by its first bytes: what a browser says of it is hearsay. */

export const DOCUMENT_MEDIA = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;
export type DocumentMedia = (typeof DOCUMENT_MEDIA)[number];

/** So many bytes tell. */
export const HEAD_BYTES = 16;

const JPEG = Buffer.from('ffd8ff', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const PDF = Buffer.from('%PDF-', 'latin1');

/** @returns null: none of those that are kept. */
export function mediaOf(head: Uint8Array): DocumentMedia | null {
  const bytes = Buffer.from(head);
  if (startsWith(bytes, JPEG)) return 'image/jpeg';
  if (startsWith(bytes, PNG)) return 'image/png';
  if (startsWith(bytes, PDF)) return 'application/pdf';
  const isWebp = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  return isWebp ? 'image/webp' : null;
}

/** @returns the end of a file's name. */
export function suffixOf(media: string): string {
  return media === 'application/pdf' ? 'pdf' : media === 'image/jpeg' ? 'jpg' : media.slice('image/'.length);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}
