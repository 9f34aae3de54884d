import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../canonical-json.ts';
import type { FibreVerdict } from '../../classification/fibre-verdict.ts';
import { checkProgramme } from '../check-programme.ts';
import { decideOutlet } from '../decide-outlet.ts';
import { factsOfVerdict } from '../facts-of-verdict.ts';
import { handFacts } from '../hand-facts.ts';
import type { PieceFacts } from '../programme-inputs.ts';
import { readProgramme } from '../read-programme.ts';
import { KNOWN_NOTHING, compiled } from '../test-programmes.ts';
import { AUTOMATIC_LINE_PROGRAMME } from './automatic-line.ts';
import { EVERY_OUTLET_PROGRAMME } from './every-outlet.ts';
import { HAND_TABLES_PROGRAMME } from './hand-tables.ts';

const TABLES = [
  'creme',
  'reemploi',
  'essuyage',
  'effilochage',
  'polymere',
  'buchettes',
  'csr',
  'elimination',
];
const EXAMPLES = [
  { programme: AUTOMATIC_LINE_PROGRAMME, outlets: [...TABLES, 'manuel'] },
  { programme: HAND_TABLES_PROGRAMME, outlets: TABLES },
  { programme: EVERY_OUTLET_PROGRAMME, outlets: null },
];
/** What a ledger takes as one event, less room for its envelope and a note. */
const LEDGER_BYTES = 30 * 1024;

describe.each(EXAMPLES)('the example $programme.id', ({ programme, outlets }) => {
  it('can be loaded as it is, without an error or a warning', () => {
    expect(readProgramme(JSON.parse(JSON.stringify(programme))).kind).toBe('programme');
    const findings = checkProgramme(programme, outlets);
    expect(findings.filter(({ weight }) => weight !== 'note')).toEqual([]);
    expect(programme.example).toBe(true);
  });

  it('leads to every outlet of its line', () => {
    const led = new Set(programme.rules.map(({ outlet }) => outlet));
    expect([...(outlets ?? led)].filter((outlet) => !led.has(outlet))).toEqual([]);
  });

  it('says of every threshold where it comes from, and of an assumption that it is one', () => {
    const sources = Object.values(programme.thresholds).map(({ source }) => source);
    const known = /Hypothèse|hypothèse|Règl\. \(UE\)|Pas une limite/u;
    expect(sources.filter((source) => !known.test(source))).toEqual([]);
  });

  it('carries the ceilings of solid recovered fuel', () => {
    expect(programme.ceilings.map(({ outlet, mgPerKgDry }) => `${outlet} ${mgPerKgDry}`)).toEqual([
      'csr 3',
      'csr 15000',
      'csr 15000',
      'csr 20000',
    ]);
  });

  it('fits into one event of the ledger', () => {
    expect(Buffer.byteLength(canonicalJson(programme))).toBeLessThan(LEDGER_BYTES);
  });

  it('sends no fuel logs anything but natural fibres, and no piece with PVC to be burnt', () => {
    const whole = compiled(programme);
    for (let synthetic = 3; synthetic <= 100; synthetic += 1) {
      const blend = { cotton: (100 - synthetic) / 2, wool: (100 - synthetic) / 2 };
      const read = { ...KNOWN_NOTHING, reading: 'blend' as const, errorPoints: 3 };
      const mixed = { ...read, composition: { ...blend, polyester: synthetic } };
      expect(decideOutlet(whole, mixed).outlet).not.toBe('buchettes');
      const coated = { ...read, composition: { ...blend, 'polyvinyl-chloride': synthetic } };
      if (synthetic < 15) continue;
      for (const more of [{}, { grade: 'wiper' }, { family: 'shoes' }, { grade: 'material' }] as const) {
        expect(decideOutlet(whole, { ...coated, ...more }).outlet).toBe('elimination');
      }
    }
  });
});

function verdict(composition: FibreVerdict['composition'], more: Partial<FibreVerdict> = {}): FibreVerdict {
  const [first] = composition;
  return {
    fibre: composition.length === 1 ? (first?.fibre ?? null) : null,
    refusal: composition.length === 1 ? null : 'blend',
    probability: 0.95,
    composition,
    errorPoints: 3,
    background: 0,
    gates: [],
    model: null,
    ...more,
  };
}

describe('on the automatic line', () => {
  const whole = compiled(AUTOMATIC_LINE_PROGRAMME);
  const outletOf = (facts: PieceFacts) => decideOutlet(whole, facts).outlet;
  const read = (
    shares: Partial<Record<'cotton' | 'polyester' | 'wool' | 'polyamide' | 'flax' | 'acrylic', number>>,
  ) =>
    outletOf(
      factsOfVerdict(
        verdict(Object.entries(shares).map(([fibre, percent]) => ({ fibre: fibre as 'cotton', percent }))),
        {},
      ),
    );

  it('fibres go to their outlets, and blends that none takes become fuel', () => {
    expect(read({ cotton: 100 })).toBe('effilochage');
    expect(read({ wool: 100 })).toBe('effilochage');
    expect(read({ acrylic: 100 })).toBe('effilochage');
    expect(read({ polyester: 100 })).toBe('polymere');
    expect(read({ polyamide: 100 })).toBe('polymere');
    expect(read({ cotton: 65, polyester: 35 })).toBe('csr');
    expect(read({ cotton: 55, wool: 45 })).toBe('buchettes');
    expect(read({ flax: 90, cotton: 10 })).toBe('manuel');
  });

  it('the guard keeps what lies near a limit out', () => {
    expect(read({ cotton: 83, polyester: 17 })).toBe('effilochage');
    expect(read({ cotton: 82, polyester: 18 })).toBe('csr');
    expect(read({ polyester: 88, cotton: 12 })).toBe('polymere');
    expect(read({ polyester: 87, cotton: 13 })).toBe('csr');
  });

  it('whatever could not be read or is not recognised goes to hands', () => {
    for (const refusal of ['not-a-number', 'saturated', 'background', 'distance', 'no-model'] as const) {
      expect(outletOf(factsOfVerdict(verdict([], { refusal, fibre: null, errorPoints: null }), {}))).toBe(
        'manuel',
      );
    }
    expect(outletOf(KNOWN_NOTHING)).toBe('manuel');
  });

  it('what a person saw goes before the spectrum', () => {
    const cotton = verdict([{ fibre: 'cotton', percent: 100 }]);
    expect(outletOf(factsOfVerdict(cotton, { grade: 'creme' }))).toBe('creme');
    expect(outletOf(factsOfVerdict(cotton, { grade: 'second' }))).toBe('reemploi');
    expect(outletOf(factsOfVerdict(cotton, { grade: 'wiper' }))).toBe('essuyage');
    expect(outletOf(factsOfVerdict(cotton, { grade: 'waste' }))).toBe('elimination');
    expect(outletOf(factsOfVerdict(cotton, { moisturePercent: 30 }))).toBe('manuel');
    const polyester = verdict([{ fibre: 'polyester', percent: 100 }]);
    expect(outletOf(factsOfVerdict(polyester, { grade: 'wiper' }))).toBe('polymere');
  });

  it('a decision takes microseconds', () => {
    const facts = factsOfVerdict(
      verdict([
        { fibre: 'cotton', percent: 30 },
        { fibre: 'wool', percent: 70 },
      ]),
      {},
    );
    const runs = 20_000;
    for (let run = 0; run < 2_000; run += 1) outletOf(facts);
    const started = performance.now();
    for (let run = 0; run < runs; run += 1) outletOf(facts);
    const eachMs = (performance.now() - started) / runs;
    expect(eachMs).toBeLessThan(0.05);
  });
});

describe('at the tables', () => {
  const whole = compiled(HAND_TABLES_PROGRAMME);
  const byHand = (...args: Parameters<typeof handFacts>) => {
    const hand = handFacts(...args);
    if (hand.kind === 'refused') throw new Error(hand.words);
    return decideOutlet(whole, hand.facts);
  };

  it('a label decides what the eye cannot', () => {
    expect(byHand({ grade: 'material' }, [{ fibre: 'polyester', percent: 100 }]).outlet).toBe('polymere');
    expect(byHand({ grade: 'material', colour: 'white' }, [{ fibre: 'cotton', percent: 100 }]).rule).toBe(
      'effilochage-coton-clair',
    );
    expect(byHand({ grade: 'material', colour: 'dark' }, [{ fibre: 'cotton', percent: 100 }]).rule).toBe(
      'effilochage-coton',
    );
    expect(byHand({ grade: 'material' }, [{ fibre: 'flax', percent: 100 }]).rule).toBe('lin-composite');
  });

  it('without one the hand decides, and what it does not know is not sent to be torn', () => {
    expect(byHand({ grade: 'first' }, null).outlet).toBe('reemploi');
    expect(byHand({ grade: 'wiper' }, null).outlet).toBe('essuyage');
    expect(byHand({ category: 'denim' }, null).outlet).toBe('effilochage');
    expect(byHand({ grade: 'material' }, null).outlet).toBe('csr');
  });
});
