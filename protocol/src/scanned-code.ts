/**
 * What a scanner said: the label of an output, or something foreign, told in words.
 *
 * Scanners give the bare text or put the symbology before it (ISO/IEC 15424: `]C1` GS1-128, `]Q1` QR…), and FNC1 as
 * the group separator 0x1D.
 */
import { checkDigit, parseSscc, type Sscc } from './sscc.ts';

/** A text longer than this was not printed by us. */
const MAX_CHARACTERS = 512;
const GROUP_SEPARATOR = '\u001D';
/** What may stand as the id of an output in an address: UUIDs and the like. */
const OUTPUT_ID = /^[A-Za-z0-9](?:[A-Za-z0-9._~-]{0,63})$/u;

/** What a foreign code is. */
export type ForeignCode =
  | 'empty'
  | 'too-long'
  | 'sscc-misread'
  | 'gs1-without-sscc'
  | 'gs1-broken'
  | 'trade-item'
  | 'own-site-other-page'
  | 'other-web-address'
  | 'unknown';

export type ScannedCode =
  | { readonly kind: 'sscc'; readonly sscc: Sscc }
  | { readonly kind: 'output'; readonly id: string }
  /** `words` are French and can be shown to the person who scanned. */
  | { readonly kind: 'foreign'; readonly what: ForeignCode; readonly words: string };

const WORDS: Readonly<Record<ForeignCode, string>> = {
  empty: 'Rien n’a été lu.',
  'too-long': 'Code trop long : ce n’est pas une de nos étiquettes.',
  'sscc-misread': 'Numéro mal lu (clé de contrôle fausse) : scanner à nouveau.',
  'gs1-without-sscc': 'Code GS1 sans numéro de colis (SSCC) : ce n’est pas l’étiquette d’une sortie.',
  'gs1-broken': 'Code GS1 illisible ou tronqué : scanner à nouveau.',
  'trade-item': 'Code-barres d’un article du commerce (EAN), pas une de nos étiquettes.',
  'own-site-other-page': 'Adresse de ce site, mais pas celle d’une étiquette.',
  'other-web-address': 'Adresse d’un autre site : ce n’est pas une de nos étiquettes.',
  unknown: 'Code inconnu : ce n’est pas une de nos étiquettes.',
};

/**
 * The address that an output's QR holds.
 * @param base own address, e.g. `https://trame.example.org`, with or without a path.
 */
export function outputAddress(base: string, outputId: string): string {
  return `${withoutSlash(base)}/b/${encodeURIComponent(outputId)}`;
}

/** The address in the QR of a pre-printed label, which has no output yet: a GS1 Digital Link of its SSCC. */
export function ssccAddress(base: string, sscc: Sscc): string {
  return `${withoutSlash(base)}/00/${sscc}`;
}

/**
 * Reads a scan. Never throws: everything that is not ours is `foreign`.
 * @param ownBases addresses under which labels of this installation were printed, the present one and earlier ones.
 */
export function readScan(text: string, ownBases: readonly string[]): ScannedCode {
  if (text.length > MAX_CHARACTERS) return foreign('too-long');
  const trimmed = text.trim();
  const symbology = /^\](?<id>[A-Za-z][0-9A-Za-z])/u.exec(trimmed)?.groups?.['id'];
  const body = symbology === undefined ? trimmed : trimmed.slice(3);
  if (body.replaceAll(GROUP_SEPARATOR, '') === '') return foreign('empty');
  if (/^https?:\/\//iu.test(body)) return readAddress(body, ownBases);
  const isGs1 = symbology === 'C1' || symbology === 'e0' || symbology === 'Q3' || symbology === 'd2';
  if (isGs1 || body.includes(GROUP_SEPARATOR)) return readElements(body);
  return readBareText(body);
}

/** Text without symbology: 18 digits, 20 with the AI 00, or as written under the bars: `(00)3 7613032 …`. */
function readBareText(body: string): ScannedCode {
  const digits = body.replace(/^\(00\)/u, '').replaceAll(/[ \u00A0]/gu, '');
  if (!/^\d+$/u.test(digits)) return foreign('unknown');
  if (digits.length === 20 && digits.startsWith('00')) return readSscc(digits.slice(2));
  if (digits.length === 18) return readSscc(digits);
  const isTradeItem = [8, 12, 13, 14].includes(digits.length);
  const isRight = checkDigit(digits.slice(0, -1)) === Number(digits.slice(-1));
  return foreign(isTradeItem && isRight ? 'trade-item' : 'unknown');
}

function readSscc(digits: string): ScannedCode {
  const sscc = parseSscc(digits);
  return sscc === null ? foreign('sscc-misread') : { kind: 'sscc', sscc };
}

/**
 * Length of an element, AI included, by the first two digits of its AI; the others end at a separator
 * (GS1 General Specifications, figure 7.8.5-2).
 */
const ELEMENT_LENGTHS: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  '11': 8,
  '12': 8,
  '13': 8,
  '14': 8,
  '15': 8,
  '16': 8,
  '17': 8,
  '18': 8,
  '19': 8,
  '20': 4,
  '31': 10,
  '32': 10,
  '33': 10,
  '34': 10,
  '35': 10,
  '36': 10,
  '41': 16,
};

/** A GS1 element string: the first SSCC in it counts, whatever else the label says. */
function readElements(body: string): ScannedCode {
  let rest = body;
  while (rest !== '') {
    if (rest.startsWith(GROUP_SEPARATOR)) {
      rest = rest.slice(1);
      continue;
    }
    const length = ELEMENT_LENGTHS[rest.slice(0, 2)];
    const separator = rest.indexOf(GROUP_SEPARATOR);
    const end = length ?? (separator === -1 ? rest.length : separator);
    const element = rest.slice(0, end);
    if (!/^\d{2}/u.test(element) || (length !== undefined && element.length < length))
      return foreign('gs1-broken');
    if (element.startsWith('00')) return readSscc(element.slice(2));
    rest = rest.slice(end);
  }
  return foreign('gs1-without-sscc');
}

function readAddress(text: string, ownBases: readonly string[]): ScannedCode {
  const address = URL.parse(text);
  if (address === null) return foreign('unknown');
  const path = ownPath(address, ownBases);
  if (path === null) return foreign('other-web-address');
  const { what, id } = /^\/(?<what>b|00)\/(?<id>[^/]+)\/?$/u.exec(path)?.groups ?? {};
  if (what === '00' && id !== undefined) return readSscc(id);
  if (what === 'b' && id !== undefined && OUTPUT_ID.test(id)) return { kind: 'output', id };
  return foreign('own-site-other-page');
}

/** The path below the base to which an address belongs; null when it belongs to none. */
function ownPath(address: URL, ownBases: readonly string[]): string | null {
  for (const text of ownBases) {
    const base = URL.parse(withoutSlash(text));
    if (base === null || base.host !== address.host) continue;
    const folder = withoutSlash(base.pathname);
    if (address.pathname.startsWith(`${folder}/`)) return address.pathname.slice(folder.length);
  }
  return null;
}

function foreign(what: ForeignCode): ScannedCode {
  return { kind: 'foreign', what, words: WORDS[what] };
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/u, '');
}
