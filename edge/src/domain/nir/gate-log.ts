/** The gates that a spectrum went through: the first that is not passed refuses it. */
import type { FibreRefusal, GateResult } from '@trame/protocol/classification/fibre-verdict';

export class GateLog {
  readonly results: GateResult[] = [];

  /** @returns whether it passed; each gate is gone through once. */
  take(gate: FibreRefusal, passed: boolean, measured: number | null = null, limit: number | null = null) {
    this.results.push({ gate, passed, measured, limit });
    return passed;
  }

  get refusal(): FibreRefusal | null {
    return this.results.find(({ passed }) => !passed)?.gate ?? null;
  }
}
