/** Figures of the ledgers for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LedgerConsumer } from './ledger-consumer.ts';

export interface LedgerMetrics {
  readonly refused: Counter<'code'>;
}

export function addLedgerMetrics(registry: Registry, consumer: LedgerConsumer): LedgerMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  counter('trame_ledger_stored_events_total', 'Events stored', () => consumer.counts.stored);
  counter('trame_ledger_repeated_events_total', 'Events sent again though stored', () => {
    return consumer.counts.already;
  });
  counter('trame_ledger_overflowed_messages_total', 'Messages left out because too much waited', () => {
    return consumer.counts.overflowed;
  });
  counter('trame_ledger_failed_messages_total', 'Messages on which the server itself failed', () => {
    return consumer.counts.failed;
  });
  counter('trame_ledger_acks_total', 'Acknowledgements sent', () => consumer.counts.acks);
  gauge('trame_ledger_waiting_messages', 'Messages that wait to be stored', () => consumer.waiting);
  gauge('trame_ledger_lag_seconds', 'Between recording and storing, of the line that lags most', () => {
    return consumer.lagMs / 1000;
  });
  return {
    refused: new Counter({
      name: 'trame_ledger_refused_total',
      help: 'Events and messages refused',
      labelNames: ['code'],
      registers,
    }),
  };
}
