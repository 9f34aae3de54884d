/** What a line records, for whom, and who may send it requests. */
import { describe, expect, it } from 'vitest';
import type { LineConfig } from '../domain/line-config.ts';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

const parse = (text: string) =>
  parseLineConfig(`site: s\nline: l\ndevices: []\n${text}`, 'line.yaml', { dataDir: '/data' });

function configOf(text: string): LineConfig {
  const parsed = parse(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config;
}

function issuesOf(text: string): string[] {
  const parsed = parse(text);
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

describe('what is recorded', () => {
  it('goes to trame when nobody is named', () => {
    expect(configOf('').ledger).toStrictEqual({
      consumers: ['trame'],
      throughputEveryMs: 60_000,
      reserveBytes: 64 * 1024 * 1024,
    });
  });

  it('goes to the primary host when there is one, and to those who are named before all', () => {
    const uplink = 'uplink: { url: "mqtt://127.0.0.1", primaryHost: site-host }\n';
    expect(configOf(uplink).ledger.consumers).toStrictEqual(['site-host']);
    expect(configOf(`${uplink}ledger: { reserve: 1GB }\n`).ledger.consumers).toStrictEqual(['site-host']);
    expect(configOf(`${uplink}ledger: { consumers: [a, b] }\n`).ledger.consumers).toStrictEqual(['a', 'b']);
  });

  it('is written as people write sizes, ages and durations', () => {
    const config = configOf(`ledger: { throughputEvery: 10s, reserve: 1.5MB }
spool: { maxBytes: 2GiB, maxAge: 1.5d, replayPerSecond: 1 }
commands: { trust: [key.pem, /etc/trame/key.pem] }
`);
    expect(config.ledger).toStrictEqual({
      consumers: ['trame'],
      throughputEveryMs: 10_000,
      reserveBytes: 1_500_000,
    });
    expect(config.spool).toStrictEqual({
      maxBytes: 2 * 1024 ** 3,
      maxAgeMs: 36 * 3_600_000,
      replayPerSecond: 1,
    });
    expect(config.commands).toStrictEqual({ trust: ['/data/key.pem', '/etc/trame/key.pem'] });
  });
});

describe('the zone of the site', () => {
  it('is that of Paris when none is named', () => {
    expect(configOf('').timeZone).toBe('Europe/Paris');
    expect(configOf('timeZone: America/Montreal\n').timeZone).toBe('America/Montreal');
    expect(configOf('timeZone: UTC\n').timeZone).toBe('UTC');
  });
});

type Case = readonly [name: string, text: string, messages: readonly string[]];

const MISTAKES: readonly Case[] = [
  [
    'a zone that nobody knows',
    'timeZone: Europe/Pariss\n',
    [
      'line.yaml:4:11 timeZone: expected the name of a time zone such as Europe/Paris, got "Europe/Pariss": did you mean Europe/Paris?',
    ],
  ],
  [
    'a zone that has no summer time of its own',
    'timeZone: "+01:00"\n',
    ['line.yaml:4:11 timeZone: expected the name of a time zone such as Europe/Paris, got "+01:00"'],
  ],
  [
    'a ledger for nobody',
    'ledger: { consumers: [] }\n',
    ['line.yaml:4:22 ledger.consumers: expected at least one consumer'],
  ],
  [
    'a ledger that sends the same twice',
    'ledger: { consumers: [a, a/b, a] }\n',
    [
      'line.yaml:4:26 ledger.consumers[1]: expected a name of letters, digits, dot, dash, underscore or tilde, 1 to 63 long, got "a/b"',
      'line.yaml:4:31 ledger.consumers[2]: duplicate consumer "a", first used at 4:23',
    ],
  ],
  [
    'too many consumers',
    'ledger: { consumers: [a, b, c, d, e, f, g, h, i] }\n',
    ['line.yaml:4:22 ledger.consumers: expected at most 8 entries, got 9'],
  ],
  [
    'a period that would cross midnight',
    'ledger: { throughputEvery: 7s }\n',
    [
      'line.yaml:4:28 ledger.throughputEvery: expected a duration that divides 15min, such as 10s, 60s or 5min, got "7s": a period must end with the day',
    ],
  ],
  [
    'periods without unit, too long, and sizes that are none',
    'ledger: { throughputEvery: 60, reserve: 64 }\nspool: { maxBytes: 256M, maxAge: 2y }\n',
    [
      'line.yaml:4:28 ledger.throughputEvery: expected a duration with its unit, got 60: write 60ms or 60s',
      'line.yaml:4:41 ledger.reserve: expected a size with its unit, got 64: write 64MB',
      'line.yaml:5:20 spool.maxBytes: expected a size such as 512kB, 64MB or 2GB, got "256M"',
      'line.yaml:5:34 spool.maxAge: expected a duration such as 200ms, 1s or 5min, got "2y"',
    ],
  ],
  [
    'bounds that hold nothing, or more than there is',
    'ledger: { throughputEvery: 1h, reserve: 1kB }\nspool: { maxBytes: 5000GB, maxAge: 5s, replayPerSecond: 0 }\n',
    [
      'line.yaml:4:28 ledger.throughputEvery: expected a duration from 1s to 900s, got "1h"',
      'line.yaml:4:41 ledger.reserve: expected a size from 64kB to 1000GB, got "1kB"',
      'line.yaml:5:20 spool.maxBytes: expected a size from 1MB to 1000GB, got "5000GB"',
      'line.yaml:5:36 spool.maxAge: expected a duration from 60s to 8784h, got "5s"',
      'line.yaml:5:57 spool.replayPerSecond: expected samples a second, a whole number from 1 to 100000, got 0',
    ],
  ],
  [
    'keys that nobody knows',
    'ledger: { consumer: [a] }\nspool: { size: 1MB }\ncommands: { keys: [] }\nledgers: {}\n',
    [
      'line.yaml:4:11 ledger.consumer: unknown key, did you mean consumers?',
      'line.yaml:5:10 spool.size: unknown key, expected one of maxBytes, maxAge, replayPerSecond',
      'line.yaml:6:13 commands.keys: unknown key, expected one of trust',
      'line.yaml:7:1 ledgers: unknown key, did you mean ledger?',
    ],
  ],
  [
    'keys that are no files, or one file twice',
    'commands: { trust: [5, a.pem, ./a.pem] }\n',
    [
      'line.yaml:4:21 commands.trust[0]: expected a file name of 1 to 4096 characters, got 5',
      'line.yaml:4:31 commands.trust[2]: duplicate key file "/data/a.pem", first used at 4:24',
    ],
  ],
  [
    'one file where a list is wanted',
    'commands: { trust: a.pem }\nspool: 5MB\n',
    [
      'line.yaml:4:20 commands.trust: expected a list, got "a.pem"',
      'line.yaml:5:8 spool: expected a map, got "5MB"',
    ],
  ],
];

describe('mistakes in what is recorded', () => {
  it.each(MISTAKES)('%s', (_name, text, messages) => {
    expect(issuesOf(text)).toStrictEqual(messages);
  });
});
