/** Codes of outputs: made for one, read from a label, and the output that a scan or a typed number means. */
import { readScan } from '@trame/protocol/scanned-code';
import { makeSscc } from '@trame/protocol/sscc';
import { isId } from '@trame/protocol/topics';
import { refused, type ActContext, type Draft, type Refused } from '../material/decision.ts';
import type { OutputTable } from '../material/material-tables.ts';
import type { KnownOutput } from './known-output.ts';

/** Extension digits of an SSCC: a roll of labels may have used a number of one of them. */
const EXTENSION_DIGITS = 10;

/**
 * @param number short number of the output: its serial reference.
 * @returns an SSCC that no output bears; null without a GS1 prefix, or when its numbers are used up: then its label
 * bears its own id.
 */
export async function newCode({ book, reference }: ActContext, number: number): Promise<string | null> {
  if (reference.gs1 === null) return null;
  const { prefix, extension } = reference.gs1;
  for (let step = 0; step < EXTENSION_DIGITS; step += 1) {
    const made = makeSscc(prefix, (extension + step) % EXTENSION_DIGITS, number);
    if (made.kind === 'exhausted') return null;
    if ((await book.outputByCode(made.sscc)) === undefined) return made.sscc;
  }
  return null;
}

export interface BoundCode {
  readonly kind: 'code';
  readonly code: string;
}

/**
 * The code of a pre-printed label that is scanned to be bound to an output.
 * @param own the output that it is bound to; null: a new one.
 */
export async function codeToBind(
  context: ActContext,
  text: string,
  own: string | null,
): Promise<BoundCode | Refused> {
  const scan = readScan(text, [context.reference.ownDomain]);
  const code = scan.kind === 'sscc' ? scan.sscc : rollCode(scan.kind === 'output' ? scan.id : text.trim());
  if (code === null) {
    return scan.kind === 'output'
      ? refused('code-taken', `this is the label of output ${scan.id}`, { output: scan.id })
      : foreign(scan.kind === 'foreign' ? scan.what : 'unknown');
  }
  if (scan.kind === 'sscc' && !isOurs(context, scan.sscc)) return foreign('other-prefix');
  const bearer = await context.book.outputByCode(code);
  if (bearer !== undefined && bearer.output !== own && bearer.status !== 'voided') {
    return refused('code-taken', `${code} is the code of output ${bearer.output}`, {
      code,
      output: bearer.output,
      number: bearer.number,
    });
  }
  return { kind: 'code', code };
}

/** Codes of rolls that were printed without a GS1 prefix: see `labels/preprinted-label.ts`. */
const ROLL_CODE = /^R\d{6,10}$/u;

function rollCode(text: string): string | null {
  const code = text.toUpperCase();
  return ROLL_CODE.test(code) ? code : null;
}

/** What people type: the short number, alone or as they see it (`1042`, `B1042`, `n° 1042`). */
const SHORT_NUMBER = /^(?:B|n°)?\s*(?<number>[1-9]\d{0,8})$/iu;

/** @returns the output that was scanned (SSCC, address in the QR) or whose number or id was typed. */
export async function scannedOutput(context: ActContext, text: string): Promise<KnownOutput | Refused> {
  const { book, reference } = context;
  const scan = readScan(text, [reference.ownDomain]);
  if (scan.kind === 'output')
    return found((await book.output(scan.id)) ?? (await book.outputByCode(scan.id)), scan.id);
  if (scan.kind === 'sscc') {
    const output = await book.outputByCode(scan.sscc);
    return output === undefined && !isOurs(context, scan.sscc)
      ? foreign('other-prefix')
      : found(output, scan.sscc);
  }
  const typed = text.trim();
  const number = SHORT_NUMBER.exec(typed)?.groups?.['number'];
  const output =
    (isId(typed)
      ? ((await book.output(typed)) ?? (await book.outputByCode(rollCode(typed) ?? typed)))
      : undefined) ?? (number === undefined ? undefined : await book.outputByNumber(Number(number)));
  if (output !== undefined) return { kind: 'output', output };
  // An EAN of 8 digits may be no number of ours: whoever scanned it reads that it is an article.
  if (number !== undefined && scan.what === 'unknown') return found(undefined, number);
  return foreign(scan.what);
}

function isOurs({ reference: { gs1 } }: ActContext, sscc: string): boolean {
  return gs1 !== null && sscc.slice(1).startsWith(gs1.prefix);
}

function found(output: OutputTable | undefined, what: string): KnownOutput | Refused {
  return output === undefined
    ? refused('unknown-output', `no output «${what}»`, { output: what })
    : { kind: 'output', output };
}

function foreign(what: string): Refused {
  return refused('foreign-code', `this is no code of this site: ${what}`, { what });
}

/** @returns printer that prints by itself what comes from this press; null: none. */
export function printerOf({ reference }: ActContext, press: string | null): string | null {
  if (press === null) return null;
  return reference.printers.find(({ presses }) => presses.includes(press))?.id ?? null;
}

/** @returns the label that an output gets when it enters stock: none when it bears one. */
export async function firstLabel(
  context: ActContext,
  { output, number, press, code }: Pick<OutputTable, 'output' | 'number' | 'press' | 'code'>,
): Promise<Draft[]> {
  if (code !== null) return [];
  const made = (await newCode(context, number)) ?? output;
  const payload = { output, code: made, how: 'printed' as const, printer: printerOf(context, press) };
  return [{ type: 'output.labelled', occurredAt: context.occurredAt, payload }];
}
