/** Outputs for tests: what lies on the line and in bins, and outputs made of it. */
import { account, binAccount } from '@trame/protocol/material/accounts';
import type { BaleBody } from '@trame/protocol/material/bale-acts';
import type { Share } from '@trame/protocol/material/move';
import type { OutputTable } from '../material/material-tables.ts';
import { sum } from '../material/shares.ts';
import { HAND_LINE, TEST_SITE } from '../testing/material-reference.ts';
import { materialSite, type Done, type MaterialSite } from '../testing/test-material-site.ts';
import type { BaleQuery } from './bale-repository.ts';
import { logBale } from './log-bale.ts';

export const ALL_BALES: BaleQuery = {
  site: TEST_SITE,
  status: null,
  outlet: null,
  zone: null,
  press: null,
  number: null,
  code: null,
  fromMs: null,
  toMs: null,
  after: null,
  limit: 10,
};
export const LINE = account('line', HAND_LINE);
export const DIFFERENCE = account('difference', HAND_LINE);
export const BIN = binAccount(HAND_LINE, 'effilochage');

/** Puts material somewhere, as if it had been received and moved there. */
export async function put(site: MaterialSite, to: string, shares: readonly Share[]): Promise<void> {
  const from = 'collector:emmaus';
  await site.tell('mass.moved', {
    from,
    to,
    counted: 'estimated',
    grams: sum(shares),
    weight: null,
    entry: 'screen',
    corrects: null,
    moves: [{ from, to, shares: [...shares] }],
  });
}

/** Three quarters of L1 and a quarter of L2 on the line, 800 kg. */
export async function siteAtWork(): Promise<MaterialSite> {
  const site = await materialSite();
  const shares = [
    { lot: 'L1', grams: 600_000 },
    { lot: 'L2', grams: 200_000 },
  ];
  await put(site, LINE, shares);
  return site;
}

/** Estimated, so that no scale's record is looked for. */
export function ofNet(netGrams: number): NonNullable<BaleBody['weight']> {
  return { how: 'estimated', netGrams };
}

export function bale(changes: Partial<BaleBody> = {}): BaleBody {
  return { outlet: 'effilochage', press: 'presse-1', ...changes };
}

export function logged(site: MaterialSite, netGrams: number, changes: Partial<BaleBody> = {}): Promise<Done> {
  return site.act(logBale, bale({ weight: ofNet(netGrams), zone: 'stock', ...changes }));
}

/** @throws when there is none. */
export async function outputOf(site: MaterialSite, id: string): Promise<OutputTable> {
  const output = await site.book.output(id);
  if (output === undefined) throw new Error(`no output ${id}`);
  return output;
}
