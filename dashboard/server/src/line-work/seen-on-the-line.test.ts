import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { materialSite, type MaterialSite } from '../testing/test-material-site.ts';
import { answerRestart } from './answer-restart.ts';
import { auditOutlet, SAMPLE_ABOVE_SORTED } from './audit-outlet.ts';

describe('an audit of an outlet', () => {
  const sample = { outlet: 'creme', sampledGrams: 10_000 };

  it('belongs to the outlet, and what is misplaced to where it should be', async () => {
    await using site = await materialSite();
    const misplaced = [
      { outlet: 'essuyage', grams: 300 },
      { outlet: 'essuyage', grams: 200 },
      { outlet: 'effilochage', grams: 500 },
    ];
    const done = await site.act(auditOutlet, { ...sample, misplaced }, 'tri-1');
    expect(done.drafts[0]?.payload).toMatchObject({
      misplaced: [
        { outlet: 'essuyage', grams: 500 },
        { outlet: 'effilochage', grams: 500 },
      ],
    });
    const rows = await site.records.selectFrom('audits').selectAll().execute();
    expect(rows).toMatchObject([{ outlet: 'creme', sampledGrams: 10_000, misplacedGrams: 1_000 }]);
  });

  it('is questioned when more was looked through than was sorted into it in the month and lies in its bin', async () => {
    await using site = await materialSite();
    const look = async (kg: number, at?: number) => {
      const body = { ...sample, sampledGrams: kg * 1_000, misplaced: [] };
      return (await site.act(auditOutlet, body, 'tri-1', at)).warnings;
    };
    expect(await look(5)).toEqual([SAMPLE_ABOVE_SORTED]);
    const weight = { how: 'typed' as const, netGrams: 66_000 };
    await site.act(logBale, { outlet: 'creme', weight, packagingGrams: 0 });
    expect(await look(66)).toEqual([]);
    expect(await look(66.001)).toEqual([SAMPLE_ABOVE_SORTED]);
    expect(await look(500)).toEqual([SAMPLE_ABOVE_SORTED]);
    expect(await look(5, site.nowMs - 31 * 86_400_000)).toEqual([SAMPLE_ABOVE_SORTED]);
  });

  it('is refused above what can be typed of any weight', async () => {
    await using site = await materialSite();
    const heavy = { ...sample, sampledGrams: 10_000_001, misplaced: [] };
    expect(await site.refusal(auditOutlet, heavy, 'tri-1')).toMatchObject({
      code: 'impossible-weight',
      params: { grams: 10_000_001, maxGrams: 10_000_000 },
    });
  });

  it.each([
    ['unknown-line', 'none', []],
    ['unknown-outlet', 'tri-1', [{ outlet: 'none', grams: 1 }]],
    ['wrong-state', 'tri-1', [{ outlet: 'creme', grams: 1 }]],
    ['more-than-there-is', 'tri-1', [{ outlet: 'essuyage', grams: 10_001 }]],
  ])('is refused with %s', async (code, line, misplaced) => {
    await using site = await materialSite();
    expect((await site.refusal(auditOutlet, { ...sample, misplaced }, line)).code).toBe(code);
  });
});

describe('the answer after a power cut', () => {
  const boot = '00112233445566ff';
  const answer = {
    boot,
    presses: [{ press: 'presse-1', holds: 'nothing' as const }],
    bins: [{ outlet: 'creme', level: 'half' as const }],
    clockRight: true,
  };

  function started(site: MaterialSite, unclean: boolean): Promise<string> {
    return site.tell('edge.started', { version: '1', boot, unclean, lastAliveAt: null });
  }

  it('is given once for each start, and moves nothing', async () => {
    await using site = await materialSite();
    await started(site, true);
    const { id } = await site.act(logBale, { outlet: 'creme', press: 'presse-1', stage: 'started' });
    const inPress = { press: 'presse-1', holds: 'output' as const, output: id };
    const done = await site.act(answerRestart, { ...answer, presses: [inPress], clockRight: false }, 'tri-1');
    expect(done.warnings).toEqual(['clock-wrong']);
    expect(done.drafts[0]?.payload).toMatchObject({ presses: [inPress] });
    expect(await site.standing()).toEqual({});
    expect(await site.refusal(answerRestart, answer, 'tri-1')).toEqual({
      code: 'already-done',
      params: { line: 'tri-1', boot },
    });
  });

  it('is for a start that is known, after an end that was not clean', async () => {
    await using site = await materialSite();
    expect(await site.refusal(answerRestart, answer, 'tri-1')).toMatchObject({
      params: { state: 'unknown-boot' },
    });
    await started(site, false);
    expect(await site.refusal(answerRestart, answer, 'tri-1')).toMatchObject({ params: { state: 'clean' } });
    expect((await site.refusal(answerRestart, answer, 'none')).code).toBe('unknown-line');
  });

  it.each([
    ['unknown-press', { presses: [{ press: 'presse-9', holds: 'nothing' as const }] }],
    ['unknown-output', { presses: [{ press: 'presse-1', holds: 'output' as const, output: 'B9' }] }],
    ['wrong-state', { presses: [{ press: 'presse-1', holds: 'output' as const, output: 'B1' }] }],
    ['unknown-outlet', { bins: [{ outlet: 'none', level: 'full' as const }] }],
  ])('is refused with %s', async (code, changes) => {
    await using site = await materialSite();
    await started(site, true);
    await site.act(logBale, { outlet: 'creme', weight: { how: 'typed', netGrams: 30_000 } });
    expect((await site.refusal(answerRestart, { ...answer, ...changes }, 'tri-1')).code).toBe(code);
  });
});
