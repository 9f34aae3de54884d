/** A line of hands: nothing is linked, and the edge is all there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHeartbeat, type Heartbeat } from '@trame/protocol/heartbeat';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { decodeEvents } from '@trame/protocol/ledger-message';
import { decodePayload } from '@trame/protocol/sparkplug/payload';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLineConfig } from './config/parse-line-config.ts';
import { startEdge, type Edge } from './edge.ts';
import type { Log } from './ports/log.ts';
import { TestBroker, until, type HeardMessage } from './sparkplug/test-broker.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';

const warned: unknown[] = [];
const log: Log = {
  debug: () => {},
  info: () => {},
  warn: (...words: unknown[]) => void warned.push(words),
  error: (...words: unknown[]) => void warned.push(words),
};

let dataDir = '';
beforeEach(() => {
  warned.length = 0;
  dataDir = mkdtempSync(join(tmpdir(), 'trame-edge-hands-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function start(brokerUrl: string): Promise<Edge> {
  const text = `
site: caux
line: tables-1
uplink: { url: ${brokerUrl} }
ledger: { consumers: [trame] }
devices: []
roles:
  stations: [{ id: table-1, kind: sortingPost, label: Table 1 }, { id: press, kind: press, label: Presse }]
  outlets: [{ id: reuse, label: Réemploi, route: reuse, composition: { cotton: 100 } }]
`;
  const parse = parseLineConfig(text, 'line.yaml', { dataDir });
  if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.issues));
  return startEdge({
    config: parse.config,
    dataDir,
    httpPort: 0,
    log,
    clock: systemClock,
    entropy: systemEntropy,
  });
}

function on(heard: readonly HeardMessage[], topic: string): readonly HeardMessage[] {
  return heard.filter((message) => message.topic === topic);
}

function heartbeats(heard: readonly HeardMessage[]): readonly Heartbeat[] {
  return on(heard, 'trame/v1/caux/tables-1/heartbeat').flatMap(({ payload }) => {
    const decoded = decodeHeartbeat(payload);
    return decoded === null ? [] : [decoded];
  });
}

function recorded(heard: readonly HeardMessage[]): readonly LedgerEvent[] {
  return on(heard, 'trame/v1/caux/tables-1/ledger').flatMap(({ payload }) => {
    const decoded = decodeEvents(payload);
    return decoded.kind === 'events' ? decoded.events : [];
  });
}

describe('an edge without any device', () => {
  it('is born, beats, records in its ledger and sends it, and is well', async () => {
    await using broker = await TestBroker.start();
    const [telemetry, ledger] = [await broker.listen('spBv1.0/#'), await broker.listen('trame/v1/#')];
    const edge = await start(broker.url);
    try {
      const birth = await until('birth', () => on(telemetry, 'spBv1.0/caux/NBIRTH/tables-1')[0]);
      const decoded = decodePayload(birth.payload);
      const metrics = decoded.kind === 'invalid' ? [] : decoded.payload.metrics;
      expect(metrics.map(({ name }) => name)).toContain('Properties/Line Description');
      await until('three heartbeats', () => heartbeats(ledger).length >= 3);
      expect(heartbeats(ledger).map(({ tick }) => tick)).toEqual([1, 2, 3]);
      await until('an event', () => recorded(ledger).length > 0);
      expect(recorded(ledger).map(({ type }) => type)).toContain('edge.started');
      const health: unknown = await (await fetch(`http://127.0.0.1:${edge.httpPort}/healthz`)).json();
      expect(health).toMatchObject({ devices: [], uplink: { state: 'born' }, ledger: { state: 'ok' } });
    } finally {
      await edge.stop();
    }
    await until('death', () => on(telemetry, 'spBv1.0/caux/NDEATH/tables-1').length > 0);
    expect(telemetry.some(({ topic }) => topic.includes('DBIRTH'))).toBe(false);
    expect(warned).toEqual([]);
  });

  it('goes on with its ledger when it is started again', async () => {
    await using broker = await TestBroker.start();
    const ledger = await broker.listen('trame/v1/#');
    const first = await start(broker.url);
    await until('start', () => recorded(ledger).some(({ type }) => type === 'edge.started'));
    await first.stop();
    const edge = await start(broker.url);
    try {
      await until('second start', () => recorded(ledger).some(({ seq }) => seq === 8));
      const bySeq = new Map(recorded(ledger).map(({ seq, type }) => [seq, type]));
      expect([...bySeq].sort(([one], [other]) => one - other)).toEqual([
        [1, 'ledger.opened'],
        [2, 'edge.started'],
        // Disk, clock, ledger, and the consumer that has to follow: told once, not at each start.
        [3, 'alarm.declared'],
        [4, 'alarm.declared'],
        [5, 'alarm.declared'],
        [6, 'alarm.declared'],
        [7, 'edge.stopped'],
        [8, 'edge.started'],
      ]);
    } finally {
      await edge.stop();
    }
  });
});
