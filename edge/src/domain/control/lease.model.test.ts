import { deepStrictEqual as same } from 'node:assert';
import { LEASE_IDLE_MS, TAKE_OVER_MS } from '@trame/protocol/control/control-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FREE, nextLease, type Lease, type LeaseEvent, type LeaseStep } from './lease.ts';

/** What the rules say, told as a person would: who holds, who waits since when, when the holder last did something. */
interface Reference {
  holder: string | null;
  usedMs: number;
  waiting: { actor: string; request: string; sinceMs: number } | null;
}

interface Real {
  lease: Lease;
  nowMs: number;
  requests: number;
  /** Final answers by request. */
  answered: Map<string, string[]>;
  waited: Set<string>;
}

const ACTORS = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'] as const;

function feed(real: Real, event: LeaseEvent): LeaseStep {
  const step = nextLease(real.lease, event, real.nowMs);
  real.lease = step.lease;
  for (const { request, kind } of step.answers) {
    if (kind === 'waits') real.waited.add(request);
    else real.answered.set(request, [...(real.answered.get(request) ?? []), kind]);
  }
  return step;
}

function compare(model: Reference, { lease }: Real): void {
  same(lease.holder, model.holder);
  same(lease.asking?.actor ?? null, model.waiting?.actor ?? null);
}

class Take implements fc.Command<Reference, Real> {
  readonly actor: string;
  constructor(actor: string) {
    this.actor = actor;
  }
  check = () => true;
  run(model: Reference, real: Real): void {
    const { actor } = this;
    const request = `r${(real.requests += 1)}`;
    const { changes } = feed(real, { kind: 'take', actor, request });
    const isFree = model.holder === null;
    if (isFree || model.holder === actor) {
      model.holder = actor;
      model.usedMs = real.nowMs;
      same(real.answered.get(request), ['done']);
    } else if (model.waiting === null) {
      model.waiting = { actor, request, sinceMs: real.nowMs };
      same(real.answered.has(request), false);
    } else {
      same(real.answered.get(request), ['refused']);
    }
    same(
      changes.map(({ why }) => why),
      isFree ? ['taken'] : [],
    );
    compare(model, real);
  }
  toString = () => `${this.actor} takes`;
}

class Answer implements fc.Command<Reference, Real> {
  readonly actor: string;
  readonly grant: boolean;
  readonly to: string;
  constructor(actor: string, grant: boolean, to: string) {
    this.actor = actor;
    this.grant = grant;
    this.to = to;
  }
  check = () => true;
  run(model: Reference, real: Real): void {
    const { actor, grant, to } = this;
    const request = `r${(real.requests += 1)}`;
    const { changes } = feed(real, { kind: 'answer', actor, request, grant, to });
    const isMine = model.holder === actor && model.waiting?.actor === to;
    same(real.answered.get(request), [isMine ? 'done' : 'refused']);
    same(
      changes.map(({ why }) => why),
      isMine && grant ? ['granted'] : [],
    );
    if (isMine && model.waiting !== null) {
      same(real.answered.get(model.waiting.request), [grant ? 'done' : 'refused']);
      if (grant) model.holder = model.waiting.actor;
      model.waiting = null;
      model.usedMs = real.nowMs;
    }
    compare(model, real);
  }
  toString = () => `${this.actor} ${this.grant ? 'grants' : 'refuses'} ${this.to}`;
}

class Release implements fc.Command<Reference, Real> {
  readonly actor: string;
  constructor(actor: string) {
    this.actor = actor;
  }
  check = () => true;
  run(model: Reference, real: Real): void {
    const { actor } = this;
    const request = `r${(real.requests += 1)}`;
    feed(real, { kind: 'release', actor, request });
    const isHolder = model.holder === actor;
    const waits = model.waiting?.actor === actor;
    same(real.answered.get(request), [isHolder || waits ? 'done' : 'refused']);
    if (isHolder) {
      model.holder = model.waiting?.actor ?? null;
      model.usedMs = real.nowMs;
    }
    if (isHolder || waits) model.waiting = null;
    compare(model, real);
  }
  toString = () => `${this.actor} gives back`;
}

class Use implements fc.Command<Reference, Real> {
  readonly actor: string;
  constructor(actor: string) {
    this.actor = actor;
  }
  check = () => true;
  run(model: Reference, real: Real): void {
    feed(real, { kind: 'use', actor: this.actor });
    if (model.holder === this.actor) model.usedMs = real.nowMs;
    compare(model, real);
  }
  toString = () => `${this.actor} commands`;
}

class Pass implements fc.Command<Reference, Real> {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(model: Reference, real: Real): void {
    const untilMs = real.nowMs + this.ms;
    while (real.nowMs < untilMs) {
      real.nowMs = Math.min(untilMs, real.nowMs + 1_000);
      const { changes } = feed(real, { kind: 'time' });
      const { waiting } = model;
      if (waiting !== null && real.nowMs >= waiting.sinceMs + TAKE_OVER_MS) {
        same(changes, [{ holder: waiting.actor, why: 'timed-out', request: waiting.request }]);
        Object.assign(model, { holder: waiting.actor, waiting: null, usedMs: real.nowMs });
      } else if (waiting === null && model.holder !== null && real.nowMs >= model.usedMs + LEASE_IDLE_MS) {
        same(changes, [{ holder: null, why: 'lapsed', request: null }]);
        model.holder = null;
      } else {
        same(changes, []);
      }
    }
    compare(model, real);
  }
  toString = () => `${this.ms} ms pass`;
}

describe('the lease', () => {
  it('does what the rules say, whatever order things come in', () => {
    const actor = fc.constantFrom(...ACTORS);
    const commands = fc.commands(
      [
        actor.map((who) => new Take(who)),
        fc.tuple(actor, fc.boolean(), actor).map(([who, grant, to]) => new Answer(who, grant, to)),
        actor.map((who) => new Release(who)),
        actor.map((who) => new Use(who)),
        fc.constantFrom(1_000, 29_000, 31_000, 599_000, 601_000).map((ms) => new Pass(ms)),
      ],
      { maxCommands: 40 },
    );
    fc.assert(
      fc.property(commands, (sequence) => {
        const real: Real = { lease: FREE, nowMs: 0, requests: 0, answered: new Map(), waited: new Set() };
        fc.modelRun(() => ({ model: { holder: null, usedMs: 0, waiting: null }, real }), sequence);
        for (const answers of real.answered.values()) expect(answers).toHaveLength(1);
        for (const request of real.waited) {
          expect(real.answered.has(request) || real.lease.asking?.request === request).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not go to somebody whom its holder did not mean', () => {
    const held = nextLease(FREE, { kind: 'take', actor: 'aaaaaaaa', request: 'r1' }, 0);
    const asked = nextLease(held.lease, { kind: 'take', actor: 'cccccccc', request: 'r2' }, 0);
    const meant = { kind: 'answer', actor: 'aaaaaaaa', request: 'r3', grant: true, to: 'bbbbbbbb' } as const;
    const answered = nextLease(asked.lease, meant, 0);
    expect(answered).toMatchObject({
      lease: { holder: 'aaaaaaaa', asking: { actor: 'cccccccc' } },
      changes: [],
      answers: [{ request: 'r3', kind: 'refused', code: 'wrong-state' }],
    });
  });

  it('goes to the first of two who take it at once', () => {
    const first = nextLease(FREE, { kind: 'take', actor: 'aaaaaaaa', request: 'r1' }, 0);
    const second = nextLease(first.lease, { kind: 'take', actor: 'bbbbbbbb', request: 'r2' }, 0);
    expect(second.lease.holder).toBe('aaaaaaaa');
    expect(second.answers).toMatchObject([{ request: 'r2', kind: 'waits' }]);
  });
});
