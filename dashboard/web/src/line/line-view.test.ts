import { STATION_STATES, type Outlet, type Station } from '@trame/protocol/line-description';
import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import type { LineFreshness } from '../live/freshness.ts';
import { baleCount } from './bale-count.ts';
import { deviceName, deviceViews } from './device-view.ts';
import { fullestOutlet, outletView, type OutletView } from './outlet-view.ts';
import { isAbnormal, stationView } from './station-view.ts';
import { findTag, tagNumber } from './tag-number.ts';
import { tonnageRows } from './tonnage-rows.ts';

const LIVE: LineFreshness = { kind: 'live', ageMs: 0 };
const CUT: LineFreshness = { kind: 'lost', cause: 'link', lastAt: 1 };

const good = (value: LiveTag['value'], unit: string | null = null): LiveTag => ({
  value,
  unit,
  quality: 'good',
  reason: null,
  sourceTime: 1,
  edgeTime: 1,
});
const offline = (value: LiveTag['value'], unit: string | null = null): LiveTag => ({
  ...good(value, unit),
  quality: 'bad',
  reason: 'device-offline',
});

function lineOf(
  devices: Record<string, Record<string, LiveTag>>,
  description: LiveLine['description'] = { stations: [], outlets: [] },
): LiveLine {
  const entries = Object.entries(devices).map(
    ([id, tags]) => [id, { state: 'online', since: 1, tags }] as const,
  );
  return {
    id: 'tri-1',
    site: 's',
    line: 'tri-1',
    state: 'online',
    since: 1,
    lastMessageAt: 1,
    description,
    devices: Object.fromEntries(entries),
    control: null,
    controlAt: null,
  };
}

const belt: Station = {
  id: 'belt',
  kind: 'belt',
  label: 'Tapis',
  device: 'plc',
  state: 'state',
  speed: 'speed',
};

describe('a station', () => {
  it('shows state and figures', () => {
    const view = stationView(belt, lineOf({ plc: { state: good(3), speed: good(0.8, 'm/s') } }), LIVE);
    expect(view).toMatchObject({ state: 'running', trust: { quality: 'good' } });
    expect(view.figures).toEqual([
      { name: 'speed', value: 0.8, unit: 'm/s', trust: { quality: 'good', doubt: null } },
    ]);
  });

  it('does not know its state when the device is silent, and says why', () => {
    const view = stationView(belt, lineOf({ plc: { state: offline(3), speed: offline(0.8, 'm/s') } }), LIVE);
    expect(view).toMatchObject({ state: 'unknown', trust: { quality: 'bad', doubt: 'device-offline' } });
  });

  it('keeps its last state when the link is cut, and doubts it', () => {
    const view = stationView(belt, lineOf({ plc: { state: good(3), speed: good(0.8, 'm/s') } }), CUT);
    expect(view).toMatchObject({ state: 'running', trust: { quality: 'stale', doubt: 'link-cut' } });
  });

  it('takes a code that nobody agreed on for unknown', () => {
    expect(stationView(belt, lineOf({ plc: { state: good(42), speed: good(0) } }), LIVE).state).toBe(
      'unknown',
    );
    expect(stationView(belt, lineOf({ plc: { state: good(-1), speed: good(0) } }), LIVE).state).toBe(
      'unknown',
    );
  });

  it('says the overload of a scale, and no longer trusts the weight', () => {
    const scale: Station = {
      id: 'reception',
      kind: 'scale',
      label: 'Bascule',
      device: 'scale',
      gross: 'gross',
      overload: 'over',
    };
    const at = (over: LiveTag, station = scale, freshness: LineFreshness = LIVE, state = good(3)) =>
      stationView(station, lineOf({ scale: { gross: good(1_520, 'kg'), over, state } }), freshness);
    expect(at(good(true))).toMatchObject({
      state: 'overload',
      figures: [{ name: 'gross', value: 1_520, trust: { quality: 'bad', doubt: 'overload' } }],
      trust: { quality: 'bad', doubt: 'overload' },
    });
    expect(at(good(false))).toMatchObject({ state: null, trust: { quality: 'good' } });
    expect(at(offline(true))).toMatchObject({ state: null, trust: { quality: 'good' } });
    expect(at(good(true), scale, CUT)).toMatchObject({ state: 'overload', trust: { quality: 'bad' } });
    const stated = { ...scale, state: 'state' };
    expect(at(good(true), stated).state).toBe('overload');
    expect(at(good(true), stated, LIVE, good(7))).toMatchObject({
      state: 'fault',
      trust: { doubt: 'overload' },
    });
  });

  it('calls for somebody where it is jammed, in fault or overloaded, and nowhere else', () => {
    const states = [...STATION_STATES, 'overload', 'unknown', null] as const;
    expect(states.filter(isAbnormal)).toEqual(['jammed', 'fault', 'overload']);
  });

  it('is running or stopped where only that is known, and stateless where nothing is', () => {
    const simple: Station = { id: 'b', kind: 'belt', label: 'B', device: 'plc', running: 'on' };
    expect(stationView(simple, lineOf({ plc: { on: good(true) } }), LIVE).state).toBe('running');
    expect(stationView(simple, lineOf({ plc: { on: good(false) } }), LIVE).state).toBe('stopped');
    expect(stationView(simple, lineOf({}), LIVE).state).toBe('unknown');
    const stock: Station = { id: 's', kind: 'stock', label: 'Stock' };
    expect(stationView(stock, lineOf({}), LIVE)).toMatchObject({ state: null, figures: [] });
    expect(stationView(stock, lineOf({}), CUT).trust.quality).toBe('stale');
  });
});

const outlet: Outlet = { id: 'creme', label: 'Crème', route: 'reuse', device: 'plc', total: 't', level: 'l' };

/** An outlet whose level is that tag. */
function at(id: string, tag: LiveTag): OutletView {
  return outletView({ ...outlet, id, level: id }, lineOf({ plc: { [id]: tag } }), LIVE);
}

describe('outlets', () => {
  it('show the level of the device and the total that the edge counts', () => {
    const line = lineOf({
      plc: { t: good(5, 'g'), l: good(40, '%') },
      line: { 'outlet.creme.total': good('12', 'g') },
    });
    const view = outletView(outlet, line, LIVE);
    expect(view.level).toMatchObject({ value: 40, unit: '%' });
    expect(view.total).toMatchObject({ value: 12, unit: 'g' });
    expect(view.mass).toBeNull();
    expect(view.rate).toMatchObject({ value: null, trust: { quality: 'missing' } });
  });

  it('name the fullest, a trusted level before any other', () => {
    expect(fullestOutlet([at('a', good(10)), at('b', good(60)), at('c', good(30))])?.id).toBe('b');
    expect(fullestOutlet([at('a', offline(99)), at('b', good(60))])?.id).toBe('b');
    expect(fullestOutlet([at('a', offline(50)), at('b', offline(60))])?.id).toBe('b');
    expect(fullestOutlet([])).toBeNull();
  });

  it('list tonnes in their own order, nothing received as zero, foreign keys last', () => {
    const day = {
      rows: [{ id: 'x', key: 'old', t: 1.5, GJ: null }],
      total: { t: 1.5, GJ: null },
      from: '',
      to: '',
    };
    expect(tonnageRows([outlet], day, null)).toEqual([
      { id: 'creme', outlet, dayT: 0, monthT: null },
      { id: 'old', outlet: null, dayT: 1.5, monthT: null },
    ]);
  });
});

describe('numbers of tags', () => {
  it('are read from 64-bit counters too, and from nothing else', () => {
    expect(tagNumber('9007199254740993')).toBe(9007199254740992);
    expect([
      tagNumber('12 kg'),
      tagNumber(''),
      tagNumber(true),
      tagNumber(null),
      tagNumber(undefined),
    ]).toEqual(Array.from({ length: 5 }, () => null));
  });

  it('are not found under names that every object has', () => {
    expect(findTag(lineOf({ plc: {} }), 'plc', 'constructor')).toBeUndefined();
    expect(findTag(lineOf({}), 'toString', 'name')).toBeUndefined();
  });
});

function press(id: string): Station {
  return { id, kind: 'press', label: id, device: id, count: 'n' };
}

describe('bales', () => {
  it('are the sum of the presses, as doubtful as the worst of them', () => {
    const description = { stations: [press('p1'), press('p2')], outlets: [] };
    expect(baleCount(lineOf({ p1: { n: good(3) }, p2: { n: good(4) } }, description), LIVE)).toMatchObject({
      value: 7,
    });
    expect(baleCount(lineOf({ p1: { n: good(3) }, p2: { n: offline(4) } }, description), LIVE)).toEqual({
      value: 7,
      trust: { quality: 'bad', doubt: 'device-offline' },
    });
    expect(baleCount(lineOf({ p1: { n: good(3) } }, description), LIVE)?.value).toBeNull();
  });

  it('are not shown where no press counts', () => {
    expect(baleCount(lineOf({}), LIVE)).toBeNull();
  });
});

describe('devices', () => {
  it('are listed by name, what the edge computes last, with what is doubtful counted', () => {
    const views = deviceViews(lineOf({ line: {}, b: { x: good(1), y: offline(2) }, a: {} }), LIVE);
    expect(views.map((view) => [view.id, view.doubtfulCount, view.tagCount])).toEqual([
      ['a', 0, 0],
      ['b', 1, 2],
      ['line', 0, 0],
    ]);
    expect(deviceViews(lineOf({ a: {} }), CUT)[0]?.trust.quality).toBe('stale');
  });
});

it('a device is called by its label, what the edge computes by a word of its own', () => {
  const parts = { stations: [], devices: [{ id: 'plc', label: 'Automate' }] };
  expect(['plc', 'nir', 'line'].map((id) => deviceName(parts, id))).toEqual(['Automate', 'nir', 'Calculs']);
});
