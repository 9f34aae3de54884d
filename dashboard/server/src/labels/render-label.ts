/** A label in the format that was asked for. */
import type { LabelFacts } from './label-facts.ts';

export type LabelFormat = 'svg' | 'pdf' | 'zpl';

export interface RenderedLabel {
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** The one that browsers show first, then those that programs ask for by name. */
const MEDIA_TYPES: Readonly<Record<LabelFormat, readonly string[]>> = {
  svg: ['image/svg+xml', 'image/*', 'text/html'],
  pdf: ['application/pdf'],
  zpl: ['application/zpl', 'application/vnd.zebra.zpl', 'x-application/zpl', 'text/plain'],
};
const FORMATS = Object.keys(MEDIA_TYPES) as readonly LabelFormat[];
/** A longer header is not read to its end. */
const MAX_ACCEPT_CHARACTERS = 1_000;

/**
 * The format that a suffix (`svg`, `pdf`, `zpl`), or else the Accept header, asks for; a suffix wins.
 * @returns null when it asks for something else: 406.
 */
export function labelFormat(suffix: string | null, accept: string | undefined): LabelFormat | null {
  if (suffix !== null) return FORMATS.find((format) => format === suffix.toLowerCase()) ?? null;
  if (accept === undefined || accept.trim() === '') return 'svg';
  const wanted = accept
    .slice(0, MAX_ACCEPT_CHARACTERS)
    .split(',')
    .map((range, index) => ({ ...readRange(range), index }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  for (const { type } of wanted) {
    if (type === '*/*') return 'svg';
    const format = FORMATS.find((known) => MEDIA_TYPES[known].includes(type));
    if (format !== undefined) return format;
  }
  return null;
}

function readRange(range: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** Draws the label. The writers are loaded at the first label: they take half a second and some memory. */
export async function renderLabel(facts: LabelFacts, format: LabelFormat): Promise<RenderedLabel> {
  const { outputLabel } = await import('./output-label.ts');
  const drawing = outputLabel(facts);
  switch (format) {
    case 'svg': {
      const { svgOf } = await import('./svg.ts');
      return { contentType: 'image/svg+xml; charset=utf-8', body: svgOf(drawing) };
    }
    case 'pdf': {
      const { pdfOf } = await import('./pdf.ts');
      return { contentType: 'application/pdf', body: await pdfOf([drawing], facts.packedAtMs) };
    }
    case 'zpl': {
      const { zplOf } = await import('./zpl.ts');
      return { contentType: 'application/zpl; charset=utf-8', body: zplOf(drawing) };
    }
  }
}
