/**
 * Asking a PLC by bits: the code, then the request bit; the PLC acknowledges, says done or refused, and takes its bits
 * back when the request falls. Bits that still stand from before are waited for. The request bit is taken back however
 * it ends; who runs this sees to it that the write `false` is repeated until it is confirmed.
 */
import type { StepOutcome } from './control-types.ts';
import type { HandshakeBits } from './read-inputs.ts';

export type Handshake =
  /** Bits of before have to fall; until `trustMs` they may be read as they were before the request was taken back. */
  | { readonly phase: 'clear'; readonly sinceMs: number; readonly trustMs: number }
  | { readonly phase: 'code' | 'request'; readonly isBlind: boolean }
  | {
      readonly phase: 'acknowledge';
      readonly sinceMs: number;
      readonly isBlind: boolean;
      /** Why it is not sure that the request was set; null: it was read back. */
      readonly doubt: string | null;
    }
  /** `deadlineMs`: from when on done is late; null: what it asked for has not come about yet. */
  | { readonly phase: 'taken'; readonly isBlind: boolean; readonly deadlineMs: number | null }
  /** The request bit was taken back, the others have to fall. */
  | { readonly phase: 'release'; readonly sinceMs: number }
  | { readonly phase: 'over' };

export type HandshakeEvent =
  | { readonly kind: 'look' }
  | { readonly kind: 'outcome'; readonly outcome: StepOutcome }
  /** What was asked for has come about, as the line itself shows. */
  | { readonly kind: 'reached' };

export type HandshakeSays =
  | { readonly kind: 'taken' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string };

export interface HandshakeStep {
  readonly state: Handshake;
  /** At most one write at a time waits for its outcome; `take-back` does not. */
  readonly writes: readonly ('code' | 'request' | 'take-back')[];
  readonly says: HandshakeSays | null;
}

export interface HandshakeRule {
  readonly pulseMs: number;
  /** Whether a bit for «refused» exists. */
  readonly hasRefused: boolean;
  /**
   * Of stop and hold: bits that do not fall do not keep it from being asked. What the bits then say means nothing, and
   * the line's state alone tells.
   */
  readonly insists: boolean;
}

const SAYS_REFUSED = 'L’automate refuse la commande.';

/**
 * A request that falls and rises again within one cycle of the PLC, or before its bits are read anew, is none: it stays
 * down so long, ms.
 */
export const REQUEST_DOWN_MS = 400;

/** A stop or a hold waits at most so long for bits to fall, however slowly they do, ms. */
const INSISTS_AFTER_MS = 2_000;

/** Begins: the request bit of before is taken back when it may stand, and stays down for a while. */
export function startHandshake(mayStand: boolean, nowMs: number): HandshakeStep {
  const trustMs = mayStand ? nowMs + REQUEST_DOWN_MS : nowMs;
  return step({ phase: 'clear', sinceMs: nowMs, trustMs }, mayStand ? ['take-back'] : []);
}

/** @param nowMs monotonic. */
export function nextHandshake(
  state: Handshake,
  event: HandshakeEvent,
  bits: HandshakeBits,
  rule: HandshakeRule,
  nowMs: number,
): HandshakeStep {
  switch (state.phase) {
    case 'clear':
      return clear(state, bits, rule, nowMs);
    case 'code':
      return event.kind === 'outcome' ? codeWritten(state, event.outcome) : step(state);
    case 'request':
      return event.kind === 'outcome' ? requestWritten(state, event.outcome, nowMs) : step(state);
    case 'acknowledge':
      return acknowledge(state, bits, rule, nowMs);
    case 'taken':
      return taken(state, event, bits, rule, nowMs);
    case 'release':
      return release(state, bits, rule, nowMs);
    case 'over':
      return step(state);
  }
}

/** @returns whether the request bit may be set at the PLC. */
export function mayBeSet({ phase }: Handshake): boolean {
  return phase === 'request' || phase === 'acknowledge' || phase === 'taken';
}

function clear(
  state: Handshake & { phase: 'clear' },
  bits: HandshakeBits,
  { pulseMs, hasRefused, insists }: HandshakeRule,
  nowMs: number,
): HandshakeStep {
  if (haveFallen(bits, hasRefused) && nowMs >= state.trustMs) {
    return step({ phase: 'code', isBlind: false }, ['code']);
  }
  const withinMs = insists ? Math.min(pulseMs, INSISTS_AFTER_MS) : pulseMs;
  if (nowMs - state.sinceMs < withinMs) return step(state);
  if (insists) return step({ phase: 'code', isBlind: true }, ['code']);
  const standing = standingBit(bits);
  return fail(
    standing === null
      ? 'Les bits de l’automate ne se lisent pas : rien n’a été demandé.'
      : `Le bit « ${standing} » de l’automate est resté levé : rien n’a été demandé.`,
  );
}

function codeWritten(
  { isBlind }: Handshake & { phase: 'code' | 'request' },
  outcome: StepOutcome,
): HandshakeStep {
  switch (outcome.kind) {
    case 'confirmed':
      return step({ phase: 'request', isBlind }, ['request']);
    case 'refused':
      return {
        state: { phase: 'over' },
        writes: [],
        says: { kind: 'refused', words: outcome.reason },
      };
    case 'unconfirmed':
      return fail(`Le code de la commande n’a pas été relu : rien n’a été demandé. ${outcome.reason}`);
  }
}

function requestWritten(
  { isBlind }: Handshake & { phase: 'code' | 'request' },
  outcome: StepOutcome,
  nowMs: number,
): HandshakeStep {
  if (outcome.kind === 'refused') {
    const says = { kind: 'refused', words: outcome.reason } as const;
    return { state: { phase: 'over' }, writes: ['take-back'], says };
  }
  const doubt = outcome.kind === 'unconfirmed' ? outcome.reason : null;
  if (isBlind) {
    return { state: { phase: 'taken', isBlind, deadlineMs: null }, writes: [], says: { kind: 'taken' } };
  }
  return step({ phase: 'acknowledge', sinceMs: nowMs, isBlind, doubt });
}

function acknowledge(
  state: Handshake & { phase: 'acknowledge' },
  bits: HandshakeBits,
  { pulseMs }: HandshakeRule,
  nowMs: number,
): HandshakeStep {
  if (bits.refused === true) return refusedByBit();
  if (bits.acknowledge === true || bits.done === true) {
    return {
      state: { phase: 'taken', isBlind: false, deadlineMs: null },
      writes: [],
      says: { kind: 'taken' },
    };
  }
  if (nowMs - state.sinceMs < pulseMs) return step(state);
  const doubt = state.doubt === null ? '' : ` ${state.doubt}`;
  return fail(`L’automate n’a pas accusé réception de la demande, qui a été retirée.${doubt}`, ['take-back']);
}

function taken(
  state: Handshake & { phase: 'taken' },
  event: HandshakeEvent,
  bits: HandshakeBits,
  { pulseMs }: HandshakeRule,
  nowMs: number,
): HandshakeStep {
  if (!state.isBlind && bits.refused === true) return refusedByBit();
  const deadlineMs = state.deadlineMs ?? (event.kind === 'reached' ? nowMs + pulseMs : null);
  const hasReached = deadlineMs !== null;
  if (hasReached && state.isBlind) return step({ phase: 'over' }, ['take-back'], { kind: 'finished' });
  if (hasReached && bits.done === true) return step({ phase: 'release', sinceMs: nowMs }, ['take-back']);
  if (hasReached && nowMs >= deadlineMs) {
    return fail('L’état est atteint, mais l’automate n’a pas levé le bit « fait ».', ['take-back']);
  }
  return step({ ...state, deadlineMs });
}

function release(
  state: Handshake & { phase: 'release' },
  bits: HandshakeBits,
  { pulseMs, hasRefused }: HandshakeRule,
  nowMs: number,
): HandshakeStep {
  if (haveFallen(bits, hasRefused)) return step({ phase: 'over' }, [], { kind: 'finished' });
  if (nowMs - state.sinceMs < pulseMs) return step(state);
  return fail('L’état est atteint, mais l’automate ne retire pas ses bits de réponse.');
}

function haveFallen({ acknowledge, done, refused }: HandshakeBits, hasRefused: boolean): boolean {
  return acknowledge === false && done === false && (!hasRefused || refused === false);
}

function standingBit({ acknowledge, done, refused }: HandshakeBits): string | null {
  if (acknowledge === true) return 'accusé de réception';
  if (done === true) return 'fait';
  return refused === true ? 'refusé' : null;
}

function refusedByBit(): HandshakeStep {
  return step({ phase: 'over' }, ['take-back'], { kind: 'refused', words: SAYS_REFUSED });
}

function fail(words: string, writes: HandshakeStep['writes'] = []): HandshakeStep {
  return step({ phase: 'over' }, writes, { kind: 'failed', words });
}

function step(
  state: Handshake,
  writes: HandshakeStep['writes'] = [],
  says: HandshakeSays | null = null,
): HandshakeStep {
  return { state, writes, says };
}
