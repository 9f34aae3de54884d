/** A line with machines and tables whose outlets are known well, badly and not at all: what a server answers about them. */
import type {
  AuditPlanRow,
  AuditRow,
  EstimatedComposition,
  EstimatedShare,
  FractionRow,
  LotClass,
  OutputComposition,
  SortingError,
} from '@trame/protocol/classification/classification-answers';
import { CSR_CEILINGS } from '@trame/protocol/sort-programmes/examples/csr-ceilings';
import type { Asked, Scripted } from './scripted-dashboard.ts';

const OUTLETS = [
  ['creme', 'Crème'],
  ['effilochage', 'Effilochage'],
  ['polymere', 'Polymère'],
  ['csr', 'CSR'],
  ['buchettes', 'Bûchettes'],
  ['elimination', 'Élimination'],
] as const;

const REFERENCE = {
  site: 'site',
  line: 'tri-1',
  profile: 'automatic',
  demo: true,
  kioskDpi: null,
  outlets: OUTLETS.map(([id, label]) => ({
    id,
    label,
    pictogram: id,
    group: null,
    unit: 'bale',
    packagingGrams: 900,
    usualGrams: null,
    family: null,
  })),
  presses: [],
  scales: [],
  zones: [],
  printers: [],
  containerKinds: [],
};

/** Of the zone that the page is shown in. */
function thisMonth(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(Date.now()).slice(0, 7);
}

type Share = readonly [EstimatedShare['fibre'], number, number];

function shares(grams: number, all: readonly Share[]): EstimatedShare[] {
  return all.map(([fibre, percent, errorPoints]) => ({
    fibre,
    percent,
    errorPoints,
    grams: Math.round((grams * percent) / 100),
    errorGrams: Math.round((grams * errorPoints) / 100),
  }));
}

const AUDITED: SortingError = {
  audits: 2,
  sampledGrams: 64_000,
  misplacedGrams: 2_700,
  percent: 4.22,
  lowPercent: 1.9,
  highPercent: 8.6,
};

function composition(changes: Partial<EstimatedComposition>): EstimatedComposition {
  return {
    source: 'items',
    pieces: 18_412,
    described: 17_220,
    describedPercent: 93.5,
    shares: [],
    audit: null,
    ...changes,
  };
}

const READ_BY = [{ id: 'ligne-automatique', version: 3, hash: '9f86d081884c7d659a2feaa0c55ad015' }];

function fraction(outlet: string, grams: number, changes: Partial<FractionRow>): FractionRow {
  return {
    line: 'tri-1',
    outlet,
    month: thisMonth(),
    grams,
    composition: composition({}),
    readings: { pure: 12_100, blend: 5_120, unknown: 640, 'see-through': 88, unreadable: 12, none: 452 },
    late: 0,
    programmes: READ_BY,
    models: ['nirscan-nano-2026-11'],
    ...changes,
  };
}

const NOTHING_READ = { pure: 0, blend: 0, unknown: 0, 'see-through': 0, unreadable: 0, none: 0 };
const BY_HAND = { pieces: 0, described: 0, describedPercent: 100 } as const;

function fractions(): FractionRow[] {
  const machine: readonly Share[] = [
    ['cotton', 71.4, 1.1],
    ['polyester', 18.2, 0.9],
    ['wool', 5.1, 0.4],
    ['acrylic', 2.9, 0.3],
    ['elastane', 1.2, 0.2],
    ['flax', 0.8, 0.2],
    ['polyvinyl-chloride', 0.4, 0.02],
  ];
  const both: readonly Share[] = [
    ['polyester', 66, 3.4],
    ['cellulosic', 22, 3],
    ['polyamide', 12, 1.6],
  ];
  const hand: readonly Share[] = [
    ['cotton', 55, 8.2],
    ['polyester', 45, 8.2],
  ];
  return [
    fraction('effilochage', 5_512_300, {
      composition: composition({ shares: shares(5_512_300, machine), audit: AUDITED }),
      late: 12,
    }),
    fraction('csr', 1_980_400, {
      composition: composition({ source: 'both', describedPercent: 61, shares: shares(1_980_400, both) }),
      late: 1,
    }),
    fraction('creme', 412_000, {
      composition: composition({ source: 'hand', ...BY_HAND, shares: shares(412_000, hand) }),
      readings: NOTHING_READ,
      programmes: [],
      models: [],
    }),
    fraction('elimination', 8_300, {
      composition: composition({ source: 'unknown', ...BY_HAND, describedPercent: 0 }),
      readings: NOTHING_READ,
      programmes: [],
      models: [],
    }),
  ];
}

function audits(): AuditRow[] {
  const month = thisMonth();
  const day = `${month}-01`;
  return [
    {
      line: 'tri-1',
      outlet: 'effilochage',
      month,
      error: AUDITED,
      misplaced: [
        { outlet: 'polymere', grams: 1_900 },
        { outlet: 'csr', grams: 800 },
      ],
      samples: [
        { event: '1'.repeat(32), day, sampledGrams: 40_000 },
        { event: '2'.repeat(32), day, sampledGrams: 24_000 },
      ],
    },
    {
      line: 'tri-1',
      outlet: 'creme',
      month,
      error: {
        audits: 1,
        sampledGrams: 12_000,
        misplacedGrams: 0,
        percent: 0,
        lowPercent: 0,
        highPercent: 11.3,
      },
      misplaced: [],
      samples: [{ event: '3'.repeat(32), day, sampledGrams: 12_000 }],
    },
  ];
}

function planRow(outlet: string, changes: Partial<AuditPlanRow>): AuditPlanRow {
  return {
    line: 'tri-1',
    outlet,
    expectedPercent: 5,
    isAssumed: true,
    neededGrams: 204_000,
    sampledGrams: 0,
    missingGrams: 204_000,
    ...changes,
  };
}

function plan(): AuditPlanRow[] {
  return [
    planRow('effilochage', {
      expectedPercent: 4.22,
      isAssumed: false,
      neededGrams: 173_400,
      sampledGrams: 64_000,
      missingGrams: 109_400,
    }),
    planRow('csr', {}),
    planRow('creme', { neededGrams: 9_000, sampledGrams: 12_000, missingGrams: 0 }),
    planRow('buchettes', { neededGrams: 0, missingGrams: 0 }),
  ];
}

/** @param moisturePercent null: nobody measured it. */
function outputComposition(moisturePercent: number | null): OutputComposition {
  const netGrams = 248_000;
  const now = Date.now();
  const percent = moisturePercent ?? 3.8;
  const dryGrams = Math.round(netGrams * (1 - percent / 100));
  return {
    output: 'B1042',
    outlet: 'csr',
    netGrams,
    fromMs: now - 5 * 3_600_000,
    toMs: now - 3_600_000,
    composition: composition({
      pieces: 812,
      described: 640,
      describedPercent: 78.8,
      shares: shares(netGrams, [
        ['polyester', 66, 2.1],
        ['cellulosic', 22, 1.8],
        ['polyamide', 12, 1.2],
      ]),
    }),
    moisturePercent: percent,
    moistureSource: moisturePercent === null ? 'conventional' : 'measured',
    dryGrams,
    conventionalGrams: Math.round(dryGrams * 1.039),
    grade: moisturePercent === null ? null : 'material',
  };
}

function expected(
  id: string,
  foundGrams: number,
  expectedPercent: number,
  forecastGrams: number,
): LotClass['outlets'][number] {
  return {
    outlet: id,
    foundGrams,
    expectedPercent,
    lowPercent: Math.max(0, expectedPercent - 7),
    highPercent: expectedPercent + 8,
    forecastGrams,
  };
}

function lotClass(): LotClass {
  return {
    lot: 'L118',
    class: ['effilochage', 'creme'],
    basis: 'like',
    likeLots: 14,
    receivedGrams: 1_240_000,
    sortedGrams: 96_000,
    outlets: [
      expected('effilochage', 41_000, 45, 514_800),
      expected('creme', 27_000, 25, 286_000),
      expected('csr', 28_000, 30, 343_200),
    ],
  };
}

const BALE = {
  id: 'B1042',
  number: 1042,
  line: 'tri-1',
  press: 'presse-1',
  outlet: 'csr',
  unit: 'bale',
  status: 'stock',
  startedAt: Date.now() - 3_600_000,
  weighedAt: Date.now() - 3_500_000,
  grossGrams: 249_000,
  packagingGrams: 1_000,
  netGrams: 248_000,
  weightHow: 'scale',
  pieces: null,
  pairs: null,
  unusual: false,
  damaged: false,
  code: null,
  zone: null,
  shipment: null,
  sheet: null,
};

const LOT = {
  id: 'L118',
  number: 118,
  kind: 'received',
  at: Date.now() - 7_200_000,
  collector: 'ressourcerie',
  collectorName: 'Ressourcerie des Deux Rives',
  skimming: 'skimmed',
  legalStatus: 'waste',
  condition: 'dry',
  family: 'clothing',
  wasteCode: '20 01 10',
  usualName: 'Textiles usagés',
  vehicle: null,
  zone: null,
  status: 'open',
  receivedGrams: 1_240_000,
  waitingGrams: 1_144_000,
  refusedGrams: 0,
  estimated: false,
};

function rows(of: readonly unknown[]): object {
  return { rows: of, next: null };
}

function graph(root: string): object {
  return { root, nodes: [], edges: [], truncated: false };
}

/** @param told.moisturePercent null: nobody measured it yet. */
export function usual(
  { method, path }: Asked,
  told: { readonly moisturePercent: number | null } = { moisturePercent: null },
): Scripted | undefined {
  if (method !== 'GET') return undefined;
  const name = path.split('?')[0]?.replace('/api/v1', '') ?? '';
  const follows = {
    programme: 'ligne-automatique',
    version: 3,
    hash: READ_BY[0]?.hash,
    label: 'Ligne automatique',
    at: Date.now(),
    by: 'line',
  };
  const answers: Readonly<Record<string, unknown>> = {
    '/reference': REFERENCE,
    '/partners': rows([]),
    '/fractions': rows(path.includes(`from=${thisMonth()}`) ? fractions() : []),
    '/audits': rows(path.includes(`from=${thisMonth()}`) ? audits() : []),
    '/audits/plan': rows(plan()),
    '/sort-programmes/lines': {
      approvals: 1,
      rows: [{ line: 'tri-1', outlets: [], follows, approved: null, waiting: null }],
      next: null,
    },
    '/sort-programmes/ligne-automatique': { version: 3, programme: { ceilings: CSR_CEILINGS } },
    '/bales/B1042': { bale: BALE, content: [], journal: [] },
    '/bales/B1042/ancestry': graph('B1042'),
    '/bales/B1042/composition': outputComposition(told.moisturePercent),
    '/lots/L118': { lot: LOT, communes: [], attachments: [], whereabouts: [], journal: [] },
    '/lots/L118/descendants': graph('L118'),
    '/lots/L118/class': lotClass(),
  };
  return Object.hasOwn(answers, name) ? { status: 200, body: answers[name] } : undefined;
}
