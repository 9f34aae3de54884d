/**
 * Makes events about material for tests: any type, in any order, about things that may or may not be there, with
 * movements as somebody would have decided them on what the book holds.
 */
import { account, binAccount } from '@trame/protocol/material/accounts';
import type { MaterialEventType, MaterialPayloads } from '@trame/protocol/material/material-payloads';
import type { Move, Weight } from '@trame/protocol/material/move';
import { MATERIAL_EXAMPLES } from '@trame/protocol/material/test-material';
import { PROGRAMME_STEPS } from '@trame/protocol/sort-programmes/programme-events';
import { opaqueId } from '../../ledger/test-ledger.ts';
import type { MaterialBook } from '../material-book.ts';
import { sum, takeShares } from '../shares.ts';
import { loaded, received, scaled, started, TYPED, weighed } from './test-material.ts';

export const LINES = ['tri-1', 'tri-2'] as const;
export const OUTLETS = ['creme', 'csr', 'essuyage'] as const;
const TEST_PROGRAMME = MATERIAL_EXAMPLES['programme.saved'].programme;
const OUTER = ['collector:emmaus', 'client:frip', 'returned:emmaus', 'water:site', 'missing:site'] as const;

/** What one draft hangs on. */
export class TestDraft {
  readonly book: MaterialBook;
  readonly #seed: number;
  #picks = 0;
  readonly #made: { readonly lots: number; readonly outputs: number; readonly shipments: number };

  /** @param made how many of each there are so far. */
  constructor(
    book: MaterialBook,
    seed: number,
    made: { readonly lots: number; readonly outputs: number; readonly shipments: number },
  ) {
    this.book = book;
    this.#seed = seed;
    this.#made = made;
  }

  /** @returns 0 … below `max`, the same for the same seed. */
  below(max: number): number {
    this.#picks += 1;
    return Number.parseInt(opaqueId(`${this.#seed} ${this.#picks}`).slice(0, 12), 16) % max;
  }

  one<T>(choices: readonly [T, ...(readonly T[])]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  flag(): boolean {
    return this.below(2) === 0;
  }

  words(): string {
    return this.one(['', 'a note', 'a\0b', 'l’écru']);
  }

  /** One of those that are there; now and then one that nobody heard of. */
  lot(): string {
    return `L${this.below(20) === 0 ? 900 : 1 + this.below(Math.max(1, this.#made.lots))}`;
  }

  output(): string {
    return `B${this.below(20) === 0 ? 900 : 1 + this.below(Math.max(1, this.#made.outputs))}`;
  }

  outputs(): string[] {
    return [...new Set([this.output(), this.output(), this.output()])];
  }

  shipment(): string {
    return `E${this.below(20) === 0 ? 900 : 1 + this.below(Math.max(1, this.#made.shipments))}`;
  }

  next(what: 'lots' | 'outputs' | 'shipments'): number {
    return this.#made[what] + 1;
  }

  container(): string {
    return this.one(['C-1', 'C-2', 'C-3']);
  }

  line(): string {
    return this.one(LINES);
  }

  outlet(): string {
    return this.one(OUTLETS);
  }

  /** A place that may hold something. */
  place(): string {
    return this.one([
      () => account('lot', this.lot()),
      () => account('container', this.container()),
      () => account('line', this.line()),
      () => binAccount(this.line(), this.outlet()),
      () => account('output', this.output()),
    ])();
  }

  weight(): Weight {
    return this.flag() ? TYPED : scaled(opaqueId(`weighing ${this.below(30)}`));
  }

  event(): string | null {
    return this.flag() ? null : opaqueId(`first ${1 + this.below(40)}`);
  }

  /** So much of what is there; nothing there: no movement. */
  async some(from: string, to: string): Promise<Move[]> {
    const contents = await this.book.contents(from);
    const there = sum(contents);
    return there === 0 || from === to
      ? []
      : [{ from, to, shares: takeShares(contents, 1 + this.below(there)) }];
  }

  all(from: string, to: string): Move[] {
    return from === to ? [] : [{ from, to, shares: null }];
  }
}

type Drafts = {
  readonly [K in MaterialEventType]: (draft: TestDraft) => Promise<MaterialPayloads[K]> | MaterialPayloads[K];
};

export const DRAFTS: Drafts = {
  'partner.declared': (draft) => ({
    partner: draft.one(['emmaus', 'frip']),
    role: draft.one(['collector', 'client']),
    name: draft.words() || 'Emmaüs',
    siret: null,
    accredited: draft.flag(),
    points: [{ point: 'p1', name: 'Mairie', insee: null }],
    communes: [{ insee: '76540', name: 'Rouen', permille: 1000 }],
    retired: draft.flag(),
  }),
  'container.declared': (draft) => ({
    container: draft.container(),
    kind: 'cage',
    tareGrams: draft.below(90_000),
    volumeLitres: null,
    retired: draft.flag(),
  }),
  'container.placed': (draft) => ({ container: draft.container(), zone: draft.one(['a', 'b']) }),
  'lot.received': (draft) => {
    const number = draft.next('lots');
    const grams = 1 + draft.below(400_000);
    if (draft.below(4) === 0) return received(number, grams, { loads: [], moves: [] });
    if (draft.flag()) return received(number, grams);
    const container = draft.container();
    return received(number, grams, {
      loads: [{ container, grossGrams: null, tareGrams: null, netGrams: grams, weight: draft.weight() }],
      moves: [
        {
          from: account('collector', 'emmaus'),
          to: account('container', container),
          shares: [{ lot: `L${number}`, grams }],
        },
      ],
      zone: draft.flag() ? null : 'a',
    });
  },
  'lot.placed': (draft) => ({ lot: draft.lot(), zone: draft.one(['a', 'b']) }),
  'lot.weighed': (draft) => {
    const lot = draft.lot();
    const grams = 1 + draft.below(50_000);
    const weight = draft.weight();
    const container = draft.one([null, 'C-1', 'C-2', 'C-3']);
    const load = { container, grossGrams: null, tareGrams: null, netGrams: grams, weight };
    return {
      lot,
      netGrams: grams,
      weight,
      reason: 'late',
      corrects: draft.event(),
      ...(draft.flag() ? { load } : {}),
      moves: [{ from: 'collector:emmaus', to: account('lot', lot), shares: [{ lot, grams }] }],
    };
  },
  'lot.dried': async (draft) => {
    const from = draft.place();
    const moves = await draft.some(from, 'water:site');
    return { lot: draft.lot(), from, netGrams: 5, waterGrams: 1, weight: draft.weight(), moves };
  },
  'lot.refused': async (draft) => {
    const lot = draft.lot();
    return {
      lot,
      grams: draft.flag() ? null : 1 + draft.below(5_000),
      whole: draft.flag(),
      reason: 'wet',
      note: draft.words(),
      attachments: [attachment(draft), attachment(draft)],
      moves: await draft.some(account('lot', lot), 'returned:emmaus'),
    };
  },
  'lot.returned': async (draft) => {
    const lot = draft.lot();
    const moves = draft.all(account('lot', lot), 'returned:emmaus');
    const grams = Math.max(1, sum(await draft.book.contents(account('lot', lot))));
    return { lot, to: null, grams, note: '', moves };
  },
  'lot.voided': async (draft) => {
    const lot = draft.lot();
    const moves = await draft.some(account('lot', lot), 'collector:frip');
    return { lot, corrects: draft.event(), reason: '', moves };
  },
  'lot.amended': (draft) => ({
    lot: draft.lot(),
    corrects: draft.event(),
    skimming: 'skimmed',
    legalStatus: 'donation',
    condition: draft.one(['dry', 'wet']),
    family: 'shoes',
    wasteCode: '20 01 10',
    usualName: '',
    vehicle: null,
    transporter: null,
    note: '',
  }),
  'lot.attributed': (draft) => {
    const lot = draft.lot();
    const shares = [{ lot, grams: 1 + draft.below(9_000) }];
    return {
      lot,
      collector: draft.flag() ? null : 'frip',
      points: [],
      communes: [],
      allocation: 'equal',
      corrects: draft.event(),
      note: '',
      moves: [{ from: 'collector:frip', to: 'collector:emmaus', shares }],
    };
  },
  'lot.split': async (draft) => {
    const lot = draft.lot();
    const number = draft.next('lots');
    const moves = await draft.some(account('lot', lot), account('lot', `L${number}`));
    const grams = Math.max(1, sum(moves[0]?.shares ?? []));
    return { lot, into: [{ lot: `L${number}`, number, grams }], moves };
  },
  'lot.merged': (draft) => {
    const number = draft.next('lots');
    const lots = [draft.lot(), draft.lot()];
    const moves = [...new Set(lots)].map((lot) => ({
      from: account('lot', lot),
      to: account('lot', `L${number}`),
      shares: null,
    }));
    return { lots, into: `L${number}`, number, moves };
  },
  'document.attached': (draft) => ({ about: draft.place(), attachment: attachment(draft) }),
  'note.written': (draft) => ({ about: draft.flag() ? null : draft.place(), text: draft.words() }),
  'line.loaded': async (draft) => {
    const from = draft.one([account('lot', draft.lot()), account('container', draft.container())]);
    const line = draft.line();
    const to = account('line', line);
    const counted = draft.one(['all', 'weighed', 'by-infeed', 'by-infeed'] as const);
    const moves =
      counted === 'all' ? draft.all(from, to) : counted === 'weighed' ? await draft.some(from, to) : [];
    return { ...loaded([from], counted, moves), line, weight: draft.flag() ? null : draft.weight() };
  },
  'line.unloaded': async (draft) => {
    const line = draft.line();
    const from = account('lot', draft.lot());
    return { line, from, grams: 0, note: '', moves: await draft.some(account('line', line), from) };
  },
  'line.emptied': (draft) => {
    const line = draft.line();
    const moves = draft.all(account('line', line), account('difference', line));
    return { line, bookedGrams: 0, remainingGrams: 0, note: '', moves };
  },
  'mass.moved': async (draft) => {
    const [from, to] = [draft.place(), draft.place()];
    const weight = draft.flag() ? null : draft.weight();
    const moves = draft.flag() ? draft.all(from, to) : await draft.some(from, to);
    return { from, to, counted: 'weighed', grams: 1, weight, entry: 'paper', corrects: draft.event(), moves };
  },
  'outlet.audited': (draft) => ({
    line: draft.line(),
    outlet: draft.outlet(),
    sampledGrams: 5_000,
    misplaced: [{ outlet: draft.outlet(), grams: 1 + draft.below(900) }],
    note: '',
  }),
  'audit.voided': (draft) => ({
    line: draft.line(),
    outlet: draft.outlet(),
    corrects: draft.event() ?? 'ab'.repeat(16),
    reason: '',
  }),
  'shift.opened': (draft) => ({
    shift: draft.one(['S1', 'S2']),
    line: draft.line(),
    team: 'A',
    posts: [{ post: 'table-1', heads: draft.below(5) }],
  }),
  'shift.closed': (draft) => ({ shift: draft.one(['S1', 'S2', 'S9']), unclaimed: 0, note: '' }),
  'shift.signed': (draft) => ({
    shift: draft.one(['S1', 'S2', 'S9']),
    line: draft.line(),
    side: draft.one(['leaving', 'arriving']),
    text: draft.words(),
  }),
  'stop.explained': (draft) => ({
    line: draft.line(),
    stop: opaqueId(`stop ${draft.below(3)}`),
    cause: draft.one(['bourrage', 'formation']),
    kind: draft.one(['operating', 'training']),
    note: draft.words(),
  }),
  'programme.saved': (draft) => {
    const programme = { ...TEST_PROGRAMME, id: draft.one(['p', 'q']), version: 1 + draft.below(3) };
    return { programme, hash: draft.one(['aa', 'bb']).repeat(32), note: draft.words() };
  },
  'programme.stepped': (draft) => ({
    line: draft.line(),
    programme: draft.one(['p', 'q']),
    version: 1 + draft.below(2),
    hash: draft.one(['aa', 'aa', 'bb']).repeat(32),
    step: draft.one(PROGRAMME_STEPS),
    note: draft.words(),
  }),
  'campaign.opened': (draft) => ({ campaign: draft.one(['C1', 'C2']), line: draft.line(), name: 'Hiver' }),
  'campaign.closed': (draft) => ({ campaign: draft.one(['C1', 'C2', 'C9']), note: '' }),
  'month.closed': (draft) => ({ month: draft.one(['2026-09', '2026-10']), note: '' }),
  'restart.answered': (draft) => ({
    line: draft.line(),
    boot: draft.one(['00000000000000aa', '00000000000000bb']),
    presses: [],
    bins: [],
    clockRight: true,
    note: '',
  }),
  'scale.logged': (draft) => ({ scale: 'floor', entry: 'repair', on: '2026-11-20', text: draft.words() }),
  'output.started': (draft) => started(draft.next('outputs'), { line: draft.line(), outlet: draft.outlet() }),
  'output.pressed': (draft) => ({ output: draft.output(), toWeigh: draft.flag() }),
  'output.weighed': async (draft) => {
    const output = draft.output();
    const from = draft.one([binAccount(draft.line(), draft.outlet()), account('line', draft.line())]);
    const moves = await draft.some(from, account('output', output));
    const short = draft.below(3_000);
    if (short > 0) {
      const shares = [{ lot: 'unknown', grams: short }];
      moves.push({ from: account('difference', 'tri-1'), to: account('output', output), shares });
    }
    const grams = Math.max(1, sum(moves.flatMap(({ shares }) => shares ?? [])));
    return { ...weighed(1, grams, moves, { weight: draft.weight(), corrects: draft.event() }), output };
  },
  'output.labelled': (draft) => ({ output: draft.output(), code: 'X-1', how: 'bound', printer: null }),
  'output.placed': (draft) => ({ output: draft.output(), zone: draft.one(['a', 'b']) }),
  'output.reclassified': (draft) => ({
    output: draft.output(),
    from: draft.outlet(),
    outlet: draft.outlet(),
    reason: draft.words(),
  }),
  'output.opened': (draft) => {
    const output = draft.output();
    const to = binAccount(draft.line(), draft.outlet());
    return { output, to, reason: '', moves: draft.all(account('output', output), to) };
  },
  'output.repressed': (draft) => {
    const into = draft.output();
    const outputs = draft.outputs();
    return {
      outputs,
      into,
      moves: outputs.flatMap((output) => draft.all(account('output', output), account('output', into))),
    };
  },
  'output.voided': (draft) => {
    const output = draft.output();
    const moves = draft.all(account('output', output), binAccount('tri-1', draft.outlet()));
    return { output, reason: '', corrects: draft.event() ?? opaqueId('first 1'), moves };
  },
  'output.examined': (draft) => ({
    output: draft.output(),
    moisturePercent: draft.one([null, 0, 7.25, 60]),
    grade: draft.one([null, 'material', 'waste'] as const),
    note: '',
  }),
  'output.damaged': async (draft) => {
    const output = draft.output();
    const moves = await draft.some(account('output', output), 'missing:site');
    const lostGrams = sum(moves[0]?.shares ?? []);
    return { output, lostGrams, reason: '', attachments: [attachment(draft)], moves };
  },
  'output.missing': (draft) => {
    const output = draft.output();
    return { output, reason: '', moves: draft.all(account('output', output), 'missing:site') };
  },
  'output.found': async (draft) => {
    const output = draft.output();
    const moves = await draft.some('missing:site', account('output', output));
    return { output, zone: draft.flag() ? null : 'b', corrects: draft.event(), moves };
  },
  'stock.counted': async (draft) => {
    const zone = draft.one(['a', 'b']);
    const missing = draft.outputs();
    return {
      zone,
      outlet: null,
      bookedCount: 1,
      countedCount: 2,
      bookedGrams: 0,
      countedGrams: null,
      differenceGrams: null,
      reason: '',
      missing,
      found: draft.outputs(),
      moves: await draft.some(account('output', missing[0] ?? 'B1'), account('difference', `zone-${zone}`)),
    };
  },
  'shipment.opened': (draft) => {
    const number = draft.next('shipments');
    return {
      shipment: `E${number}`,
      number,
      partner: 'frip',
      purpose: draft.one(['delivery', 'subcontract']),
      transporter: null,
      vehicle: null,
      operation: 'R3',
      wasteCode: draft.flag() ? null : '19 12 08',
      note: '',
    };
  },
  'shipment.loaded': (draft) => ({
    shipment: draft.shipment(),
    output: draft.output(),
    checkGrams: null,
    differenceGrams: null,
    weight: draft.flag() ? null : draft.weight(),
  }),
  'shipment.unloaded': (draft) => ({ shipment: draft.shipment(), output: draft.output(), reason: '' }),
  'shipment.dispatched': async (draft) => {
    const shipment = draft.shipment();
    const loads = await draft.book.shipmentOutputs(shipment);
    const to = account(draft.one(['client', 'subcontractor']), 'frip');
    const moves = loads.flatMap(({ output }) => draft.all(account('output', output), to));
    return {
      shipment,
      outputs: 1,
      netGrams: 5,
      vehicle: null,
      annexVii: null,
      attachments: [attachment(draft)],
      moves,
    };
  },
  'shipment.amended': (draft) => ({
    shipment: draft.shipment(),
    transporter: null,
    vehicle: 'AB-123-CD',
    operation: draft.flag() ? null : 'R12',
    wasteCode: null,
    annexVii: null,
    reason: '',
    corrects: '0123456789abcdef0123456789abcdef',
  }),
  'shipment.cancelled': (draft) => ({ shipment: draft.shipment(), reason: '' }),
  'shipment.received': (draft) => ({
    shipment: draft.shipment(),
    clientGrams: draft.flag() ? null : 1 + draft.below(9_000),
    differenceGrams: null,
    refused: draft.outputs(),
    reason: '',
    attachments: [],
  }),
  'shipment.returned': async (draft) => {
    const outputs = draft.outputs();
    const moves = await draft.some('client:frip', account('output', outputs[0] ?? 'B1'));
    return { shipment: draft.shipment(), outputs, zone: draft.flag() ? null : 'a', reason: '', moves };
  },
  'subcontract.returned': async (draft) => {
    const number = draft.next('lots');
    const moves = await draft.some('subcontractor:frip', account('lot', `L${number}`));
    return {
      shipment: draft.shipment(),
      lot: `L${number}`,
      number,
      outlet: draft.flag() ? null : 'essuyage',
      netGrams: 5,
      weight: draft.weight(),
      zone: null,
      moves,
    };
  },
  'subcontract.finished': async (draft) => {
    const moves = await draft.some('subcontractor:frip', 'difference:site');
    return { shipment: draft.shipment(), grams: 5, note: '', moves };
  },
};

/** What nobody decided on this book: more than there is, out of anything, into anything. */
export function foreignMove(draft: TestDraft): MaterialPayloads['mass.moved'] {
  const anywhere = () => (draft.flag() ? draft.place() : draft.one(OUTER));
  const [from, to] = [anywhere(), anywhere()];
  const shares = draft.flag()
    ? null
    : [
        { lot: draft.lot(), grams: 1 + draft.below(500_000) },
        { lot: draft.lot(), grams: 1 + draft.below(500_000) },
      ];
  const moves = [{ from, to, shares }];
  return { from, to, counted: 'weighed', grams: 1, weight: null, entry: 'screen', corrects: null, moves };
}

function attachment(draft: TestDraft): MaterialPayloads['document.attached']['attachment'] {
  const sha256 = draft.one(['a', 'b']).repeat(64);
  return { sha256, name: 'photo', media: 'image/jpeg', bytes: 9, kind: 'photo' };
}
