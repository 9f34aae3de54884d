/** Every trouble, said as a supervisor reads it. */
import { REFUSAL_CODES } from '@trame/protocol/ledger-names';
import { describe, expect, it } from 'vitest';
import { instantFormat } from '../format/instant.ts';
import { commandAnswerWords, epochAnswerWords, isSettled } from './answer-words.ts';
import { edgeWord, nextWaits } from './arrival.ts';
import { lineFacts, serverFacts } from './facts.ts';
import { consumer, lineHealth, NOW, overview, refusal, type Said } from './test-health.ts';
import { troubleWords } from './trouble-words.ts';
import { troublesOf, verdictOf } from './troubles.ts';
import { counterWords, massWords } from './uncounted-words.ts';
import { verdictWords } from './verdict-words.ts';
import health from '../messages/fr-health.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';

addWords(health);

const moment = { format: instantFormat('Europe/Paris'), nowMs: NOW };
const plain = (text: string | null) => text?.replaceAll(/[\u00a0\u202f]/gu, ' ') ?? null;

/** By id. */
const facts = (line: ReturnType<typeof lineHealth>) =>
  Object.fromEntries(lineFacts(line, edgeWord(line, NOW), false, moment).map((fact) => [fact.id, fact]));

/** What a card says of how it sorts. */
const sortingFactOf = (sorting: NonNullable<Said['sorting']>) =>
  facts(lineHealth({}, { sorting }))['sorting'];
const sortingRead = (sorting: NonNullable<Said['sorting']>) => {
  const { words = '', mark, details = [] } = sortingFactOf(sorting) ?? {};
  return [plain(words), mark, ...details.map(plain)];
};

/** What a card says of how far the ledger has come. */
const head = (said: Said) => plain(facts(lineHealth({}, said))['ledger']?.details[0] ?? '');

function said(line: ReturnType<typeof lineHealth>, server = {}): (string | null)[][] {
  const seen = overview([line], server);
  const waits = nextWaits(nextWaits(new Map(), { ...seen, at: NOW - 180_000 }), seen);
  return troublesOf(seen, waits, NOW).map((trouble) => {
    const { sentence, since, advice } = troubleWords(trouble, moment);
    expect(advice).not.toBe('');
    return [plain(sentence), plain(since)];
  });
}

describe('how a line sorts by spectra', () => {
  it('is said only of one that does, with what it sorts by and what became of it', () => {
    expect(facts(lineHealth())['sorting']).toBeUndefined();
    expect(sortingRead({})).toEqual([
      '1 200 pièces triées depuis le démarrage',
      'fine',
      'programme atelier, version 4',
      'modèle nirscan',
      '31 envoyées en « manuel »',
      '3 verdicts trop tard, ou pas pris par le trieur',
    ]);
    expect(sortingRead({ model: null, toFallback: 0, late: 0, unwritten: 0, missed: 1 })).toEqual([
      "aucun modèle utilisable : rien n'est reconnu",
      2,
      'programme atelier, version 4',
      '1 spectre manqué',
    ]);
    expect(sortingFactOf({ programme: null, programmeFault: 'no last rule' })).toMatchObject({
      words: 'aucun programme de tri utilisable',
      mark: 2,
      technical: 'no last rule',
    });
  });
});

describe('what is told first', () => {
  it('is that all has arrived, and until when', () => {
    const words = verdictWords(verdictOf(overview(), []), moment);
    expect(words.sentence).toBe("Tout ce qui s'est passé est arrivé.");
    expect(plain(words.since)).toMatch(/^Jusqu'à 14:02:10\./u);
  });

  it('is what waits, and since when nothing arrives', () => {
    const line = lineHealth(
      { stored: { epoch: lineHealth().stored.epoch, upTo: 1222, hash: null, at: NOW - 180_000 } },
      { ledger: { consumers: [] } },
    );
    expect(said(line)).toEqual([
      [
        "12 événements de la ligne tri-1 attendent d'arriver ici.",
        "rien n'est arrivé depuis 13:59:11 (3 min)",
      ],
    ]);
  });

  it.each<[Said, (string | null)[]]>([
    [
      { sorting: { model: null, modelFault: 'altered' } },
      ["La ligne tri-1 ne reconnaît plus les matières : son modèle n'est pas utilisable.", null],
    ],
    [
      { sorting: { programme: null, programmeFault: 'no last rule' } },
      ["La ligne tri-1 n'a aucun programme de tri utilisable : chaque pièce va en « manuel ».", null],
    ],
    [
      { sorting: { items: { state: 'closed', reason: 'damaged', dropped: 0 } } },
      ["La ligne tri-1 ne garde plus sur son disque les pièces qu'elle trie.", null],
    ],
    [
      { ledger: { state: 'not-stored', code: 'disk-full', unstored: 2 }, disk: { state: 'reserve' } },
      ["La ligne tri-1 n'écrit plus son registre : disque plein.", '2 événements attendent en mémoire'],
    ],
    [
      { ledger: { consumers: [consumer({ consumer: 'region', state: 'silent', waiting: 1 })] } },
      ['1 événement de la ligne tri-1 attend : region ne répond pas.', null],
    ],
    [
      { ledger: { lost: 12 } },
      ["12 événements de la ligne tri-1 n'ont pas pu être enregistrés : ils sont perdus.", null],
    ],
    [{ clock: { offsetMs: 125_000 } }, ["L'horloge de la ligne tri-1 retarde de 2 min.", null]],
    [{ clock: { offsetMs: -125_000 } }, ["L'horloge de la ligne tri-1 avance de 2 min.", null]],
  ])('of %j', (edge, expected) => expect(said(lineHealth({}, edge))[0]).toEqual(expected));

  it('is since when a line is silent', () => {
    const heartbeat = { receivedAt: NOW - 180_000, said: lineHealth().heartbeat!.said };
    expect(said(lineHealth({ heartbeat }))).toEqual([
      ['La ligne tri-1 ne donne plus de nouvelles.', 'depuis 13:59:11 (3 min)'],
    ]);
  });

  it.each(REFUSAL_CODES)('is why the ledger is refused: %s', (code) => {
    const [[sentence = null, since = null] = []] = said(
      lineHealth({ chain: 'refused', refusals: [refusal(code)] }),
    );
    expect(sentence).toMatch(code === 'unknown-epoch' ? /nouveau registre/u : /à partir du n° 1 235 : \S/u);
    expect(since).toBe('depuis 13:59:11 (3 min)');
  });

  it('is what fell and was not counted, of all outlets together', () => {
    const mass = { counter: 'outlet.creme', grams: 36_000, since: NOW - 600_000, until: NOW - 300_000 };
    const uncounted = [mass, { ...mass, counter: 'outlet.csr', grams: 4_400 }];
    expect(said(lineHealth({ uncounted }))).toEqual([
      ['Ligne tri-1 : 40 kg sont tombés sans être comptés entre 13:52:11 et 13:57:11.', null],
    ]);
    const past = [
      { ...mass, until: NOW - 25 * 3_600_000 },
      { ...mass, since: null },
    ];
    expect(said(lineHealth({ uncounted: past }))).toEqual([]);
    expect(plain(massWords({ ...mass, since: null }, moment))).toBe(
      '36 kg étaient comptés par la ligne avant que ce serveur ne la connaisse (13:57:11)',
    );
  });

  it('is what was lost: when, how much, why', () => {
    const gap = { from: NOW - 600_000, to: NOW - 300_000, samples: 1200, reason: 'spool-full' as const };
    expect(said(lineHealth({ gaps: [gap] }))[0]?.[0]).toBe(
      "Des mesures de la ligne tri-1 ont été perdues : de 13:52:11 à 13:57:11, 1 200, file d'attente pleine.",
    );
  });
});

describe('the rows of a card', () => {
  it('are all well, and say so', () => {
    expect(Object.values(facts(lineHealth())).map(({ id, mark }) => [id, mark])).toEqual(
      ['ledger', 'arrived', 'chain', 'consumer-site', 'spool', 'disk', 'clock'].map((id) => [id, 'fine']),
    );
  });

  it('of a silent line are last known, but for what the server knows itself', () => {
    const heartbeat = { receivedAt: NOW - 60_000, said: lineHealth().heartbeat!.said };
    const rows = Object.values(facts(lineHealth({ heartbeat })));
    expect(rows.filter(({ old }) => !old).map(({ id }) => id)).toEqual(['arrived', 'chain']);
    expect(facts(lineHealth({ heartbeat }))['arrived']).toMatchObject({ mark: 'unknown' });
  });

  it('of a line that never spoke are only what the server knows', () => {
    expect(Object.keys(facts(lineHealth({ heartbeat: null })))).toEqual(['arrived', 'chain']);
  });

  it('do not say that all has arrived of a line that cannot write', () => {
    const line = lineHealth({}, { ledger: { state: 'not-stored', unstored: 17 } });
    expect(facts(line)['arrived']).toMatchObject({
      mark: 'unknown',
      words: 'ce qui a pu être écrit est arrivé',
    });
  });

  it('do not say so of a line that had to give up records, and tell how many', () => {
    const rows = facts(lineHealth({}, { ledger: { lost: 1 } }));
    expect(rows['arrived']).toMatchObject({ mark: 'unknown', words: 'ce qui a pu être écrit est arrivé' });
    expect(rows['ledger']?.mark).toBe(1);
    expect(rows['ledger']?.details.map(plain)).toContain('1 événement perdu depuis le démarrage de la ligne');
  });

  it('name why the ledger is closed: its disk is not its file', () => {
    const rows = (['closed', 'io-error'] as const).map((code) =>
      facts(lineHealth({}, { ledger: { state: 'closed', code } })),
    );
    expect(rows.map(({ ledger }) => ledger?.words)).toEqual(['fermé, fichier endommagé', "ne s'écrit plus"]);
  });

  it('do not say so either of a ledger that its copy contradicts', () => {
    const line = lineHealth({}, { ledger: { head: 900, consumers: [consumer({ state: 'cursor-ahead' })] } });
    expect(facts(line)['arrived']).toMatchObject({ mark: 1, words: expect.stringContaining('contredisent') });
  });

  it('never show a ledger behind what is stored of it', () => {
    expect(head({ ledger: { head: 1200 } })).toBe('dernier événement : n° 1 234');
    expect(head({ ledger: { head: 1240 } })).toBe('dernier événement : n° 1 240');
    expect(head({ ledger: { head: 9, epoch: 'b'.repeat(32) } })).toBe('dernier événement : n° 9');
  });

  it('tell at which event the chain stands, and why', () => {
    const broken = refusal('broken-chain', { detail: 'prev is not the hash' });
    const chain = facts(lineHealth({ chain: 'refused', refusals: [broken] }))['chain'];
    expect(chain).toMatchObject({ mark: 1, technical: 'prev is not the hash' });
    expect(chain?.details.map(plain)).toEqual([
      "chaîne rompue, il ne suit pas l'événement précédent",
      'depuis 13:59:11 (3 min)',
      "enregistrée jusqu'au n° 1 234",
    ]);
  });

  it('tell that two ledgers speak under one name, and not how far either has come', () => {
    const rows = facts(
      lineHealth({ chain: 'contested', refusals: [refusal('unknown-epoch', { blocking: false })] }),
    );
    expect(rows['chain']).toMatchObject({ mark: 1, words: 'deux PC écrivent sous ce nom' });
    expect(rows['arrived']?.mark).toBe('unknown');
  });

  it('tell how much telemetry waits, of how much, and since when', () => {
    const spool = { samples: 4200, bytes: 3_400_000, oldestAt: NOW - 600_000, dropped: 7 };
    const row = facts(lineHealth({}, { spool }))['spool'];
    expect(plain(row?.words ?? '')).toBe('4 200 mesures attendent');
    expect(row?.details.map(plain)).toEqual([
      '3,4 Mo sur 512 Mo au plus',
      'la plus ancienne attend depuis 13:52:11 (10 min)',
      '7 mesures abandonnées depuis le démarrage de la ligne',
    ]);
  });

  it('of the server tell how to make the backup that is missing', () => {
    const rows = serverFacts(overview([], { lastBackup: null }).server, moment);
    const backup = rows.find(({ id }) => id === 'server-backup');
    expect(backup).toMatchObject({ mark: 3, words: 'jamais' });
    expect(backup?.details[0]).toMatch(/trame-dashboard backup/u);
  });
});

describe('what came of a decision', () => {
  it('of the clock is said in words, whoever answered', () => {
    expect(commandAnswerWords({ kind: 'ok', body: { id: 'a', code: 'done', detail: null, seq: null } })).toBe(
      "C'est enregistré.",
    );
    expect(commandAnswerWords({ kind: 'refused', status: 409, code: 'not-stored' })).toMatch(/disque/u);
    expect(commandAnswerWords({ kind: 'refused', status: 504, code: 'no-reply' })).toMatch(/pas répondu/u);
    expect(commandAnswerWords({ kind: 'refused', status: 500, code: '' })).toMatch(/code 500/u);
    expect(commandAnswerWords({ kind: 'away' })).toMatch(/serveur ne répond pas/u);
  });

  it('is open while nobody answered: asked again, it is the same request', () => {
    expect(isSettled({ kind: 'away' })).toBe(false);
    expect(isSettled({ kind: 'refused', status: 504, code: 'no-reply' })).toBe(false);
    expect(isSettled({ kind: 'refused', status: 409, code: 'refused' })).toBe(true);
    expect(isSettled({ kind: 'ok', body: { id: 'a', code: 'done', detail: null, seq: null } })).toBe(true);
  });

  it('of an epoch tells when it is no longer offered', () => {
    expect(epochAnswerWords({ kind: 'ok', body: true })).toMatch(/accepté/u);
    expect(epochAnswerWords({ kind: 'refused', status: 409, code: 'x' })).toMatch(/plus proposé/u);
    expect(epochAnswerWords({ kind: 'refused', status: 403, code: 'forbidden' })).toMatch(/code forbidden/u);
  });
});

it.each([
  ['outlet.creme', 'Crème'],
  ['outlet.ancien', 'ancien'],
  ['input', 'Entrée'],
])('a counter %s is called %s', (counter, words) =>
  expect(counterWords({ counter }, [{ id: 'creme', label: 'Crème' }])).toBe(words),
);
