/** What every command has in common. */
export interface CommonOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly json: boolean;
}

export interface WrongUsage {
  readonly kind: 'wrong-usage';
  readonly message: string;
}
