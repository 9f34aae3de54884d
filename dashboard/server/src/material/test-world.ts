/**
 * What a test expects of a site without looking at any movement: what came in, what went out, what each output weighs.
 * Whatever else is on the site follows from these, or is a difference.
 */
import { accountKind, type AccountKind } from '@trame/protocol/material/accounts';
import type { MaterialSite } from '../testing/test-material-site.ts';

export interface ExpectedOutput {
  /** What it holds, grams; 0 while it was not weighed, and when it is gone. */
  held: number;
  /** Null: not weighed. */
  net: number | null;
  status: string;
  /** Lost of it by damage. */
  lost: number;
  /** What it brings back when it is found, or returned. */
  away: number;
  /** Where it was shipped to. */
  shippedTo: 'client' | 'subcontractor';
}

export class ExpectedWorld {
  /** Grams that came in, by received lot; a lot that was corrected may have brought less than went on. */
  readonly received = new Map<string, number>();
  readonly outputs = new Map<string, ExpectedOutput>();
  /** Grams that went to each kind of place off the site. */
  readonly gone: Record<'returned' | 'water' | 'missing' | 'client' | 'subcontractor', number> = {
    returned: 0,
    water: 0,
    missing: 0,
    client: 0,
    subcontractor: 0,
  };

  /** @throws when it was never made. */
  output(id: string): ExpectedOutput {
    const output = this.outputs.get(id);
    if (output === undefined) throw new Error(`${id} was never made`);
    return output;
  }

  made(id: string, status: string, net: number | null): void {
    this.outputs.set(id, { held: net ?? 0, net, status, lost: 0, away: 0, shippedTo: 'client' });
  }

  weighed(id: string, net: number): void {
    const output = this.output(id);
    if (output.status === 'shipped') {
      this.gone[output.shippedTo] += net - (output.net ?? 0);
      output.away = net;
    } else output.held = net;
    output.net = net;
    if (['started', 'pressed', 'to-weigh'].includes(output.status)) output.status = 'stock';
  }

  /** What it held is elsewhere. @returns how much. */
  emptied(id: string, status: string): number {
    const output = this.output(id);
    const { held } = output;
    output.held = 0;
    output.away = held;
    output.status = status;
    return held;
  }

  /** In stock again with what it took away. @returns how much. */
  back(id: string): number {
    const output = this.output(id);
    output.held = output.away;
    output.status = output.net === null ? 'to-weigh' : 'stock';
    return output.held;
  }
}

export interface Row {
  readonly account: string;
  readonly lot: string;
  readonly grams: number;
}

export function holdings(site: MaterialSite): Promise<Row[]> {
  return site.records
    .selectFrom('holdings')
    .select(['account', 'lot', 'grams'])
    .orderBy('account')
    .orderBy('lot')
    .execute();
}

export function gramsOf(rows: readonly Row[], kind: AccountKind): number {
  return rows.reduce((total, row) => total + (accountKind(row.account) === kind ? row.grams : 0), 0);
}

/** Grams by account, or by lot, of the rows that are asked for. */
export function grouped(rows: readonly Row[], by: 'account' | 'lot', kinds?: readonly AccountKind[]) {
  const sums = new Map<string, number>();
  for (const row of rows) {
    if (kinds !== undefined && !kinds.includes(accountKind(row.account))) continue;
    sums.set(row[by], (sums.get(row[by]) ?? 0) + row.grams);
  }
  return Object.fromEntries([...sums].filter(([, grams]) => grams !== 0));
}
