/** What an alarm may be made of, of a drift that is watched. */
export interface DriftCondition {
  /** Null: nothing can be said yet. */
  readonly isRaised: boolean | null;
  /** How strongly it is drifting: at the limit it is raised. Null: nothing can be said yet. */
  readonly value: number | null;
  readonly limit: number;
  /** In French, for who stands before the alarm. */
  readonly words: string;
}

/** With a decimal comma. */
export function frenchNumber(value: number, places: number): string {
  return value.toFixed(places).replace('.', ',');
}
