/** What must be true when a world has come to rest, whatever happened in it. */
import { sealFault } from '@trame/protocol/hash-chain';
import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import { knownEvent } from '@trame/protocol/ledger-payloads';
import { LINE, SITE } from './edge-program.ts';
import type { Aftermath } from './world.ts';

/** @returns each promise that was broken, in words; empty: all were kept. */
export async function brokenPromises(after: Aftermath): Promise<readonly string[]> {
  const ledger = readAll(after);
  const stored = await storedHashes(after);
  return [
    ...(after.cameToRest ? [] : ['the world did not come to rest']),
    ...(after.falseAcks === 0 ? [] : [`${after.falseAcks} acknowledgements claimed more than the disk held`]),
    ...chainFaults(ledger),
    ...deliveryFaults(after, ledger, stored),
    ...(await countFaults(after)),
    ...weighingFaults(after, ledger),
    ...telemetryFaults(after, ledger),
  ];
}

function readAll({ edge }: Aftermath): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  for (;;) {
    const part = edge.ledger.read(events.length + 1, 500);
    if (part.length === 0) return events;
    events.push(...part);
  }
}

async function storedHashes({ server }: Aftermath): Promise<readonly string[]> {
  const rows = await server.records
    .selectFrom('ledger_events')
    .select(['epoch', 'seq', 'hash'])
    .where('site', '=', SITE)
    .where('line', '=', LINE)
    .orderBy('receivedAt')
    .orderBy('seq')
    .execute();
  return rows.map(({ epoch, seq, hash }) => `${epoch}/${seq}/${hash}`);
}

function chainFaults(ledger: readonly LedgerEvent[]): readonly string[] {
  let prev = FIRST_PREV;
  const faults: string[] = [];
  for (const [index, event] of ledger.entries()) {
    if (event.seq !== index + 1) faults.push(`event ${index + 1} has the number ${event.seq}`);
    if (event.prev !== prev || sealFault(event) !== null) faults.push(`the chain breaks at ${event.seq}`);
    prev = event.hash;
  }
  return faults;
}

/** Acknowledged ⊆ delivered; each once, in the order of its line, and nothing else. */
function deliveryFaults(
  { acknowledged }: Aftermath,
  ledger: readonly LedgerEvent[],
  stored: readonly string[],
): readonly string[] {
  const faults: string[] = [];
  const here = ledger.map(({ epoch, seq, hash }) => `${epoch}/${seq}/${hash}`);
  if (here.join() !== stored.join()) {
    faults.push(
      `the server holds ${stored.length} events in another order or shape than the edge's ${here.length}`,
    );
  }
  const delivered = new Set(stored.map((key) => key.split('/').slice(0, 2).join('/')));
  for (const key of acknowledged) if (!delivered.has(key)) faults.push(`${key} was acknowledged and is lost`);
  return faults;
}

async function countFaults({ server, material }: Aftermath): Promise<readonly string[]> {
  const rows = await server.records.selectFrom('sorted').select(['outlet', 'grams']).execute();
  const grams = rows.reduce((sum, row) => sum + row.grams, 0);
  if (grams === material.totalGrams) return [];
  return [`${material.totalGrams} g fell and ${grams} g are in the records`];
}

function weighingFaults({ material }: Aftermath, ledger: readonly LedgerEvent[]): readonly string[] {
  const recorded = ledger.flatMap((event) => {
    const known = knownEvent(event);
    return known?.type === 'weighing.recorded' ? [`${known.payload.number}:${known.payload.netGrams}`] : [];
  });
  const weighed = material.weighings.map(({ number, netGrams }) => `${number}:${netGrams}`);
  return recorded.join() === weighed.join() ? [] : [`weighed ${weighed.join()}, recorded ${recorded.join()}`];
}

/** Every sample is in the history or inside a loss that the ledger declares; without a cause there is no loss. */
function telemetryFaults(after: Aftermath, ledger: readonly LedgerEvent[]): readonly string[] {
  const gaps = ledger.flatMap((event) => {
    const known = knownEvent(event);
    return known?.type === 'telemetry.gap' ? [known.payload] : [];
  });
  const faults: string[] = [];
  for (const { value, timeMs } of after.samples) {
    if (after.historyDisk.has(value)) continue;
    if (!gaps.some(({ from, to }) => from <= timeMs && timeMs <= to)) {
      faults.push(`sample ${value} (${timeMs}) is neither in the history nor declared lost`);
    }
  }
  if (gaps.length > 0 && !after.mayLoseTelemetry) {
    faults.push(`a loss was declared though nothing could be lost: ${JSON.stringify(gaps)}`);
  }
  return faults.slice(0, 5);
}
