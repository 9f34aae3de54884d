/** Hands of a simulated line of hands: what a test asks them to carry, and what the platform scale made of it. */
import { until } from './until.ts';
import { weighingOf, type MaterialActs } from './material-acts.ts';

export interface StandingContainer {
  readonly id: string;
  readonly kind: string;
  readonly tareKg: number;
  readonly netKg: number;
  readonly wet: boolean;
}

export interface StandingOutput {
  readonly id: string;
  readonly number: number;
  readonly unit: string;
  readonly outlet: string;
  readonly press: string | null;
  readonly kg: number;
  readonly packagingKg: number;
}

export interface HandView {
  readonly deliveries: readonly {
    readonly id: string;
    readonly collector: { readonly id: string; readonly name: string };
    readonly containers: readonly StandingContainer[];
  }[];
  readonly finished: readonly StandingOutput[];
  readonly scales: readonly {
    readonly id: string;
    readonly what: string | null;
    readonly stable: boolean;
    readonly grossKg: number;
    readonly stored: { readonly alibi: number; readonly kg: number } | null;
  }[];
}

/** What the platform showed of a thing, and the event that tells it. */
export interface Weighed {
  readonly weighing: string;
  readonly shownGrams: number;
}

export interface Hands {
  readonly view: () => Promise<HandView>;
  readonly carry: (does: string, body: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Nobody but the caller says what is weighed and what goes on the tables. */
  readonly lead: () => Promise<void>;
  /** Puts it on the scale, and takes it off once its weight is in the ledger. */
  readonly weigh: (acts: MaterialActs, what: string) => Promise<Weighed>;
  /** An output that stands in front of the scale. */
  readonly finished: (fits?: (output: StandingOutput) => boolean) => Promise<StandingOutput>;
}

export const PLATFORM = 'platform-scale';
const LEAD_MS = 3_600_000;
const MADE_MS = 60_000;

/** @param port TRAME_SIM_PORT of the running simulation. */
export function handsOf(port: number): Hands {
  const url = `http://127.0.0.1:${port}/hand`;
  const view = async (): Promise<HandView> => (await (await fetch(url)).json()) as HandView;
  const carry: Hands['carry'] = async (does, body) => {
    const response = await fetch(`${url}/${does}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${does} ${JSON.stringify(body)}: ${await response.text()}`);
    await response.body?.cancel();
  };
  return {
    view,
    carry,
    lead: () => carry('lead', { forMs: LEAD_MS }),
    weigh: async (acts, what) => {
      await carry('put-on-scale', { what });
      const stored = await until(`a weight of ${what}`, async () => (await view()).scales[0]?.stored);
      const { id } = await weighingOf(acts, PLATFORM, stored.alibi);
      await carry('take-off', { to: 'in' });
      return { weighing: id, shownGrams: Math.round(stored.kg * 1_000) };
    },
    finished: (fits = () => true) =>
      until('an output in front of the scale', async () => (await view()).finished.find(fits), MADE_MS),
  };
}
