/** A line that stands still, and has nothing left to tell: then ledger, records and truth can be compared. */
import type { HealthOverview, LineHealth } from '@trame/protocol/health-api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DashboardClient } from './dashboard-client.ts';
import type { Truth } from './simulation-control.ts';
import type { Site } from './site.ts';
import { until } from './until.ts';

/** The demo line. */
export const LINE = 'tri-1';

const STILL_MS = 3_000;
const STANDSTILL_MS = 60_000;
const ARRIVED_MS = 120_000;

/** An emergency stop freezes the line; then the truth no longer changes. */
export async function standstill(site: Site): Promise<Truth> {
  await site.simulation.addFault({ kind: 'estop', target: 'line' });
  return until(
    'a line that stands still',
    async () => {
      const before = await site.simulation.truth();
      await sleep(STILL_MS);
      const after = await site.simulation.truth();
      return shown(before) === shown(after) && after;
    },
    STANDSTILL_MS,
  );
}

function shown({ inputKg, outputKg, baleCount }: Truth): string {
  return JSON.stringify([inputKg, outputKg, baleCount]);
}

/** @throws when the server knows no such line. */
export async function lineHealth(supervisor: DashboardClient, id = LINE): Promise<LineHealth> {
  const { lines } = (await supervisor.get('/api/v1/health')) as HealthOverview;
  const line = lines.find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`no health of ${id}`);
  return line;
}

/**
 * Waits until the server has stored up to the head of the edge's ledger, and the edge has nothing left to record.
 * @param throughputEveryMs how often the line records what fell.
 * @param chain how the server finds the line's chain.
 */
export async function everythingArrived(
  supervisor: DashboardClient,
  throughputEveryMs: number,
  chain: LineHealth['chain'] = 'intact',
): Promise<void> {
  let quietSince: number | null = null;
  let head: number | null = null;
  await until(
    'a ledger that is stored to its head, and rests',
    async () => {
      const line = await lineHealth(supervisor);
      const said = line.heartbeat?.said;
      const level =
        said !== undefined &&
        line.stored.epoch === said.ledger.epoch &&
        line.stored.upTo === said.ledger.head &&
        said.ledger.unstored === 0 &&
        said.spool?.samples === 0 &&
        line.chain === chain;
      if (!level || head !== line.stored.upTo) quietSince = null;
      head = line.stored.upTo;
      if (level) quietSince ??= performance.now();
      // What fell in the last period is recorded at its end, and a heartbeat tells it within two seconds.
      return quietSince !== null && performance.now() - quietSince > throughputEveryMs + 2_000;
    },
    ARRIVED_MS,
  );
}
