import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';

/** What a command may touch: a test gives its own. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly defaultWebDir: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** 0 done, 1 failed, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;
