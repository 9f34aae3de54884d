/**
 * A label of a pre-printed roll, 100 × 75 mm: an identity that waits for a bale. Scanning it binds it; until then
 * nothing is known of it, so it has no weight, and room to write by hand.
 */
import { makeSscc, type Sscc } from '@trame/protocol/sscc';
import { outputAddress, ssccAddress } from '@trame/protocol/scanned-code';
import type { Drawing, Mark } from './drawing.ts';
import { fitText } from './fit-text.ts';
import { GS1_WIDTH_MM } from './symbols.ts';

const WIDTH_MM = 100;
const HEIGHT_MM = 75;
const LEFT = 5;
/** More labels than a roll has are asked for by mistake. */
export const MAX_ROLL_LABELS = 1_000;

export interface PreprintedLabel {
  /** What is bound to the output: the SSCC, or without GS1 prefix a code of one's own. */
  readonly code: string;
  readonly sscc: Sscc | null;
  readonly qrContent: string;
}

export type Roll =
  | { readonly kind: 'roll'; readonly labels: readonly PreprintedLabel[]; readonly nextSerial: number }
  /** The prefix has no room for so many: `left` could still be made. */
  | { readonly kind: 'exhausted'; readonly left: number };

export interface RollRequest {
  /** Serial reference of the first label; each that was ever given out must not come again. */
  readonly firstSerial: number;
  /** 1 to `MAX_ROLL_LABELS`. */
  readonly count: number;
  /** Null: no licensed prefix, codes are `R` and the serial. */
  readonly gs1: { readonly prefix: string; readonly extension: number } | null;
  readonly ownDomain: string;
}

/** Gives out consecutive codes. @throws on a count or serial that was not checked. */
export function rollOf({ firstSerial, count, gs1, ownDomain }: RollRequest): Roll {
  if (!Number.isInteger(count) || count < 1 || count > MAX_ROLL_LABELS)
    throw new RangeError(`a roll of ${count} labels, from 1 to ${MAX_ROLL_LABELS}`);
  const labels: PreprintedLabel[] = [];
  for (let serial = firstSerial; serial < firstSerial + count; serial += 1) {
    if (gs1 === null) {
      const code = `R${String(serial).padStart(6, '0')}`;
      labels.push({ code, sscc: null, qrContent: outputAddress(ownDomain, code) });
      continue;
    }
    const made = makeSscc(gs1.prefix, gs1.extension, serial);
    if (made.kind === 'exhausted')
      return { kind: 'exhausted', left: Math.max(0, made.serials - firstSerial) };
    labels.push({ code: made.sscc, sscc: made.sscc, qrContent: ssccAddress(ownDomain, made.sscc) });
  }
  return { kind: 'roll', labels, nextSerial: firstSerial + count };
}

export interface RollLook {
  readonly siteName: string;
  readonly demo: boolean;
  readonly prefixIsDemo: boolean;
}

/** Lays one label out. */
export function preprintedDrawing(label: PreprintedLabel, look: RollLook): Drawing {
  const x = 36;
  const room = WIDTH_MM - LEFT - x;
  return {
    title: `Étiquette ${label.code}`,
    widthMm: WIDTH_MM,
    heightMm: HEIGHT_MM,
    marks: [
      { kind: 'qr', x: LEFT - 1, y: 3, size: 29, content: label.qrContent },
      fitText({ text: look.siteName, x, y: 7, size: 4, smallest: 2.8, room: look.demo ? room - 19 : room }),
      ...handwriting(x, room),
      ...(look.demo ? demoMarks() : []),
      ...codeMarks(label, look.prefixIsDemo),
    ],
  };
}

/** Lines for the pen: whoever sticks the label on writes them before the bale is logged. */
function handwriting(x: number, room: number): readonly Mark[] {
  return ['n°', 'débouché', 'kg'].flatMap((text, index): readonly Mark[] => {
    const y = 15 + 7.5 * index;
    return [
      fitText({ text, x, y, size: 3.4, room: 17 }),
      { kind: 'rule', x: x + 18, y: y + 0.5, width: room - 18, height: 0.25 },
    ];
  });
}

function demoMarks(): readonly Mark[] {
  const [x, width] = [78, 17];
  return [
    { kind: 'frame', x, y: 2, width, height: 6.5, line: 0.75 },
    fitText({
      text: 'DÉMO',
      x: x + width / 2,
      anchor: 'middle',
      y: 6.7,
      size: 4.2,
      smallest: 3,
      room: width - 3,
      bold: true,
    }),
  ];
}

function codeMarks({ code, sscc }: PreprintedLabel, prefixIsDemo: boolean): readonly Mark[] {
  const middle = { x: WIDTH_MM / 2, anchor: 'middle', room: WIDTH_MM - 2 * LEFT } as const;
  if (sscc === null) return [fitText({ ...middle, text: code, y: 58, size: 18, bold: true })];
  const hint = prefixIsDemo ? ['préfixe GS1 de démonstration'] : [];
  return [
    { kind: 'gs1', x: (WIDTH_MM - GS1_WIDTH_MM) / 2, y: 34, height: 32, sscc },
    fitText({ ...middle, text: `(00) ${sscc}`, y: 70, size: 4.2 }),
    ...hint.map((text) => fitText({ ...middle, text, y: 73.6, size: 2.8 })),
  ];
}
