/** The words after `trame-edge ledger`. Pure. */
import { resolve } from 'node:path';
import { OPAQUE_ID_PATTERN } from '@trame/protocol/ledger-event';
import type { CommonOptions, WrongUsage } from './common-options.ts';

export type LedgerCommand =
  | (CommonOptions & { readonly kind: 'ledger-verify' })
  | (CommonOptions & {
      readonly kind: 'ledger-export';
      readonly epoch: string | null;
      readonly from: number | null;
      /** Absolute; null: the standard output. */
      readonly outFile: string | null;
    })
  | (CommonOptions & {
      readonly kind: 'ledger-reopen';
      readonly configFile: string;
      readonly reason: 'restored' | 'replaced';
      readonly yes: boolean;
    });

/** Options as they were written; absent: not given. */
export interface LedgerValues {
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly epoch?: string | undefined;
  readonly from?: string | undefined;
  readonly out?: string | undefined;
  readonly reason?: string | undefined;
  readonly yes?: boolean | undefined;
}

const TAKES: Readonly<Record<string, readonly (keyof LedgerValues)[]>> = {
  verify: ['json'],
  export: ['epoch', 'from', 'out'],
  reopen: ['config', 'json', 'reason', 'yes'],
};
const LEDGER_ONLY = ['epoch', 'from', 'out', 'reason', 'yes'] as const;
const EPOCH = new RegExp(OPAQUE_ID_PATTERN, 'u');

/** @returns what is wrong with an option that this command does not take, or null. */
export function surplusLedgerOption(
  name: string | undefined,
  action: string | undefined,
  values: LedgerValues,
): string | null {
  const isLedger = name === 'ledger';
  const taken = isLedger ? TAKES[action ?? ''] : [];
  if (name === undefined || taken === undefined) return null;
  const refusable = isLedger
    ? ([...LEDGER_ONLY, 'config', 'json'] as const)
    : // A model is written to a file, too; what else it does not take, its own parser says.
      LEDGER_ONLY.filter((option) => name !== 'model' || option !== 'out');
  const surplus = refusable.find((option) => values[option] !== undefined && !taken.includes(option));
  return surplus === undefined ? null : `${isLedger ? `ledger ${action}` : name} takes no --${surplus}`;
}

export function parseLedger(
  common: CommonOptions,
  [action, ...surplus]: readonly string[],
  values: LedgerValues,
  { configFile, cwd }: { readonly configFile: string; readonly cwd: string },
): LedgerCommand | WrongUsage {
  if (surplus.length > 0) return wrong(`«${surplus.join(' ')}» is one word too many`);
  switch (action) {
    case 'verify':
      return { kind: 'ledger-verify', ...common };
    case 'export':
      return parseExport(common, values, cwd);
    case 'reopen': {
      const { reason = 'restored', yes = false } = values;
      if (reason !== 'restored' && reason !== 'replaced') {
        return wrong(`ledger reopen: --reason is «${reason}»: expected restored or replaced`);
      }
      return { kind: 'ledger-reopen', ...common, configFile, reason, yes };
    }
    default: {
      const got = action === undefined ? 'nothing' : `«${action}»`;
      return wrong(`ledger: expected verify, export or reopen, got ${got}`);
    }
  }
}

function parseExport(
  common: CommonOptions,
  { epoch, from, out }: LedgerValues,
  cwd: string,
): LedgerCommand | WrongUsage {
  if (from !== undefined && !/^[1-9]\d{0,14}$/u.test(from)) {
    return wrong(`ledger export: --from is «${from}»: expected the number of an event, from 1`);
  }
  if (epoch !== undefined && !EPOCH.test(epoch)) {
    return wrong(`ledger export: --epoch is «${epoch}»: expected 32 hexadecimal digits`);
  }
  return {
    kind: 'ledger-export',
    ...common,
    epoch: epoch ?? null,
    from: from === undefined ? null : Number(from),
    outFile: out === undefined ? null : resolve(cwd, out),
  };
}

function wrong(message: string): WrongUsage {
  return { kind: 'wrong-usage', message };
}
