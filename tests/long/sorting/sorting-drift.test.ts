/** A station whose spectra drift raises its alarm, one that does not raises none, and what was missed is told. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startSortingEdge, type SortingEdge } from '../../helpers/sorting-edge.ts';
import { until } from '../../helpers/until.ts';

/** About 17 spectra a second. */
const SPEED = 60;
/** Read first, to learn from: each counts so many times, as if hours passed. */
const FIRST_PIECES = 500;
const TIMES = 8;
/** Read without a fault after that, in which nothing may be raised. */
const CALM_PIECES = 700;
/** Longer than the ring of 256 lasts. */
const LONG_OUTAGE_MS = 25_000;

const LEARN = fileURLToPath(new URL('../../../edge/src/sorting/test-learn-drift.ts', import.meta.url));
const run = promisify(execFile);

async function untilSorted(line: SortingEdge, count: number): Promise<void> {
  await until(`${count} sorted pieces`, async () => (await line.health()).sorted >= count, 180_000);
}

/** The edge has learnt when it starts again: its own pieces, some times over, as if good hours had passed. */
async function learnFromItsPieces({ edgeDir }: SortingEdge): Promise<void> {
  await run(process.execPath, [LEARN, edgeDir, String(TIMES), String(Date.now())]);
}

describe('the spectra of a station', () => {
  it('raise no alarm while they are as they were, one when wavelengths or lamp are not, and none any more once they are', async () => {
    await using line = await startSortingEdge({ speed: SPEED });
    await untilSorted(line, FIRST_PIECES);
    expect((await line.health()).watch.distance.isRaised).toBeNull();
    await line.stopEdge();
    await learnFromItsPieces(line);

    await line.startEdge();
    await untilSorted(line, CALM_PIECES);
    const { watch } = await line.health();
    expect(watch).toMatchObject({ distance: { isRaised: false }, refused: { isRaised: false } });
    // What the station read while the edge stood still, and nothing after.
    const missedAtStart = watch.missed;
    for (const fault of [{ kind: 'nirDrift', shiftNm: 3 }, { kind: 'nirLampOld' }]) {
      const before = (await line.health()).sorted;
      const id = await line.simulation.addFault({ ...fault, target: 'nir' });
      const raised = async () => {
        const { distance, refused } = (await line.health()).watch;
        return [distance, refused].find(({ isRaised }) => isRaised === true);
      };
      const said = await until(`an alarm for ${fault.kind}`, raised, 120_000);
      process.stdout.write(
        `${fault.kind}: ${(await line.health()).sorted - before} pieces until «${said?.words}»\n`,
      );
      // Longer than the alarm waits.
      await sleep(15_000);
      await line.simulation.removeFault(id);
      await until('it to be calm again', async () => (await raised()) === undefined, 180_000);
    }
    // As long as the alarm waits for it to stay so.
    await sleep(65_000);
    expect((await line.health()).watch.missed).toBe(missedAtStart);
    await line.stopEdge();
    const changes = (await line.changesOf('nir-drift')).map(({ from, to, condition }) => [
      from,
      to,
      condition,
    ]);
    expect(changes[0]).toEqual(['normal', 'unacknowledged', true]);
    expect(changes.at(-1)).toEqual(['unacknowledged', 'returned', false]);
    expect(await line.changesOf('class-shares')).toEqual([]);
  }, 600_000);

  it('of which numbers are missing are told by an alarm, with how many', async () => {
    await using line = await startSortingEdge({ speed: SPEED });
    await untilSorted(line, 20);
    const fault = await line.simulation.addFault({ kind: 'disconnect', target: 'nir' });
    await sleep(LONG_OUTAGE_MS);
    await line.simulation.removeFault(fault);
    const missed = await until(
      'missed reads',
      async () => {
        const { watch } = await line.health();
        return watch.missed > 0 && watch.missed;
      },
      60_000,
    );
    await sleep(2_000);
    await line.stopEdge();
    const [change] = await line.changesOf('spectra-missed');
    expect(change).toMatchObject({
      from: 'normal',
      to: 'unacknowledged',
      because: 'condition',
      value: missed,
    });
  }, 240_000);
});
