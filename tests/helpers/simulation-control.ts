/** The control of the simulated line: its ground truth, its faults, its speed. */

export interface Truth {
  readonly at: string | number;
  readonly inputKg: number;
  readonly outputKg: Readonly<Record<string, number>>;
  /** What fell into each outlet, without water, by fibre. */
  readonly outputFibresKg: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same by fabric. */
  readonly outputFabricsKg: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly onLineKg: number;
  readonly waterLossKg: number;
  readonly items: unknown;
  /** The last ones, oldest first. */
  readonly bales: readonly {
    readonly outlet: string;
    readonly kg: number;
    /** What the bale scale showed and stored, under which number. */
    readonly indicatedKg: number;
    readonly alibi: number;
  }[];
  readonly baleCount: number;
  /** By outlet, all of them. */
  readonly baledKg: Readonly<Record<string, number>>;
  /** What lay in each bin before the first second: not input, not output, but inside bales. */
  readonly initialBinsKg: Readonly<Record<string, number>>;
  readonly cagesWeighed: number;
  readonly faults: readonly unknown[];
}

export interface SimulationControl {
  readonly truth: () => Promise<Truth>;
  /** Gives the id of the fault. */
  readonly addFault: (fault: {
    readonly kind: string;
    readonly target: string;
    readonly [key: string]: unknown;
  }) => Promise<string>;
  readonly removeFault: (id: string) => Promise<void>;
  readonly setSpeed: (factor: number) => Promise<void>;
}

/** @param port TRAME_SIM_PORT of the running simulation. */
export function simulationControl(port: number): SimulationControl {
  const call = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  return {
    truth: async () => JSON.parse(await call('GET', '/truth')),
    addFault: async (fault) => {
      const { id }: { id: string } = JSON.parse(await call('POST', '/faults', fault));
      return id;
    },
    removeFault: async (id) => {
      await call('DELETE', `/faults/${encodeURIComponent(id)}`);
    },
    setSpeed: async (factor) => {
      await call('POST', '/speed', { factor });
    },
  };
}
