/** The label of an output, 100 × 150 mm: legible from two metres, told apart without colour. */
import type { Drawing, Mark } from './drawing.ts';
import { fitText } from './fit-text.ts';
import { dateTimeText, kgText, unitText, weightDetail } from './french-label.ts';
import type { LabelFacts } from './label-facts.ts';
import { GS1_WIDTH_MM } from './symbols.ts';

const WIDTH_MM = 100;
const HEIGHT_MM = 150;
const LEFT = 5;
const ROOM = WIDTH_MM - 2 * LEFT;

/** Lays a label out. The same facts give the same drawing. */
export function outputLabel(facts: LabelFacts): Drawing {
  const qr = facts.sscc === null ? { x: 53, size: 42 } : { x: 64, size: 31 };
  const leftRoom = qr.x - LEFT - 1;
  return {
    title: `${unitText({ ...facts, pieces: null, pairs: null })} n° ${facts.number}`,
    widthMm: WIDTH_MM,
    heightMm: HEIGHT_MM,
    marks: [
      ...outletMarks(facts),
      ...weightMarks(facts),
      ...originMarks(facts, leftRoom),
      ...warningMarks(facts),
      { kind: 'qr', x: qr.x, y: 75, size: qr.size, content: facts.qrContent },
      ...identityMarks(facts),
    ],
  };
}

function outletMarks(facts: LabelFacts): readonly Mark[] {
  const { name, pictogram, pattern } = facts.outlet;
  const x = 28;
  const room = WIDTH_MM - LEFT - x;
  return [
    { kind: 'pictogram', x: LEFT, y: 5, size: 20, pictogram },
    ...nameMarks(name, x, room),
    fitText({ text: unitText(facts), x, y: 23, size: 6, smallest: 4, room }),
    { kind: 'hatch', x: LEFT, y: 27, width: ROOM, height: 4, pattern },
  ];
}

/** On one line as large as it goes, a long name on two. */
function nameMarks(name: string, x: number, room: number): readonly Mark[] {
  const one = fitText({ text: name, x, y: 14, size: 11, smallest: 6, room, bold: true });
  if (!one.text.endsWith('…')) return [one];
  const [first, second] = halves(name);
  const line = { x, size: 6, smallest: 4, room, bold: true } as const;
  const lines = [fitText({ ...line, text: first, y: 9.5 }), fitText({ ...line, text: second, y: 16 })];
  return lines.filter(({ text }) => text !== '');
}

/** Cut at the blank nearest to the middle. */
function halves(name: string): readonly [string, string] {
  const middle = name.length / 2;
  const blanks = [...name.matchAll(/\s+/gu)].map(({ index }) => index);
  const at = blanks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return at === undefined ? [name, ''] : [name.slice(0, at), name.slice(at)];
}

function weightMarks({ number, weight }: LabelFacts): readonly Mark[] {
  const net = weight.kind === 'weighed' ? kgText(weight.netGrams) : 'À PESER';
  return [
    fitText({ text: `n° ${number}`, x: LEFT, y: 43, size: 12, smallest: 5, room: ROOM, bold: true }),
    // Small enough that no figure is ever cut: half a number is a wrong number.
    fitText({ text: net, x: LEFT, y: 63, size: 22, smallest: 5, room: ROOM, bold: true }),
    fitText({ text: weightDetail(weight), x: LEFT, y: 71, size: 4.2, smallest: 2, room: ROOM }),
  ];
}

function originMarks(facts: LabelFacts, room: number): readonly Mark[] {
  const lines = [
    { text: dateTimeText(facts.packedAtMs, facts.timeZone), y: 80, size: 5, bold: true },
    { text: facts.siteName, y: 86, size: 4.2 },
    { text: facts.lineName ?? '', y: 91, size: 4.2 },
  ];
  return lines
    .map((line) => fitText({ ...line, x: LEFT, room, smallest: 2.8 }))
    .filter(({ text }) => text !== '');
}

/** What whoever holds the label must not overlook, framed, since a thermal printer has no colour. */
function warningMarks(facts: LabelFacts): readonly Mark[] {
  const columns: readonly (readonly [boolean, string, number, number, number])[] = [
    [facts.reprint, 'RÉIMPRESSION', LEFT, 93.5, 43],
    [facts.voided, 'ANNULÉE', LEFT, 101, 25],
    [facts.demo, 'DÉMO', LEFT + 26, 101, 17],
  ];
  return columns.flatMap(([holds, text, x, y, width]) =>
    holds ? [frame(x, y, width), fitText(framed(text, x, y, width))] : [],
  );
}

const FRAME_HEIGHT = 6.5;

function frame(x: number, y: number, width: number): Mark {
  return { kind: 'frame', x, y, width, height: FRAME_HEIGHT, line: 0.75 };
}

function framed(text: string, x: number, y: number, width: number) {
  const middle = { x: x + width / 2, anchor: 'middle' } as const;
  return { ...middle, text, y: y + 4.7, size: 4.2, smallest: 3, room: width - 3, bold: true };
}

function identityMarks({ sscc, qrContent }: LabelFacts): readonly Mark[] {
  const centred = { x: WIDTH_MM / 2, anchor: 'middle', room: ROOM } as const;
  if (sscc === null) return [fitText({ ...centred, text: qrContent, y: 130, size: 3.4, smallest: 2.2 })];
  const hint = sscc.prefix === 'demo' ? ['préfixe GS1 de démonstration'] : [];
  return [
    { kind: 'gs1', x: (WIDTH_MM - GS1_WIDTH_MM) / 2, y: 109, height: 32, sscc: sscc.code },
    fitText({ ...centred, text: `(00) ${sscc.code}`, y: 145, size: 4.2 }),
    ...hint.map((text) => fitText({ ...centred, text, y: 148.5, size: 2.8 })),
  ];
}
