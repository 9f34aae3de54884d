/**
 * The people of a simulated line, who act through the dashboard's API: they receive what trucks bring, put it on the
 * line, log what leaves the press, load and send it. What happened is first written into the crew's own memory, then
 * done under a key of its own: an act that was not answered is asked again, and nothing is done twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SimulationClock } from '../system/clock.ts';
import type { ContainerView, HandView, ScaleView } from '../hand-view.ts';
import type { Site } from './draft.ts';
import { nextMoves } from './floor.ts';
import { follow } from './follow.ts';
import { maxOutbox, newMemory, type Act, type Json, type Memory, type MemoryFile } from './memory.ts';
import { notice, noticeContainer, onTrucks } from './notice.ts';
import { isShiftOver } from './notice-shift.ts';
import { isTrolleyDue } from './notice-trolley.ts';
import { placesOf } from './hall-places.ts';
import { resolved } from './resolved-body.ts';
import type { PlantClient, PlantTruth } from './plant-client.ts';
import type { ActAnswer, Reply, SiteClient } from './site-client.ts';
import { WeighingBook, type Found } from './weighing-book.ts';

/** One look at the hall, wall-clock ms: more often when the physics run faster. */
const lookEveryMs = { atOne: 700, least: 60 };
const leadForMs = 60_000;
const retryMs = { first: 300, most: 5_000 };
/**
 * A weighing that the site does not know after so long is typed instead: of a scale of which it knows others, of one of
 * which it knows none yet, and of one that was given up before, which is not linked.
 */
const weighingPatienceMs = { linked: 15_000, unknown: 10_000, unlinked: 0 };
const weighingRetryMs = 150;
const restMs = 100;
/** What truly stands where is looked up so often at least. */
const truthEveryMs = 60_000;
/** Two things weigh the same, and a figure that was typed was taken for the weighing of the other. */
const claimedCode = 'weighing-claimed';
/** What was stored stands on the scale for so long yet: it is read by polling, and somebody reads it too. */
const readForMs = 600;

export interface CrewOptions {
  readonly site: SiteClient;
  readonly plant: PlantClient;
  readonly memory: MemoryFile;
  readonly clock: SimulationClock;
  readonly log: Logger;
}

/** A wait that ends early, without error, when everything stops. */
async function rest(ms: number, stopping: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopping }).catch(() => undefined);
}

class Crew {
  #options: CrewOptions;
  #memory: Memory;
  #site: Site;
  #weighings: WeighingBook;
  #stopping: AbortSignal;
  #onScale = new Map<string, ContainerView>();
  /** By scale: what it stored last, and since when that is seen. Monotonic ms. */
  #stored = new Map<string, { alibi: number; sinceMs: number }>();
  #waitedSinceMs: number | null = null;
  #truthAtMs = Number.NEGATIVE_INFINITY;
  #told = new Set<string>();
  /** Scales of which a weighing was waited for in vain. */
  #givenUp = new Set<string>();

  constructor(options: CrewOptions, memory: Memory, site: Site, stopping: AbortSignal) {
    this.#options = options;
    this.#memory = memory;
    this.#site = site;
    this.#weighings = new WeighingBook(options.site, site.line);
    this.#stopping = stopping;
  }

  /** Looks, moves and writes down what it saw, until everything stops. */
  async watchFloor(): Promise<void> {
    const { plant } = this.#options;
    while (!this.#stopping.aborted) {
      const speed = await plant.speed(this.#stopping);
      const view = await plant.view(this.#stopping);
      if (view !== null) await this.#look(view);
      await rest(Math.max(lookEveryMs.least, lookEveryMs.atOne / speed), this.#stopping);
    }
  }

  async #look(view: HandView): Promise<void> {
    const { plant, memory: file, clock } = this.#options;
    // Another plant than before: what was remembered is of nothing that stands here.
    if (this.#memory.life !== view.life) Object.assign(this.#memory, newMemory(view.life));
    const truth = await this.#truthOf(view);
    if (this.#memory.outbox.length < maxOutbox) notice(view, truth, this.#memory, this.#site, clock.wallMs());
    file.write(this.#memory);
    if (view.profile !== 'manual') return;
    await plant.lead(leadForMs, this.#stopping);
    for (const [id, container] of onTrucks(view)) this.#onScale.set(id, container);
    // Taken in: whatever is weighed again stays.
    for (const { id } of view.hall) this.#onScale.delete(id);
    const isRead = new Set(view.scales.filter((scale) => this.#wasRead(scale)).map(({ id }) => id));
    for (const move of nextMoves(view, this.#memory, this.#onScale, isRead)) {
      // Before it is done: after a crash it is written down, and the container still stands on the scale.
      if (move.refuses !== null) noticeContainer(this.#memory, move.refuses, true);
      await plant.move(move, this.#stopping);
      if (move.does === 'dispatch') this.#memory.carry.shift();
    }
  }

  /** What truly stands where, of the same moment as `view`. Null: it is not wanted, or something moved meanwhile. */
  async #truthOf(view: HandView): Promise<PlantTruth | null> {
    const { plant, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const isWanted =
      !this.#memory.opened ||
      isTrolleyDue(this.#memory) ||
      isShiftOver(this.#memory, clock.wallMs()) ||
      nowMs - this.#truthAtMs >= truthEveryMs;
    if (!isWanted) return null;
    const truth = await plant.truth(this.#stopping);
    const after = await plant.view(this.#stopping);
    if (truth === null || after === null || placesOf(view) !== placesOf(after)) return null;
    this.#truthAtMs = nowMs;
    return truth;
  }

  #wasRead({ id, stored }: ScaleView): boolean {
    if (stored === null) return false;
    const nowMs = this.#options.clock.monotonicMs();
    const last = this.#stored.get(id);
    if (last?.alibi === stored.alibi) return nowMs - last.sinceMs >= readForMs;
    this.#stored.set(id, { alibi: stored.alibi, sinceMs: nowMs });
    return false;
  }

  /** Does what waits, one act after the other, until everything stops. */
  async workOff(): Promise<void> {
    let pauseMs = retryMs.first;
    while (!this.#stopping.aborted) {
      const act = this.#memory.outbox[0];
      if (act === undefined) {
        await rest(restMs, this.#stopping);
        continue;
      }
      if (!(await this.#isResolved(act))) {
        await rest(weighingRetryMs, this.#stopping);
        continue;
      }
      const { role, path, key, body } = act;
      const reply = await this.#options.site.act(role, path, key, body, this.#stopping);
      if (reply.kind === 'away') {
        this.#tellOnce(`away: ${reply.reason}`, () => {
          this.#options.log.info(
            { path, reason: reply.reason },
            'the dashboard does not take it now: it is asked again',
          );
        });
        await rest(pauseMs, this.#stopping);
        pauseMs = Math.min(retryMs.most, pauseMs * 2);
        continue;
      }
      pauseMs = retryMs.first;
      this.#settle(act, reply);
    }
  }

  /** Puts the weights into the body, for good: what is asked again under a key is the same. */
  async #isResolved(act: Act): Promise<boolean> {
    if (act.weights.length === 0) return this.#isRemainderKnown(act);
    const nowMs = this.#options.clock.monotonicMs();
    this.#waitedSinceMs ??= nowMs;
    const found: Found[] = [];
    for (const weight of act.weights) found.push(await this.#weighings.find(weight, this.#stopping));
    const waitedMs = nowMs - this.#waitedSinceMs;
    for (const [index, { weighing }] of act.weights.entries()) {
      if (found[index]?.kind !== 'unknown') continue;
      if (waitedMs < weighingPatienceMs[this.#linkOf(weighing.scale)]) return false;
      this.#givenUp.add(weighing.scale);
    }
    this.#waitedSinceMs = null;
    const weights = act.weights.map((weight, index): Json => {
      const one = found[index];
      return one?.kind === 'known' ? { how: 'scale', weighing: one.event } : this.#weighings.typed(weight);
    });
    const typed = act.weights.map((weight) => this.#weighings.typed(weight));
    act.otherwise = found.some(({ kind }) => kind === 'known') ? resolved(act.body, typed, 0) : null;
    act.body = resolved(act.body, weights, 0);
    act.weights = [];
    this.#options.memory.write(this.#memory);
    return true;
  }

  /** What lies in the bins by the book is not on the line: what is left there is the rest of what was seen. */
  async #isRemainderKnown(act: Act): Promise<boolean> {
    const { remains } = act;
    if (remains === undefined || remains === null) return true;
    const asked = await this.#options.site.get('supervisor', '/api/v1/stock', this.#stopping);
    if (asked.kind !== 'done') return false;
    const { elsewhere } = asked.body as { readonly elsewhere: readonly { account: string; grams: number }[] };
    const inBins = elsewhere.filter(({ account }) => account.startsWith(`bin:${this.#site.line}/`));
    const binsGrams = inBins.reduce((sum, { grams }) => sum + grams, 0);
    act.body = resolved(act.body, [], Math.max(0, remains.grams - binsGrams));
    act.remains = null;
    this.#options.memory.write(this.#memory);
    return true;
  }

  #linkOf(scale: string): keyof typeof weighingPatienceMs {
    if (this.#weighings.hasWeighed(scale)) return 'linked';
    return this.#givenUp.has(scale) ? 'unlinked' : 'unknown';
  }

  #settle(act: Act, reply: Exclude<Reply, { kind: 'away' }>): void {
    this.#memory.outbox.shift();
    if (reply.kind === 'done') {
      if (act.next !== null) follow(this.#memory, act.next, reply.body as ActAnswer, this.#site.line);
    } else if (reply.code === claimedCode && act.otherwise != null) {
      const { key, otherwise } = act;
      this.#memory.outbox.unshift({ ...act, key: `${key}-typed`, body: otherwise, otherwise: null });
    } else {
      const { path } = act;
      const { status, code } = reply;
      this.#tellOnce(`${code} ${path.replaceAll(/\d/gu, '#')}`, () => {
        this.#options.log.info({ path, status, code }, 'the dashboard refused an act of the crew');
      });
    }
    this.#options.memory.write(this.#memory);
  }

  /** A refusal that repeats is told once. */
  #tellOnce(what: string, tell: () => void): void {
    if (this.#told.has(what)) return;
    if (this.#told.size >= maxOutbox) this.#told.clear();
    this.#told.add(what);
    tell();
  }
}

interface Reference {
  readonly line?: string;
  readonly presses?: readonly { readonly id: string }[];
  readonly zones?: readonly { readonly id: string }[];
}

/** Where the crew works: asked until the site answers. Null when everything stops before. */
async function siteOf({ site, log }: CrewOptions, stopping: AbortSignal): Promise<Site | null> {
  let told = false;
  while (!stopping.aborted) {
    const lines = await site.get('operator', '/api/v1/lines', stopping);
    const rows =
      lines.kind === 'done' ? (lines.body as { rows: readonly { readonly id: string }[] }).rows : [];
    const line = rows[0]?.id;
    if (line !== undefined) {
      const asked = await site.get('operator', '/api/v1/reference', stopping);
      const reference = asked.kind === 'done' ? (asked.body as Reference) : {};
      const zones = reference.zones?.map(({ id }) => id) ?? [];
      return {
        line: reference.line ?? line,
        presses: reference.presses?.map(({ id }) => id) ?? [],
        receptionZone: zones.find((id) => id === 'reception') ?? null,
        stockZone: zones.find((id) => id === 'stock') ?? zones.at(-1) ?? null,
      };
    }
    if (!told) log.info('the crew waits for the dashboard');
    told = true;
    await rest(retryMs.first, stopping);
  }
  return null;
}

/** Works until `stopping` aborts. Rejects only when the memory cannot be read or written. */
export async function runCrew(options: CrewOptions, stopping: AbortSignal): Promise<void> {
  const memory = options.memory.read();
  try {
    const site = await siteOf(options, stopping);
    if (site === null) return;
    options.log.info({ line: site.line }, 'the crew is at work');
    const crew = new Crew(options, memory, site, stopping);
    await Promise.all([crew.watchFloor(), crew.workOff()]);
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    options.memory.write(memory);
  }
}
