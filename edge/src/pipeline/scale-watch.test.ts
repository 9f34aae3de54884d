import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scaleVerifiedMark } from '../domain/scale-verified-mark.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { RETRY_MS } from './record-queue.ts';
import { good, OUTLET_ROLES, RecordedLine, tag } from './test-recorded-line.ts';

const BALE_SCALE = {
  id: 'press',
  use: 'bale' as const,
  device: 'scale',
  gross: null,
  tare: null,
  stable: null,
  overload: null,
  belowMin: null,
  alibi: 'alibi',
  alibiWeight: 'alibiWeight',
  weighings: null,
  total: 'sum',
  serialTag: null,
  serial: 'A1',
  alibiEpoch: 1,
  baseline: 'first' as const,
  minGrams: null,
  maxGrams: null,
  intervalGrams: 500,
  stableForMs: 1000,
  tareKind: 'none' as const,
  presetTareGrams: null,
  verificationDue: '2020-06-30',
  simulated: true,
};

let dir = '';
let line: RecordedLine;
let sumGrams = 0;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-scale-'));
  line = new RecordedLine(dir, { ...OUTLET_ROLES, scales: [BALE_SCALE] });
  sumGrams = 1_000_000;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function start(): void {
  line.start();
  line.running.pipeline.online('scale', [
    tag('alibi', { type: 'uint32', unit: null, staleAfterMs: 60_000 }),
    tag('alibiWeight', { staleAfterMs: 60_000 }),
    tag('sum', { staleAfterMs: 60_000 }),
  ]);
}

/** The scale's memory as a few polls in a row find it. */
async function shows(number: number, netGrams: number): Promise<void> {
  for (let poll = 0; poll < 4; poll += 1) {
    line.running.pipeline.readings('scale', [
      good('alibi', number),
      good('alibiWeight', BigInt(netGrams)),
      good('sum', BigInt(sumGrams)),
    ]);
    await line.pass(200);
  }
}

async function weighs(number: number, netGrams: number): Promise<void> {
  sumGrams += netGrams;
  await shows(number, netGrams);
}

function weighings(): readonly unknown[] {
  return line.events('weighing.recorded').map(({ payload }) => [payload?.['number'], payload?.['netGrams']]);
}

describe('a scale with an alibi memory', () => {
  it('has each of its weighings recorded once, over restarts, and those that nobody saw named with their sum', async () => {
    start();
    await weighs(6, 300_000);
    await weighs(7, 310_000);
    await weighs(8, 320_000);
    await line.cutOff();
    start();
    await shows(8, 320_000);
    expect(weighings()).toEqual([
      [7, 310_000],
      [8, 320_000],
    ]);
    await line.stop();
    sumGrams += 400_000 + 410_000;
    start();
    await weighs(11, 330_000);
    expect(weighings().at(-1)).toEqual([11, 330_000]);
    expect(line.events('weighing.missed').map(({ payload }) => payload)).toMatchObject([
      { scale: 'press', fromNumber: 9, toNumber: 10, netGrams: 810_000 },
    ]);
    await line.stop();
  });

  it('has them recorded in order once the ledger stores again, none twice', async () => {
    start();
    await weighs(6, 300_000);
    line.freeBytes = 0;
    await weighs(7, 310_000);
    await weighs(8, 320_000);
    await shows(8, 320_000);
    expect(weighings()).toEqual([]);
    line.freeBytes = 10 ** 12;
    await line.pass(2 * RETRY_MS);
    expect(weighings()).toEqual([
      [7, 310_000],
      [8, 320_000],
    ]);
    await line.stop();
  });

  it('weighs with the verification that a person stated last, else with the configured one', async () => {
    start();
    await weighs(6, 300_000);
    await weighs(7, 310_000);
    const verified = {
      scale: 'press',
      outcome: 'accepted' as const,
      on: '2023-11-01',
      due: '2024-11-01',
      request: 'ab'.repeat(16),
    };
    const marks = { [scaleVerifiedMark('press')]: JSON.stringify(verified) };
    await line.running.ledger.append([
      ledgerRecord('scale.verified', line.clock.nowMs(), verified, { marks }),
    ]);
    await weighs(8, 320_000);
    await line.stop();
    start();
    await weighs(9, 330_000);
    const stated = line.events('weighing.recorded').map(({ payload }) => payload);
    expect(stated).toMatchObject([
      { number: 7, verification: 'expired', verificationDue: '2020-06-30' },
      { number: 8, verification: 'valid', verificationDue: '2024-11-01' },
      { number: 9, verification: 'valid', verificationDue: '2024-11-01' },
    ]);
    await line.stop();
  });
});
