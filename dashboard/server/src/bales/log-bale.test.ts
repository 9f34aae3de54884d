import { makeSscc } from '@trame/protocol/sscc';
import { emptyLine } from '../line-work/empty-line.ts';
import { describe, expect, it } from 'vitest';
import { materialSite } from '../testing/test-material-site.ts';
import { TEST_REFERENCE, TEST_SITE } from '../testing/material-reference.ts';
import { rollOf } from '../labels/preprinted-label.ts';
import { balesOf, findBale } from './bale-repository.ts';
import { scannedOutput } from './output-code.ts';
import { labelBale } from './label-bale.ts';
import { logBale } from './log-bale.ts';
import { pressBale } from './press-bale.ts';
import {
  ALL_BALES,
  bale,
  BIN,
  DIFFERENCE,
  LINE,
  logged,
  ofNet,
  outputOf,
  put,
  siteAtWork,
} from './test-outputs.ts';
import { voidBale } from './void-bale.ts';

function sscc(extension: number, serial: number): string {
  const made = makeSscc('3761303', extension, serial);
  if (made.kind !== 'made') throw new Error('no such number');
  return made.sscc;
}

describe('an output logged by two touches', () => {
  it('is started, pressed, weighed, labelled and placed at once', async () => {
    await using site = await siteAtWork();
    const weighing = await site.weighing({
      tareKind: 'none',
      tareGrams: null,
      grossGrams: 202_000,
      netGrams: 202_000,
    });
    const done = await site.act(logBale, bale({ weight: { how: 'scale', weighing }, zone: 'stock' }));
    expect(done).toMatchObject({ id: 'B1', number: 1, warnings: [] });
    expect(done.drafts.map(({ type }) => type)).toEqual([
      'output.started',
      'output.pressed',
      'output.weighed',
      'output.labelled',
      'output.placed',
    ]);
    expect(await outputOf(site, 'B1')).toMatchObject({
      status: 'stock',
      press: 'presse-1',
      unit: 'bale',
      grossGrams: 202_000,
      packagingGrams: 2_000,
      netGrams: 200_000,
      weightHow: 'scale',
      unusual: 0,
      code: sscc(0, 1),
      zone: 'stock',
      weightEvent: done.events[2],
    });
    expect((await site.book.weighing(weighing))?.claimedBy).toBe('output:B1');
  });

  it('takes its net from the bin, then the line, each by what is mixed there', async () => {
    await using site = await siteAtWork();
    await put(site, BIN, [{ lot: 'L3', grams: 60_000 }]);
    await logged(site, 100_000);
    expect(await site.held('output:B1')).toEqual({ L1: 30_000, L2: 10_000, L3: 60_000 });
    expect(await site.grams(BIN)).toBe(0);
    expect(await site.held(LINE)).toEqual({ L1: 570_000, L2: 190_000 });
  });

  it('heavier than all that is known there shows the rest as a difference, of no lot', async () => {
    await using site = await materialSite();
    await put(site, LINE, [{ lot: 'L1', grams: 90_000 }]);
    const done = await logged(site, 100_000);
    expect(done.warnings).toEqual(['heavier-than-source']);
    expect(await site.held('output:B1')).toEqual({ L1: 90_000, unknown: 10_000 });
    expect((await site.standing())[DIFFERENCE]).toBe(-10_000);
  });

  it('told late takes what the line is said to have lost, before what is of no lot', async () => {
    await using site = await materialSite();
    await put(site, LINE, [{ lot: 'L1', grams: 100_000 }]);
    await site.act(emptyLine, {}, 'tri-1');
    const morning = site.nowMs - 3_600_000;
    const late = await site.act(logBale, bale({ weight: ofNet(98_000) }), '', morning);
    expect(late.warnings).toEqual([]);
    expect(await site.held('output:B1')).toEqual({ L1: 98_000 });
    const more = await logged(site, 100_000);
    expect(more.warnings).toEqual(['heavier-than-source']);
    expect(await site.held('output:B2')).toEqual({ unknown: 98_000, L1: 2_000 });
    expect((await site.standing())[DIFFERENCE]).toBe(-98_000);
  });

  it('outside the usual range is recorded, and somebody is asked to weigh it again', async () => {
    await using site = await siteAtWork();
    const light = await logged(site, 60_000);
    expect(light.warnings).toEqual(['unusual-weight']);
    const agreed = await logged(site, 60_000, { unusual: true });
    expect(agreed.warnings).toEqual([]);
    expect(await outputOf(site, 'B1')).toMatchObject({ unusual: 1, netGrams: 60_000 });
    expect(await outputOf(site, 'B2')).toMatchObject({ unusual: 1 });
  });

  it('without any scale is in stock by count', async () => {
    await using site = await siteAtWork();
    for (const stage of ['to-weigh', 'done'] as const)
      await site.act(logBale, bale({ stage, zone: 'stock' }));
    for (const id of ['B1', 'B2']) {
      const output = await outputOf(site, id);
      expect(output).toMatchObject({ status: 'to-weigh', netGrams: null, zone: 'stock' });
      expect(output.code).not.toBeNull();
    }
    expect(await site.grams(LINE)).toBe(800_000);
  });

  it('counts shoes in pairs, and says when nobody counted', async () => {
    await using site = await siteAtWork();
    const counted = await logged(site, 20_000, { outlet: 'shoes', pairs: 24 });
    expect(counted.warnings).toEqual([]);
    expect(await outputOf(site, 'B1')).toMatchObject({ unit: 'pairs', pairs: 24, pieces: null });
    expect((await logged(site, 20_000, { outlet: 'shoes' })).warnings).toEqual(['not-counted']);
  });

  it('stands in the only zone of the site when nobody says where', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000, {});
    await site.act(logBale, bale({ weight: ofNet(100_000) }));
    expect((await outputOf(site, 'B2')).zone).toBeNull();
    site.reference = { ...site.reference, zones: TEST_REFERENCE.zones.slice(0, 1) };
    await site.act(logBale, bale({ weight: ofNet(100_000) }));
    expect((await outputOf(site, 'B3')).zone).toBe('stock');
  });

  it('warns from 80 % of the ceiling of the zone, and above it', async () => {
    await using site = await siteAtWork();
    await put(site, LINE, [{ lot: 'L4', grams: 2_000_000 }]);
    const warnings: string[][] = [];
    for (let n = 0; n < 5; n += 1)
      warnings.push([...(await logged(site, 240_000, { outlet: 'essuyage' })).warnings]);
    expect(warnings).toEqual([[], [], [], ['zone-80'], ['zone-over']]);
  });
});

describe('the stages of an output', () => {
  it('are told one after the other', async () => {
    await using site = await siteAtWork();
    await site.act(logBale, bale());
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'started', code: null, zone: null });
    await site.act(pressBale, {}, 'B1');
    expect((await outputOf(site, 'B1')).status).toBe('pressed');
    expect(await site.refusal(pressBale, {}, 'B1')).toMatchObject({ code: 'already-done' });
    await site.act(pressBale, { toWeigh: true }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'to-weigh', code: sscc(0, 1) });
    expect(await site.refusal(pressBale, {}, 'B1')).toEqual({
      code: 'wrong-state',
      params: { output: 'B1', number: 1, state: 'to-weigh' },
    });
  });

  it('of an unfinished output have no weight', async () => {
    await using site = await siteAtWork();
    expect(await site.refusal(logBale, bale({ stage: 'pressed', weight: ofNet(1_000) }))).toEqual({
      code: 'wrong-state',
      params: { state: 'pressed' },
    });
  });
});

describe('an output that cannot be', () => {
  it.each([
    ['unknown-outlet', { outlet: 'nowhere' }],
    ['not-the-outlet', { press: 'presse-2', outlet: 'essuyage' }],
    ['unknown-press', { press: 'presse-9' }],
    ['unknown-press', { line: 'tri-2' }],
    ['unknown-line', { line: 'tri-9', press: null }],
    ['unknown-zone', { zone: 'nowhere' }],
    ['foreign-code', { code: '4006381333931' }],
    ['foreign-code', { code: '376130321109103420' }],
    ['tare-above-gross', { weight: { how: 'typed', grossGrams: 2_000 } }],
  ] as const)('is refused: %s', async (code, changes) => {
    await using site = await siteAtWork();
    expect(await site.refusal(logBale, bale(changes))).toMatchObject({ code });
    expect(await site.book.output('B1')).toBeUndefined();
  });
});

describe('a line of a paper sheet', () => {
  it('is entered once, unless what was entered was voided', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000, { sheet: '12-4' });
    expect(await outputOf(site, 'B1')).toMatchObject({ sheet: '12-4' });
    expect(await site.refusal(logBale, bale({ weight: ofNet(90_000), sheet: '12-4' }))).toEqual({
      code: 'already-done',
      params: { sheet: '12-4', output: 'B1', number: 1 },
    });
    await site.act(voidBale, {}, 'B1');
    await logged(site, 90_000, { sheet: '12-4' });
    expect(await site.refusal(logBale, bale({ sheet: '12-4' }))).toMatchObject({
      code: 'already-done',
      params: { output: 'B2' },
    });
  });

  it('keeps the time at which it happened', async () => {
    await using site = await siteAtWork();
    const morning = site.nowMs - 4 * 3_600_000;
    const body = bale({ weight: { how: 'paper', grossGrams: 102_000 }, sheet: '12-5' });
    const { drafts } = await site.act(logBale, body, '', morning);
    expect(new Set(drafts.map(({ occurredAt }) => occurredAt))).toEqual(new Set([morning]));
    expect(drafts[0]?.payload).toMatchObject({ entry: 'paper' });
    expect(await outputOf(site, 'B1')).toMatchObject({ weightHow: 'paper', startedAt: morning });
  });
});

describe('the label of an output', () => {
  it('is the pre-printed one that was scanned, and no other output may bear it', async () => {
    await using site = await siteAtWork();
    const code = sscc(1, 500);
    await logged(site, 100_000, { code: `]C100${code}` });
    expect((await outputOf(site, 'B1')).code).toBe(code);
    expect(await site.refusal(logBale, bale({ code }))).toEqual({
      code: 'code-taken',
      params: { code, output: 'B1', number: 1 },
    });
    await site.act(voidBale, {}, 'B1');
    await logged(site, 100_000, { code });
    expect((await site.book.outputByCode(code))?.output).toBe('B2');
  });

  it('has a number of its own even where a roll has used it', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000, { code: sscc(0, 2) });
    await logged(site, 100_000);
    expect((await outputOf(site, 'B2')).code).toBe(sscc(1, 2));
  });

  it('printed again is flagged, bound later replaces it', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    const [again] = (await site.act(labelBale, {}, 'B1')).drafts;
    expect(again?.payload).toEqual({ output: 'B1', code: sscc(0, 1), how: 'reprinted', printer: null });
    const roll = sscc(1, 7);
    await site.act(labelBale, { code: roll }, 'B1');
    expect((await outputOf(site, 'B1')).code).toBe(roll);
    expect(await site.refusal(labelBale, { code: roll }, 'B1')).toMatchObject({ code: 'already-done' });
    expect(await site.refusal(labelBale, { code: 'https://trame.invalid/b/B1' }, 'B1')).toEqual({
      code: 'code-taken',
      params: { output: 'B1' },
    });
    expect(await site.refusal(labelBale, { printer: 'nowhere' }, 'B1')).toMatchObject({
      code: 'unknown-printer',
    });
    expect(await site.refusal(labelBale, {}, 'B9')).toEqual({
      code: 'unknown-output',
      params: { output: 'B9' },
    });
  });

  it('goes to the printer of its press', async () => {
    await using site = await siteAtWork();
    const printer = { id: 'zebra', label: 'Zebra', host: 'z', port: 9100, presses: ['presse-1'] };
    site.reference = { ...site.reference, printers: [printer] };
    const { drafts } = await logged(site, 100_000);
    expect(drafts.find(({ type }) => type === 'output.labelled')?.payload).toMatchObject({
      how: 'printed',
      printer: 'zebra',
    });
  });

  it('of before still means the output, until the label is said to have been bound by mistake', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await logged(site, 100_000);
    const [printed, roll] = [sscc(0, 1), sscc(1, 7)];
    await site.act(labelBale, { code: roll }, 'B1');
    for (const code of [printed, roll]) {
      expect((await site.book.outputByCode(code))?.output).toBe('B1');
      expect((await findBale(site.records, TEST_SITE, code))?.output).toBe('B1');
      expect(await balesOf(site.records, { ...ALL_BALES, code })).toMatchObject([{ id: 'B1' }]);
      expect(await site.refusal(labelBale, { code }, 'B2')).toMatchObject({
        code: 'code-taken',
        params: { output: 'B1' },
      });
    }
    await site.act(labelBale, { code: printed }, 'B1');
    expect((await outputOf(site, 'B1')).code).toBe(printed);
    await site.act(labelBale, { code: roll }, 'B2');
    expect((await site.book.outputByCode(roll))?.output).toBe('B2');
  });

  it('of a voided output means the one that bears it now', async () => {
    await using site = await siteAtWork();
    const code = sscc(1, 9);
    await logged(site, 100_000, { code });
    await site.act(voidBale, {}, 'B1');
    expect((await findBale(site.records, TEST_SITE, code))?.output).toBe('B1');
    await logged(site, 100_000, { code });
    expect((await findBale(site.records, TEST_SITE, code))?.output).toBe('B2');
  });

  it('bears the name of the output where no prefix is licensed, and is printed all the same', async () => {
    await using site = await siteAtWork();
    const printer = { id: 'zebra', label: 'Zebra', host: 'z', port: 9100, presses: ['presse-1'] };
    site.reference = { ...site.reference, gs1: null, printers: [printer] };
    const { drafts } = await logged(site, 100_000);
    expect(drafts.find(({ type }) => type === 'output.labelled')?.payload).toEqual({
      output: 'B1',
      code: 'B1',
      how: 'printed',
      printer: 'zebra',
    });
    const [again] = (await site.act(labelBale, {}, 'B1')).drafts;
    expect(again?.payload).toMatchObject({ code: 'B1', how: 'reprinted' });
    expect(await outputOf(site, 'B1')).toMatchObject({ code: 'B1', labels: 2 });
  });

  it('is of a roll of codes of one’s own where no prefix is licensed', async () => {
    await using site = await siteAtWork();
    site.reference = { ...site.reference, gs1: null };
    const roll = rollOf({ firstSerial: 41, count: 2, gs1: null, ownDomain: site.reference.ownDomain });
    if (roll.kind !== 'roll') throw new Error('no roll');
    const [first, second] = roll.labels;
    await logged(site, 100_000, { code: first?.qrContent ?? '' });
    expect((await outputOf(site, 'B1')).code).toBe('R000041');
    await logged(site, 100_000);
    await site.act(labelBale, { code: ` ${second?.code.toLowerCase()}` }, 'B2');
    expect((await outputOf(site, 'B2')).code).toBe('R000042');
    expect(await site.refusal(labelBale, { code: 'R000041' }, 'B2')).toMatchObject({ code: 'code-taken' });
    for (const text of [first?.qrContent ?? '', 'R000041', 'r000041']) {
      const scanned = await scannedOutput(site.context(), text);
      expect(scanned).toMatchObject({ kind: 'output', output: { output: 'B1' } });
    }
  });
});
