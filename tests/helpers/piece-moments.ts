/** Pieces as a line tells of them, and what a server answers about them: with moments that a real line shows seldom or never. */
import type { ItemExplainData, ItemRow } from '@trame/protocol/classification/item-requests';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { compileProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import { firstFailure } from '@trame/protocol/sort-programmes/decide-outlet';
import { factsOfVerdict } from '@trame/protocol/sort-programmes/facts-of-verdict';
import type { LiveState } from '@trame/protocol/live-state';
import { stateOf } from './control-moments.ts';
import type { Asked, Scripted } from './scripted-dashboard.ts';
import { usual as usualOfStops } from './stop-moments.ts';

/** The line that has a station, and one without. */
export const LINE = 'tri-1';
export const TABLES = 'tables-1';

type Verdict = ItemExplainData['verdict'];

const OUTLETS = [
  ['creme', 'Crème', 'reuse'],
  ['reemploi', 'Réemploi', 'reuse'],
  ['essuyage', 'Essuyage', 'recycling'],
  ['effilochage', 'Effilochage', 'recycling'],
  ['polymere', 'Polymère', 'recycling'],
  ['buchettes', 'Bûchettes', 'energy'],
  ['csr', 'CSR', 'csr'],
  ['manuel', 'Tri manuel', 'manual'],
  ['elimination', 'Élimination', 'disposal'],
] as const;

/** Sixteen points fit into the shape of a derivative on each side. */
const GRID_NM = Array.from({ length: 186 }, (_, i) => 940 + 4 * i);
const CHANNELS_NM = GRID_NM.slice(16, -16);
const PIECES = 60;

export function stateWithPieces(): LiveState {
  const state = stateOf({});
  const line = state.lines[LINE];
  if (line === undefined) throw new Error('the line is not there');
  const outlets = OUTLETS.map(([id, label, route]) => ({ id, label, route }));
  return { ...state, lines: { [LINE]: { ...line, description: { ...line.description, outlets } } } };
}

function bell(nm: number, centre: number, width: number): number {
  return Math.exp(-(((nm - centre) / width) ** 2));
}

function absorbance(nm: number, water: number): number {
  return (
    0.35 +
    0.22 * bell(nm, 1210, 40) +
    0.4 * bell(nm, 1490, 70) +
    0.1 * bell(nm, 1580, 40) +
    water * (bell(nm, 1450, 45) + 0.12 * bell(nm, 1150, 20))
  );
}

const shapeOf = (water: number): number[] =>
  CHANNELS_NM.map((nm) => Number(((absorbance(nm + 8, water) - absorbance(nm - 8, water)) * 2.2).toFixed(5)));

const COTTON: Verdict = {
  fibre: 'cotton',
  refusal: null,
  probability: 0.974,
  composition: [
    { fibre: 'cotton', percent: 95.2 },
    { fibre: 'polyester', percent: 4.8 },
  ],
  errorPoints: 3.42,
  background: 0.08,
  gates: [
    ...(['no-model', 'wrong-instrument'] as const).map((gate) => passed(gate)),
    passed('wrong-length', 186, 186),
    ...(['not-a-number', 'wrong-grid', 'wrong-quantity'] as const).map((gate) => passed(gate)),
    passed('flat', 0.412, 0.02),
    passed('saturated', 2, 7),
    passed('background', 0.08, 0.6),
    passed('distance', 0.121, 0.4),
    passed('other-fibre'),
    passed('blend', 0.93, 0.75),
  ],
  model: { id: 'sim-v1', sha256: 'ab'.repeat(32) },
};

const SATURATED: Verdict = {
  fibre: null,
  refusal: 'saturated',
  probability: null,
  composition: [],
  errorPoints: null,
  background: null,
  gates: [...COTTON.gates.slice(0, 7), { gate: 'saturated', passed: false, measured: 41, limit: 7 }],
  model: COTTON.model,
};

const BLEND: Verdict = {
  ...COTTON,
  fibre: null,
  refusal: 'blend',
  probability: 0.31,
  composition: [
    { fibre: 'cotton', percent: 61.4 },
    { fibre: 'polyester', percent: 36.1 },
    { fibre: 'elastane', percent: 2.5 },
  ],
  errorPoints: 4.1,
  gates: [...COTTON.gates.slice(0, -1), { gate: 'blend', passed: false, measured: 0.58, limit: 0.75 }],
};

function passed(
  gate: Verdict['gates'][number]['gate'],
  measured: number | null = null,
  limit: number | null = null,
): Verdict['gates'][number] {
  return { gate, passed: true, measured, limit };
}

function rulesFor(verdict: Verdict): NonNullable<ItemExplainData['rules']> {
  const compiled = compileProgramme(AUTOMATIC_LINE_PROGRAMME);
  if (compiled.kind !== 'compiled') throw new Error('the example cannot be compiled');
  const facts = factsOfVerdict(verdict, {});
  return compiled.programme.rules.map((rule) => {
    const { id, label, outlet } = rule;
    return { id, label, outlet, failed: firstFailure(rule, facts) };
  });
}

function explained(verdict: Verdict, changes: Partial<ItemExplainData> = {}): ItemExplainData {
  const rules = rulesFor(verdict);
  const rule = rules.find(({ failed }) => failed === null);
  const facts = factsOfVerdict(verdict, {});
  const { fibre, refusal, probability, composition, errorPoints } = verdict;
  const outlet = rule?.outlet ?? 'manuel';
  return {
    item: {
      id: 'nir:0000002a:117',
      readAt: Date.now() - 42_000,
      reading: facts.reading,
      fibre,
      refusal,
      probability,
      composition,
      errorPoints,
      decided: outlet,
      rule: rule?.id ?? null,
      wrote: 'in-time',
      outlet,
      overrides: 0,
      overriddenTo: null,
    },
    verdict,
    facts,
    programme: { id: 'ligne-automatique', version: 1, hash: 'cd'.repeat(32) },
    rules,
    spectrum: {
      gridNm: GRID_NM,
      absorbance: GRID_NM.map((nm) => Number(absorbance(nm, 0.12).toFixed(5))),
      shape: {
        channelsNm: CHANNELS_NM,
        shape: shapeOf(0.12),
        fit: shapeOf(0.1),
        classMean: shapeOf(0.02),
        classFibre: 'cotton',
        residual: 0.121,
        shares: [
          { id: 'cotton', share: 0.87 },
          { id: 'polyester', share: 0.05 },
          { id: 'fond', share: 0.08 },
        ],
      },
    },
    noSpectrum: null,
    overrides: [],
    ...changes,
  };
}

/** By their ids: what each of them is there to show. */
function moments(): Readonly<Record<string, ItemExplainData>> {
  const late = explained(COTTON);
  const saturated = explained(SATURATED);
  const blend = explained(BLEND);
  const told = {
    'nir:0000002a:117': explained(COTTON),
    'nir:0000002a:118': {
      ...late,
      item: { ...late.item, wrote: 'late', outlet: 'manuel', overrides: 2, overriddenTo: 'csr' },
      rules: null,
      spectrum: null,
      noSpectrum: 'another-model',
      overrides: [
        {
          at: Date.now() - 30_000,
          from: 'manuel',
          to: 'essuyage',
          reason: 'seen-by-hand',
          note: '',
          actorRef: null,
        },
        {
          at: Date.now() - 20_000,
          from: 'essuyage',
          to: 'csr',
          reason: 'other',
          note: 'Tache d’huile au dos',
          actorRef: 'a'.repeat(32),
        },
      ],
    },
    'nir:0000002a:119': {
      ...saturated,
      spectrum: {
        gridNm: GRID_NM,
        absorbance: GRID_NM.map((nm) => Math.min(0.7, absorbance(nm, 0.3))),
        shape: null,
      },
    },
    'nir:0000002a:120': { ...blend, spectrum: null, noSpectrum: 'not-kept' },
  } satisfies Readonly<Record<string, ItemExplainData>>;
  return Object.fromEntries(
    Object.entries(told).map(([id, one]) => [id, { ...one, item: { ...one.item, id } }]),
  );
}

/** Newest first; the first ones are {@link moments}. */
function pieceRows(): readonly ItemRow[] {
  const first = Object.values(moments()).map(({ item }) => item);
  const plain = first[0];
  if (plain === undefined) throw new Error('there is no piece');
  return Array.from({ length: PIECES }, (_, i) => ({
    ...(first[i] ?? first[i % 2 === 0 ? 0 : 3] ?? plain),
    id: `nir:0000002a:${117 + i}`,
    readAt: Date.now() - 40_000 - i * 700,
  }));
}

/** What a server answers about pieces, line, site and people. */
export function usual(asked: Asked): Scripted | undefined {
  const [path = '', query = ''] = asked.path.split('?');
  const [, line, rest = ''] = /^\/api\/v1\/lines\/([^/]+)\/items(.*)$/u.exec(path) ?? [];
  if (line === undefined) return usualOfStops(asked);
  if (line !== LINE) return { status: 409, body: { code: 'not-sorting' } };
  if (asked.method === 'POST')
    return { status: 200, body: { id: 'e'.repeat(32), code: 'done', detail: null, seq: 12 } };
  if (rest !== '') {
    const told = moments()[decodeURIComponent(rest.slice(1))];
    return told === undefined ? { status: 404, body: { code: 'unknown-item' } } : { status: 200, body: told };
  }
  return { status: 200, body: pageOf(new URLSearchParams(query)) };
}

function pageOf(query: URLSearchParams): { readonly rows: readonly ItemRow[]; readonly next: string | null } {
  const [outlet, reading] = [query.get('outlet'), query.get('reading')];
  const rows = pieceRows().filter(
    (row) => (outlet === null || row.outlet === outlet) && (reading === null || row.reading === reading),
  );
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 50);
  return { rows: rows.slice(from, to), next: to < rows.length ? String(to) : null };
}
