import { decodeHeartbeat, encodeHeartbeat } from '@trame/protocol/heartbeat';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { describe, expect, it } from 'vitest';
import { decodeToldItems, encodeToldItems, itemsMarkName } from './domain/sorting/batch-mark.ts';
import { item, LIFE } from './domain/sorting/test-item.ts';
import type { OpcuaDeviceConfig } from './domain/line-config.ts';
import { createSorting, heartbeatOf } from './edge-sorting.ts';
import { ItemSite } from './items/test-items.ts';
import { TestClock } from './pipeline/test-clock.ts';
import type { Recording } from './ports/recording.ts';
import { CONFIG, RING } from './sorting/test-sorting.ts';
import { keptLog } from './uplink/test-uplink.ts';

const MARK = itemsMarkName('nir');
const STATION = {
  id: 'nir',
  driver: 'opcua',
  ring: { ...RING, seq: '', size: 256, result: { seq: '', at: '', spectrum: '' }, everyMs: 100 },
} as unknown as OpcuaDeviceConfig;

function sortingIn(dataDir: string) {
  const recording = { isOpen: false, waiting: 0, mark: () => null } as unknown as Recording;
  const sorting = createSorting({
    config: { line: 'tri-1', sorting: CONFIG, ledger: { reserveBytes: 0 } as never, devices: [STATION] },
    dataDir,
    ledger: { recording, mark: () => null },
    freeBytes: () => null,
    clock: new TestClock(),
    log: keptLog().log,
  });
  if (sorting === null) throw new Error('it is configured');
  return sorting;
}

describe('a ledger that begins anew', () => {
  it('begins after the pieces of before this start; one that goes on is left as it is', () => {
    using site = new ItemSite();
    const empty = sortingIn(site.dir);
    expect(decodeToldItems(empty.baselineMarks(() => null)[MARK] ?? null)).toEqual({
      all: null,
      outlets: new Map(),
    });
    empty.close();

    const before = site.open();
    for (let seq = 1; seq <= 7; seq += 1) before.add(item(seq), null);
    before.close();
    const sorting = sortingIn(site.dir);
    const begun = { all: { life: LIFE, seq: 7 }, outlets: new Map() };
    expect(decodeToldItems(sorting.baselineMarks(() => null)[MARK] ?? null)).toEqual(begun);
    const told = encodeToldItems({ all: { life: LIFE, seq: 3 }, outlets: new Map() });
    expect(sorting.baselineMarks(() => told)).toEqual({});
    sorting.close();
  });
});

it('is said in a heartbeat that a server reads, also that nothing can be used', () => {
  using site = new ItemSite();
  const sorting = sortingIn(site.dir);
  const heartbeat = exampleHeartbeat(heartbeatOf(sorting));
  const heard = decodeHeartbeat(new TextEncoder().encode(encodeHeartbeat(heartbeat)));
  expect(heard?.sorting).toMatchObject({
    model: { id: 'sim-v1' },
    modelFault: null,
    programme: null,
    programmeFault: expect.stringContaining('no such programme'),
    fallback: 'manuel',
    sorted: 0,
    items: { state: 'ok', reason: null, dropped: 0 },
  });
  expect(heartbeatOf(null)).toEqual({});
  sorting.close();
});
