/** `GET /api/v1/epcis/events` over real records, page by page. */
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { materialReading } from '../testing/test-material-reading.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import type { EpcisDocument } from './epcis-document.ts';

type Told = Record<string, unknown> & { readonly eventID: string };

function eventsOf(document: unknown): Told[] {
  return (document as EpcisDocument).epcisBody.eventList as Told[];
}

function typed(grossGrams: number) {
  return { how: 'typed', scale: 'bale-scale', grossGrams } as const;
}

/** A delivery is received, put on the tables, baled, weighed wrong and right, and one bale never was. */
async function day() {
  const reading = await materialReading();
  const { site } = reading;
  await declareNeighbours(site);
  const { id: lot } = await site.act(receiveLot, delivery({ loads: [loose(900_000)], zone: 'stock' }));
  await site.act(loadLine, { from: [`lot:${lot}`], counted: 'all' }, 'tri-1');
  const bale = { outlet: 'essuyage', press: 'presse-1', zone: 'stock' };
  const first = await site.act(logBale, { ...bale, weight: typed(202_000) });
  const wrong = first.events[first.drafts.findIndex(({ type }) => type === 'output.weighed')] ?? '';
  await site.act(weighBale, { weight: typed(222_000), corrects: wrong }, first.id);
  const second = await site.act(logBale, { ...bale, weight: typed(152_000) });
  await site.act(voidBale, { reason: 'double' }, second.id);
  return reading;
}

describe('EPCIS events', () => {
  it('tell a day in the order in which it was recorded, with its corrections', async () => {
    await using reading = await day();
    const events = eventsOf(await reading.read('/epcis/events'));
    const steps = events.map(({ bizStep, errorDeclaration }) => {
      const step = String(bizStep).split('/').at(-1);
      return errorDeclaration === undefined ? step : `${step} wrong`;
    });
    expect(steps).toEqual([
      'receiving',
      'sorting',
      'commissioning',
      'storing',
      'sorting wrong',
      'commissioning wrong',
      'weighing',
      'sorting',
      'commissioning',
      'storing',
      'sorting wrong',
      'commissioning wrong',
    ]);
    expect(events.find(({ bizStep }) => bizStep === 'commissioning')).toMatchObject({
      ilmd: { 'trame:netWeightKg': 200, 'trame:outlet': 'essuyage' },
    });
  });

  it('come in pages that lead from one to the next, each event once', async () => {
    await using reading = await day();
    const whole = eventsOf(await reading.read('/epcis/events'));
    const paged: Told[] = [];
    let path: string | null = '/epcis/events?limit=3';
    for (let pages = 0; path !== null; pages += 1) {
      expect(pages).toBeLessThan(50);
      const { body, link } = await reading.ask(path);
      paged.push(...eventsOf(body));
      path = link === null ? null : (/^<([^>]+)>; rel="next"$/u.exec(link)?.[1] ?? null);
    }
    expect(paged).toEqual(whole);
  });

  it('are of a period when one is asked for', async () => {
    await using reading = await day();
    const before = await reading.read(`/epcis/events?to=${TEST_NOW_MS}`);
    expect(eventsOf(before)).toEqual([]);
    const since = await reading.read(`/epcis/events?from=${TEST_NOW_MS}`);
    expect(eventsOf(since).length).toBeGreaterThan(5);
    const all = eventsOf(await reading.read('/epcis/events'));
    const times = all.map(({ eventTime }) => Date.parse(String(eventTime)));
    const middle = times[Math.floor(times.length / 2)] ?? 0;
    const later = await reading.read(`/epcis/events?from=${middle}`);
    const earlier = await reading.read(`/epcis/events?to=${middle}`);
    expect(eventsOf(earlier).length).toBeGreaterThan(0);
    expect([...eventsOf(earlier), ...eventsOf(later)]).toEqual(all);
    expect(await reading.ask(`/epcis/events?from=${TEST_NOW_MS}&to=${TEST_NOW_MS}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
    expect(await reading.ask('/epcis/events?from=yesterday')).toMatchObject({ status: 400 });
  });

  it('are for supervisors', async () => {
    await using reading = await day();
    const asked = ['operator', 'region', 'trainee', null] as const;
    const answers = await Promise.all(asked.map((role) => reading.ask('/epcis/events', role)));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 401]);
  });
});
