/** Three teams a day: each looks through a sample of one outlet, and leaves its tables counted. */
import { handBinIds } from '../hand/hand-outlets.ts';
import { misplacedOdds } from '../hand/tables.ts';
import type { HandView } from '../hand-view.ts';
import { chance, pick, seedRandom, type RandomState } from '../plant/random.ts';
import { actOf, grams, type Site } from './draft.ts';
import type { Json, Memory } from './memory.ts';
import type { PlantTruth } from './plant-client.ts';

const teams = ['nuit', 'matin', 'soir'] as const;
/** The team waits so long for a moment at which the tables can be counted; then it goes. */
const patienceMs = 10 * 60_000;
const outputsBeforeAudit = 6;
/** A sample, piece by piece. */
const sample = { pieces: 40, pieceGrams: 250 };

/** How many stand at each post: a count, of nobody in particular. */
const headsAt = {
  automatic: [
    { post: 'ouverture', heads: 2 },
    { post: 'tri-1', heads: 3 },
    { post: 'tri-2', heads: 3 },
    { post: 'presse-1', heads: 2 },
  ],
  manual: [
    { post: 'reception', heads: 2 },
    { post: 'tables', heads: 8 },
    { post: 'presse-1', heads: 2 },
  ],
} as const;

/** Day and part of the day, UTC. */
function partOf(at: number): string {
  const date = new Date(at);
  const team = teams[Math.floor(date.getUTCHours() / 8)] ?? teams[0];
  return `${date.toISOString().slice(0, 10)}-${team}`;
}

/** Whether another team than that of the memory is at work. */
export function isShiftOver({ shift }: Memory, at: number): boolean {
  return shift?.day !== partOf(at);
}

function lead(memory: Memory, key: string, path: string, body: Json) {
  return actOf(memory, { key, path, role: 'supervisor', body });
}

/** Nothing is between two places: what stands on tables, in bins and at the press is all there is on the line. */
export function isQuiet(view: HandView, memory: Memory): boolean {
  const isCarried = view.scales.some(({ what }) => what !== null);
  const isUnwritten = Object.values(memory.deliveries).some(({ onLine }) => onLine.length > 0);
  return !isCarried && !isUnwritten;
}

function sumGrams(kg: Readonly<Record<string, number>>): number {
  return Object.values(kg).reduce((sum, each) => sum + grams(each), 0);
}

/** Everything that the book has on the line and in its bins. */
function remainsGrams({ binsKg, pressKg, onLineKg, hallKg }: PlantTruth): number {
  return sumGrams(binsKg) + sumGrams(pressKg) + grams(onLineKg) - grams(hallKg ?? 0);
}

function leaveTables(memory: Memory, site: Site, truth: PlantTruth, day: string, at: number): void {
  memory.outbox.push(
    actOf(memory, {
      key: `empty-${day}`,
      path: `/api/v1/lines/${site.line}/empty`,
      role: 'supervisor',
      body: {
        occurredAt: at,
        remainingGrams: { $remaining: 0 },
        note: 'Fin de poste : ce qui reste, estimé.',
      },
      remains: { grams: remainsGrams(truth) },
    }),
  );
}

/** A team opens its shift, and closes that of the team before, and counts its heads. */
export function noticeShift(
  view: HandView,
  truth: PlantTruth | null,
  memory: Memory,
  site: Site,
  at: number,
): void {
  if (!isShiftOver(memory, at)) return;
  const day = partOf(at);
  const before = memory.shift;
  // What was written down at this moment is still of the shift before.
  const beginsAt = before === null ? at : at + 1;
  if (before !== null && view.profile === 'manual') {
    const isCountable = truth !== null && isQuiet(view, memory);
    before.overAt ??= at;
    if (!isCountable && at - before.overAt < patienceMs) return;
    if (isCountable) leaveTables(memory, site, truth, before.day, at);
  }
  if (before !== null && before.id !== null) {
    const path = `/api/v1/shifts/${before.id}/close`;
    memory.outbox.push(lead(memory, `close-${before.day}`, path, { occurredAt: beginsAt }));
  }
  memory.shift = { id: null, day, overAt: null };
  memory.audit = { outputs: 0, done: false };
  const team = `Équipe de démonstration (${day.slice(day.lastIndexOf('-') + 1)})`;
  memory.outbox.push(
    actOf(memory, {
      key: `shift-${day}`,
      path: '/api/v1/shifts',
      role: 'supervisor',
      body: { occurredAt: beginsAt, line: site.line, team, posts: headsAt[view.profile] },
      next: { does: 'shift', day },
    }),
  );
}

/** The same sample for the same shift of the same plant. */
function randomOf(text: string): RandomState {
  return seedRandom(...Buffer.from(text));
}

/** Once a shift somebody looks through a sample of the outlet whose output was made last, piece by piece. */
export function noticeAudit(view: HandView, memory: Memory, site: Site, at: number): void {
  const { audit, shift } = memory;
  const last = view.stock.at(-1);
  if (audit.done || shift === null || last === undefined || audit.outputs < outputsBeforeAudit) return;
  audit.done = true;
  const random = randomOf(`${memory.life} ${shift.day}`);
  const others = handBinIds.filter((id) => id !== last.outlet).map((id) => [id, 1] as const);
  const misplaced: Record<string, number> = {};
  for (let piece = 0; piece < sample.pieces; piece += 1) {
    if (!chance(random, misplacedOdds)) continue;
    const outlet = pick(random, others);
    misplaced[outlet] = (misplaced[outlet] ?? 0) + sample.pieceGrams;
  }
  memory.outbox.push(
    lead(memory, `audit-${shift.day}`, `/api/v1/lines/${site.line}/audits`, {
      occurredAt: at,
      outlet: last.outlet,
      sampledGrams: sample.pieces * sample.pieceGrams,
      misplaced: Object.entries(misplaced).map(([outlet, pieces]) => ({ outlet, grams: pieces })),
    }),
  );
}
