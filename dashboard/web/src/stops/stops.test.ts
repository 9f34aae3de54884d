/** What is shown of stops and in which order, how the Pareto is drawn, and what a person's word becomes. */
import type { ShiftRow } from '@trame/protocol/material/material-answers';
import { StopPareto, StopRow } from '@trame/protocol/stops/stop-answers';
import { ExplainStopBody } from '@trame/protocol/stops/stop-events';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { isPareto, isStop } from '../api/read-stops.ts';
import type { Answer } from '../api/request.ts';
import type { Query } from '../material/address.ts';
import type { Page } from '../material/material-reads.ts';
import kiosk from '../messages/fr-kiosk.json' with { type: 'json' };
import material from '../messages/fr-material.json' with { type: 'json' };
import words from '../messages/fr-stops.json' with { type: 'json' };
import { instantFormat } from '../format/instant.ts';
import { addWords, t } from '../messages/translate.ts';
import { formatRoute, parseRoute } from '../route.ts';
import { explainDraft } from './explain-draft.ts';
import { paretoLayout } from './pareto-layout.ts';
import { STOP_VIEWS, STOPS_ROUTE, TRS_ROUTE, type ShiftTimeRoute } from './shift-time-route.ts';
import { shiftsOfLine } from './shifts-of-line.ts';
import { causeLabel, stopsShown, totalMs } from './stop-order.ts';
import { daysQuery, lastDays, shiftQuery } from './stop-period.ts';
import { stopTimes } from './stop-times.ts';
import { TOLD_KIND_WORDS } from './stop-words.ts';
import { CAUSES, MINUTE_MS, MORNING, paretoOf, stopRow } from './test-stops.ts';

for (const catalogue of [kiosk, material, words]) addWords(catalogue);

const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true });
const someDay = fc.option(day.map((date) => date.toISOString().slice(0, 10)));
const id = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed());

describe('one stop', () => {
  const format = instantFormat('Europe/Paris');
  const said = (durationMs: number, lasts = false): unknown =>
    stopTimes(stopRow(0, { durationMs, ...(lasts ? { to: null } : {}) }), format);

  it('is told to the second when it is short, to the minute otherwise', () => {
    expect(said(18_000)).toEqual({ from: '22 nov. 08:00:00', to: '08:00:18' });
    expect(said(2 * MINUTE_MS)).toEqual({ from: '22 nov. 08:00', to: '08:02' });
    expect(said(18_000, true)).toEqual({ from: '22 nov. 08:00', to: null });
  });

  it('that nobody explained is of no kind yet', () => {
    expect(t(TOLD_KIND_WORDS[stopRow(0).kind])).toBe('Non expliqué');
    expect(t(TOLD_KIND_WORDS[stopRow(0, { kind: 'operating' }).kind])).toBe("Arrêt d'exploitation");
  });
});

describe('the stops of a period', () => {
  const rows = [
    stopRow(1, { cause: 'panne' }),
    stopRow(2, { micro: true }),
    stopRow(3),
    stopRow(4, { micro: true, cause: 'bourrage' }),
    stopRow(5, { proposed: 'bourrage' }),
  ];

  it('are in the order of the work: what somebody has to explain first, micro-stops apart', () => {
    const { open, fixed, micro } = stopsShown(rows);
    expect([open, fixed, micro].map((some) => some.map((row) => Number(row.id)))).toEqual([
      [5, 3],
      [4, 1],
      [2],
    ]);
  });

  it('are each shown once, whatever they are', () => {
    const any = fc.record({
      micro: fc.boolean(),
      cause: fc.option(fc.constantFrom('panne', 'gone')),
      durationMs: fc.nat(10_000_000),
    });
    fc.assert(
      fc.property(fc.array(any), (some) => {
        const all = some.map((changes, index) => stopRow(index, changes));
        const { open, fixed, micro } = stopsShown(all);
        const shown = [...open, ...fixed, ...micro];
        expect(shown.map((row) => row.id).toSorted()).toEqual(all.map((row) => row.id).toSorted());
        expect(totalMs(shown)).toBe(totalMs(all));
        expect(open.every((row) => row.cause === null && !row.micro)).toBe(true);
      }),
    );
  });

  it('are read as the contract has them', () => {
    expect(rows.every((row) => Value.Check(StopRow, row) && isStop(row))).toBe(true);
    expect(isStop({ ...rows[0], kind: 'unheard-of' })).toBe(false);
  });

  it('keep the id of a cause that is configured no more', () => {
    expect(causeLabel([...CAUSES], 'panne')).toBe('Panne');
    expect(causeLabel([...CAUSES], 'ancienne')).toBe('ancienne');
  });
});

describe('what a person says of a stop', () => {
  it.each([
    ['', false],
    ['  ', false],
    [' Sangle prise ', true],
  ])('«%s» is sent as the contract takes it', (note, isSaid) => {
    for (const cause of CAUSES) {
      const { path, body } = explainDraft(stopRow(7), cause, note, MORNING);
      expect(path).toBe(`/api/v1/stops/${stopRow(7).id}/explain`);
      expect([...Value.Errors(ExplainStopBody, body)]).toEqual([]);
      expect(body).toEqual({
        cause: cause.id,
        occurredAt: MORNING,
        ...(isSaid ? { note: 'Sangle prise' } : {}),
      });
    }
  });
});

describe('the Pareto', () => {
  const causes = [
    ['bourrage', 'Bourrage', 3, 30 * MINUTE_MS],
    ['panne', 'Panne', 1, 10 * MINUTE_MS],
  ] as const;

  it.each([null, { stops: 40, durationMs: 20 * MINUTE_MS }])(
    'with micro-stops %j is read as the contract has it',
    (micro) => {
      const pareto = paretoOf(causes, micro);
      expect(Value.Check(StopPareto, pareto) && isPareto(pareto)).toBe(true);
    },
  );

  it('draws bars that shrink and a sum that grows to the right edge, within its frame', () => {
    const some = fc.uniqueArray(fc.tuple(id, fc.nat(50), fc.integer({ min: 1, max: 10_000_000 })), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 160, max: 2_400 }), (unsorted, width) => {
        const told = unsorted.toSorted(([, , a], [, , b]) => b - a);
        const { rows } = paretoOf(told.map(([name, stops, ms]) => [name, name, stops, ms]));
        const { bars, height, markY } = paretoLayout(rows, width);
        bars.forEach((bar, index) => {
          const before = bars[index - 1];
          expect(bar.width).toBeLessThanOrEqual(before?.width ?? width);
          expect(bar.point.x).toBeGreaterThanOrEqual(before?.point.x ?? 0);
          expect(bar.point.x).toBeLessThanOrEqual(width);
          expect(bar.y + bar.height).toBeLessThanOrEqual(markY);
        });
        expect(height).toBeGreaterThan(markY);
        expect(bars.at(-1)?.cause.cumulativePercent ?? 100).toBe(100);
      }),
    );
  });

  it('of nothing is empty', () => {
    expect(paretoLayout([], 300).bars).toEqual([]);
  });
});

describe('the period', () => {
  const NOW = MORNING + 90 * MINUTE_MS;

  it('includes today, and leaves the day after it out for the server', () => {
    const days = lastDays(NOW, 7, 'Europe/Paris');
    expect(days).toEqual({ from: '2026-11-16', to: '2026-11-22' });
    expect(daysQuery(days, 'tri-1')).toEqual({ line: 'tri-1', from: '2026-11-16', to: '2026-11-23' });
    expect(daysQuery({ from: null, to: null }, 'tri-1')).toEqual({ line: 'tri-1', from: null, to: null });
  });

  it('of a shift that lasts has no end', () => {
    expect(shiftQuery({ openedAt: MORNING, closedAt: null }, 'tri-1')).toEqual({
      line: 'tri-1',
      from: MORNING,
      to: null,
    });
  });
});

describe('the addresses', () => {
  const line = fc.option(id);
  const routes: fc.Arbitrary<ShiftTimeRoute> = fc.oneof(
    fc.record({
      screen: fc.constant('stops' as const),
      view: fc.constantFrom(...STOP_VIEWS),
      line,
      from: someDay,
      to: someDay,
      shift: line,
    }),
    fc.record({
      screen: fc.constant('trs' as const),
      by: fc.constantFrom('equipe' as const, 'jour' as const),
      line,
      from: someDay,
      to: someDay,
      key: line,
    }),
    fc.record({ screen: fc.constant('shiftLog' as const), line, shift: line }),
    // «.» and «..» are steps of a path, never a line.
    fc.record({ screen: fc.constant('andon' as const), line: id.filter((text) => !/^\.{1,2}$/u.test(text)) }),
  );

  it('open the same view again', () => {
    fc.assert(
      fc.property(routes, (route) => {
        const url = new URL(formatRoute(route), 'http://trame.test');
        expect(parseRoute(url.pathname, url.search)).toEqual(route);
      }),
    );
  });

  it('are short for what is usual, and know no day that is none', () => {
    expect([STOPS_ROUTE, TRS_ROUTE].map((route) => formatRoute(route))).toEqual(['/arrets', '/trs']);
    expect(parseRoute('/arrets', '?vue=nuage&du=hier&au=2026-13-40')).toEqual(STOPS_ROUTE);
    expect(parseRoute('/andon', '').screen).toBe('unknown');
    expect(parseRoute('/andon/a/b', '').screen).toBe('unknown');
  });
});

const shiftOfLine = (id: string): ShiftRow => ({
  id,
  line: 'tri-1',
  team: 'matin',
  openedAt: MORNING,
  closedAt: null,
  posts: [],
  unclaimed: [],
});

describe('the shifts to choose from', () => {
  const recent = [shiftOfLine('S9'), shiftOfLine('S8')];
  const { signal } = new AbortController();
  const choose = async (named: string | null, older: Answer<Page<ShiftRow>>) => {
    const asked: Query[] = [];
    const ask = (query: Query) => {
      asked.push(query);
      return Promise.resolve(
        query['shift'] === undefined ? { kind: 'ok' as const, body: { rows: recent, next: 'more' } } : older,
      );
    };
    const answer = await shiftsOfLine(ask, { line: 'tri-1', shift: named }, signal);
    return { asked, found: answer.kind === 'ok' ? answer.body.map(({ id }) => id) : answer.kind };
  };
  const none = { kind: 'ok', body: { rows: [], next: null } } as const;
  const lastAsked = { line: 'tri-1' };

  it('are the last of the line, and the one that a link names, however old', async () => {
    expect(await choose(null, none)).toEqual({ asked: [lastAsked], found: ['S9', 'S8'] });
    expect(await choose('S8', none)).toEqual({ asked: [lastAsked], found: ['S9', 'S8'] });
    const old = { kind: 'ok', body: { rows: [shiftOfLine('S1')], next: null } } as const;
    expect(await choose('S1', old)).toEqual({
      asked: [lastAsked, { line: 'tri-1', shift: 'S1' }],
      found: ['S9', 'S8', 'S1'],
    });
    expect((await choose('S0', none)).found).toEqual(['S9', 'S8']);
    const invalid = { kind: 'refused', status: 400, code: 'invalid-request' } as const;
    expect((await choose('§', invalid)).found).toEqual(['S9', 'S8']);
  });

  it('are not known while the server does not say', async () => {
    expect((await choose('S1', { kind: 'away' })).found).toBe('away');
  });
});
