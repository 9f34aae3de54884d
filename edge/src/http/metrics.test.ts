import { describe, expect, it } from 'vitest';
import { CALM_WATCH } from '../domain/sorting/test-watch.ts';
import type { SortingStatus } from '../ports/sorting-status.ts';
import type { EdgeHealth } from './health.ts';
import { EdgeMetrics, type EdgeFigures, type UplinkFigures } from './metrics.ts';

const HEALTH: EdgeHealth = {
  phase: 'running',
  site: 'caux',
  line: 'tri-1',
  version: '0.1.0',
  startedAtMs: 0,
  nowMs: 5000,
  keepsCounts: true,
  devices: [],
  uplink: { state: 'born', reason: null, sinceMs: 2000, bdSeq: 4, owed: 7 },
  ledger: {
    state: 'not-stored',
    code: 'disk-full',
    reason: 'the disk is full',
    epoch: 'a'.repeat(32),
    head: 41,
    hash: 'b'.repeat(64),
    unstored: 3,
    lost: 0,
    consumers: [
      { consumer: 'trame', state: 'following', upTo: 41, waiting: 0, reason: null },
      { consumer: 'region', state: 'stuck', upTo: 1, waiting: 40, reason: 'it does not move' },
    ],
  },
  spool: { state: 'ok', reason: null, samples: 5, bytes: 4096, maxBytes: 1e6, oldestAt: 4000, dropped: 2 },
  disk: { state: 'ok', freeBytes: 123_456, reserveBytes: 1000 },
  clock: { state: 'checked', offsetMs: -1500 },
};

const FIGURES: EdgeFigures = {
  health: HEALTH,
  devices: new Map(),
  uplink: null,
  refusedReadings: 0,
  totalsWentBack: 0,
  recordsLost: 1,
  recordsStored: 41,
  certificateExpiryMs: null,
};

const UPLINK: UplinkFigures = {
  messages: 0,
  metrics: 0,
  resent: 0,
  dropped: 0,
  reconnects: 0,
  failedConnects: 0,
  rebirths: 0,
  rebirthRequests: 0,
  ignoredWrites: 0,
  refusedCommands: 0,
  invalidMessages: 0,
};

function scraped(over: Partial<EdgeFigures>): Promise<string> {
  return new EdgeMetrics(() => Promise.resolve({ ...FIGURES, ...over })).text();
}

describe('the metrics of an edge', () => {
  it('tell how pieces are sorted, and of a line that does not sort them nothing that looks like a fault', async () => {
    expect(await scraped({})).not.toContain('trame_edge_sorting_up{');
    const sorting: SortingStatus = {
      model: null,
      modelFault: 'altered',
      programme: { id: 'essai', version: 1, hash: 'd'.repeat(64) },
      programmeFault: null,
      sorted: 12,
      toFallback: 2,
      late: 1,
      unwritten: 3,
      missed: 4,
      failed: 5,
      items: {
        state: 'ok',
        reason: null,
        items: 12,
        spectra: 12,
        waiting: 0,
        dropped: 6,
        unreadable: 0,
        setAsideAtMs: null,
      },
      watch: CALM_WATCH,
    };
    const text = await scraped({ health: { ...HEALTH, sorting } });
    for (const line of [
      'trame_edge_sorting_up{part="model"} 0',
      'trame_edge_sorting_up{part="programme"} 1',
      'trame_edge_sorting_sorted_total 12',
      'trame_edge_sorting_to_fallback_total 2',
      'trame_edge_sorting_late_total 1',
      'trame_edge_sorting_unwritten_total 3',
      'trame_edge_sorting_missed_total 4',
      'trame_edge_sorting_failed_total 5',
      'trame_edge_sorting_items_dropped_total 6',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
  });

  it('tell the end of the OPC UA certificate only while there is one', async () => {
    expect(await scraped({})).not.toContain('certificate');
    expect(await scraped({ certificateExpiryMs: 1_800_000_000_000 })).toContain(
      '\ntrame_edge_opcua_certificate_expiry_seconds 1800000000\n',
    );
    let certificateExpiryMs: number | null = 1_800_000_000_000;
    const metrics = new EdgeMetrics(() => Promise.resolve({ ...FIGURES, certificateExpiryMs }));
    expect(await metrics.text()).toContain('certificate');
    certificateExpiryMs = null;
    expect(await metrics.text()).not.toContain('certificate');
    certificateExpiryMs = 1000;
    expect(await metrics.text()).toContain('expiry_seconds 1\n');
  });

  it('tell how the ledger stands and what room is left', async () => {
    const text = await scraped({});
    for (const line of [
      'ledger_up 0',
      'ledger_head 41',
      'ledger_unstored 3',
      'ledger_stored_total 41',
      'ledger_lost_total 1',
      'ledger_consumer_waiting{consumer="trame"} 0',
      'ledger_consumer_waiting{consumer="region"} 40',
      'ledger_consumer_following{consumer="trame"} 1',
      'ledger_consumer_following{consumer="region"} 0',
      'spool_up 1',
      'spool_samples 5',
      'spool_bytes 4096',
      'spool_dropped_total 2',
      'disk_free_bytes 123456',
      'clock_offset_seconds -1.5',
      'clock_checked 1',
    ]) {
      expect(text).toContain(`\ntrame_edge_${line}\n`);
    }
  });

  it('tell the births that were given apart from those that were asked for', async () => {
    const text = await scraped({ uplink: { ...UPLINK, rebirths: 2, rebirthRequests: 12 } });
    expect(text).toContain('\ntrame_edge_uplink_rebirths_total 2\n');
    expect(text).toContain('\ntrame_edge_uplink_rebirth_requests_total 12\n');
    expect(text).toContain('\ntrame_edge_uplink_owed_samples 7\n');
  });
});
