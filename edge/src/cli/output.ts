/** Where a command writes, so that nothing but `main.ts` touches the process. */
export interface Output {
  /** The answer. */
  readonly out: (text: string) => void;
  /** What went wrong. */
  readonly err: (text: string) => void;
}

/** Of a process: 0 ok, 1 failed, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
