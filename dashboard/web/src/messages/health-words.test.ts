/** Whatever code the contracts know, the page has French for it. */
import { REPLY_CODES } from '@trame/protocol/command';
import {
  CONSUMER_STATES,
  LEDGER_FAULT_CODES,
  LedgerStatus,
  SpoolStatus,
  DiskStatus,
  Heartbeat,
} from '@trame/protocol/heartbeat';
import { LineHealth, ServerHealth } from '@trame/protocol/health-api';
import { GAP_REASONS, REFUSAL_CODES } from '@trame/protocol/ledger-names';
import { describe, expect, it } from 'vitest';
import {
  CHAIN_WORDS,
  CLOCK_WORDS,
  CONSUMER_WORDS,
  DISK_WORDS,
  GAP_WORDS,
  HISTORY_WORDS,
  LEDGER_FAULT_WORDS,
  LEDGER_WORDS,
  RECORDS_WORDS,
  REFUSAL_WORDS,
  REPLY_WORDS,
  SPOOL_WORDS,
} from './health-words.ts';
import health from './fr-health.json' with { type: 'json' };
import { addWords, t, type MessageKey } from './translate.ts';

addWords(health);

/** The texts that a schema made of literals allows. */
function textsOf(schema: object): string[] {
  const { anyOf } = schema as { readonly anyOf?: readonly { readonly const?: unknown }[] };
  return (anyOf ?? []).map((option) => String(option.const));
}

const VOCABULARIES: readonly (readonly [string, readonly string[], Readonly<Record<string, MessageKey>>])[] =
  [
    ['refusal', REFUSAL_CODES, REFUSAL_WORDS],
    ['loss', GAP_REASONS, GAP_WORDS],
    ['consumer', CONSUMER_STATES, CONSUMER_WORDS],
    ['reply', [...REPLY_CODES, 'no-reply'], REPLY_WORDS],
    ['ledger', textsOf(LedgerStatus.properties.state), LEDGER_WORDS],
    ['fault', LEDGER_FAULT_CODES, LEDGER_FAULT_WORDS],
    ['spool', textsOf(SpoolStatus.properties.state), SPOOL_WORDS],
    ['disk', textsOf(DiskStatus.properties.state), DISK_WORDS],
    ['clock', textsOf(Heartbeat.properties.clock.properties.state), CLOCK_WORDS],
    ['chain', textsOf(LineHealth.properties.chain), CHAIN_WORDS],
    ['records', textsOf(ServerHealth.properties.records.properties.engine), RECORDS_WORDS],
    ['history', textsOf(ServerHealth.properties.history.properties.engine), HISTORY_WORDS],
  ];

describe.each(VOCABULARIES)('codes of %s', (_subject, codes, words) => {
  it('all have a word, and each its own', () => {
    expect(codes.length).toBeGreaterThan(1);
    const said = codes.map((code) => [code, words[code] === undefined ? undefined : t(words[code])]);
    expect(said.filter(([code, text]) => text === undefined || text === words[code ?? ''])).toEqual([]);
    expect(new Set(said.map(([, text]) => text)).size).toBe(codes.length);
    expect(Object.keys(words).toSorted()).toEqual([...codes].toSorted());
  });
});
