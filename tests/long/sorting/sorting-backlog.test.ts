/** What an outage of the edge leaves behind at the sorter, twenty times as fast: bounded, and over soon after. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startSortingEdge } from '../../helpers/sorting-edge.ts';
import { until } from '../../helpers/until.ts';

const SPEED = 20;
/** Then more pieces lie before the gate than the sorter keeps verdicts for. */
const OUTAGE_MS = 30_000;
const WINDOW_MS = 10_000;
const RECOVERED_WITHIN_MS = 60_000;
/** Of the pieces of a window. */
const LATE_MAX = 0.05;

it('pieces that nobody judged go to hand sorting, and soon after each has its verdict again', async () => {
  await using line = await startSortingEdge({ speed: SPEED });
  const sorted = async (): Promise<number> => (await line.health()).sorted;
  await until('sixty pieces', async () => (await sorted()) >= 60, 120_000);
  const before = await line.withoutVerdict();
  await line.stopEdge();
  await sleep(OUTAGE_MS);
  await line.startEdge();
  const shares: string[] = [];
  const sinceMs = Date.now();
  const share = await until(
    'nearly each piece to have its verdict',
    async () => {
      const [from, late] = [await sorted(), await line.withoutVerdict()];
      await sleep(WINDOW_MS);
      const [pieces, without] = [(await sorted()) - from, (await line.withoutVerdict()) - late];
      shares.push(`${without}/${pieces}`);
      return pieces > 20 && without / pieces <= LATE_MAX && { without, pieces };
    },
    RECOVERED_WITHIN_MS,
  ).catch((error: unknown) => {
    process.stdout.write(`without a verdict, by 10 s: ${shares.join(' ')}\n`);
    throw error;
  });
  const lost = (await line.withoutVerdict()) - before;
  process.stdout.write(
    `an outage of ${OUTAGE_MS / 1000} s: ${lost} pieces without a verdict, over ${Math.round((Date.now() - sinceMs) / 1000)} s after; ` +
      `by 10 s: ${shares.join(' ')}\n`,
  );
  expect(share.without).toBeLessThanOrEqual(LATE_MAX * share.pieces);
}, 300_000);
