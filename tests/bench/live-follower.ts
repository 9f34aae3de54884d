/** A client of the live stream that keeps the picture as a page does, and notes when a set-point came by. */
import type { LiveDelta, LiveOp, LiveSnapshot, LiveState } from '@trame/protocol/live-state';
import { machineMs } from './quantiles.ts';

export interface LiveFollower extends AsyncDisposable {
  /** PackML state of the line; null: not known. */
  readonly state: () => string | null;
  /** As the device says it; null: not known. */
  readonly setpoint: (id: string) => number | null;
  /** @returns when the tag, and when the control picture, first said this value from now on. */
  readonly until: (
    what: { readonly setpoint: string; readonly device: string; readonly tag: string },
    value: number,
    withinMs: number,
  ) => Promise<{ readonly tagMs: number; readonly pictureMs: number }>;
}

const NEAR = 1e-6;

/** @param line as it is called in the live state. */
export async function followLive(url: string, cookie: string, line: string): Promise<LiveFollower> {
  const end = new AbortController();
  const response = await fetch(`${url}/api/v1/live`, { headers: { cookie }, signal: end.signal });
  if (response.body === null || !response.ok) throw new Error(`live: ${response.status}`);
  let state: LiveState = { lines: {}, alarms: {} };
  const watchers = new Set<(nowMs: number) => void>();
  const reading = readEvents(response.body, (name, data) => {
    const nowMs = machineMs();
    if (name === 'snapshot') state = (JSON.parse(data) as LiveSnapshot).state;
    if (name === 'delta') for (const op of (JSON.parse(data) as LiveDelta).ops) apply(state, op);
    for (const watch of watchers) watch(nowMs);
  }).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  const setpoint = (id: string) =>
    state.lines[line]?.control?.setpoints.find((one) => one.id === id)?.value ?? null;
  return {
    state: () => state.lines[line]?.control?.state ?? null,
    setpoint,
    until: (what, value, withinMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ tagMs: number; pictureMs: number }>();
      let tagMs: number | null = null;
      let pictureMs: number | null = null;
      const isValue = (one: unknown) => Math.abs(Number(one) - value) < NEAR;
      const watch = (nowMs: number) => {
        const tag = state.lines[line]?.devices[what.device]?.tags[what.tag];
        if (tag !== undefined && isValue(tag.value)) tagMs ??= nowMs;
        if (isValue(setpoint(what.setpoint) ?? NaN)) pictureMs ??= nowMs;
        if (tagMs !== null && pictureMs !== null) resolve({ tagMs, pictureMs });
      };
      const late = setTimeout(() => reject(new Error(`${what.setpoint} ${value}: not seen`)), withinMs);
      watchers.add(watch);
      return promise.finally(() => {
        clearTimeout(late);
        watchers.delete(watch);
      });
    },
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await reading;
    },
  };
}

function apply(state: LiveState, { path, value }: LiveOp): void {
  let at: unknown = state;
  for (const part of path.slice(0, -1)) at = (at as Record<string, unknown>)[part] ?? {};
  const last = path.at(-1) ?? '';
  if (value === undefined) delete (at as Record<string, unknown>)[last];
  else (at as Record<string, unknown>)[last] = value;
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  heard: (name: string, data: string) => void,
): Promise<void> {
  let waiting = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    waiting += decoder.decode(chunk, { stream: true });
    const events = waiting.split('\n\n');
    waiting = events.pop() ?? '';
    for (const event of events) {
      const lines = event.split('\n');
      const field = (name: string) =>
        lines.find((one) => one.startsWith(`${name}: `))?.slice(name.length + 2);
      heard(field('event') ?? 'message', field('data') ?? '');
    }
  }
}
