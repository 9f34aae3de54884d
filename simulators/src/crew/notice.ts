/** What the crew writes down of what it sees: acts for the API, put into the outbox in the order of what happened. */
import type { ContainerView, DeliveryView, HandView, OutputView } from '../hand-view.ts';
import { actOf, declareOnce, declarePartner, grams, type Site } from './draft.ts';
import { note, type Json, type Memory, type SeenContainer, type SeenDelivery } from './memory.ts';
import { noticeAudit, noticeShift } from './notice-shift.ts';
import { noticeDrying } from './notice-drying.ts';
import { noticeOpening } from './notice-opening.ts';
import { noticeSkip, noticeTrolley } from './notice-trolley.ts';
import { clients } from './partners.ts';
import type { PlantTruth } from './plant-client.ts';

function declareContainer(memory: Memory, { id, kind, tareKg }: SeenContainer): void {
  const body = { container: id, kind, tareGrams: grams(tareKg) };
  declareOnce(memory, `container:${id}`, { path: '/api/v1/containers', role: 'supervisor', body });
}

function seen(container: ContainerView, refused: boolean): SeenContainer | null {
  const { id, kind, tareKg, wet, weighed } = container;
  return weighed === null ? null : { id, kind, tareKg, wet, weighed, refused };
}

function deliveryOf(memory: Memory, id: string): SeenDelivery | null {
  if (memory.closed.includes(id)) return null;
  return (memory.deliveries[id] ??= { note: null, containers: [], onLine: [] });
}

/** A container was weighed and is taken in, or turned away. */
export function noticeContainer(memory: Memory, container: ContainerView, refused: boolean): void {
  const delivery = deliveryOf(memory, container.delivery);
  const one = seen(container, refused);
  if (delivery === null || one === null || delivery.containers.some(({ id }) => id === one.id)) return;
  delivery.containers.push(one);
}

function noteOf(view: DeliveryView): Omit<DeliveryView, 'containers'> {
  const { containers: _containers, ...rest } = view;
  return rest;
}

/** What a delivery note says of a lot. */
function originOf(notes: SeenDelivery['note']): { readonly [key: string]: Json } {
  if (notes === null) return { collector: null, skimming: 'original' };
  return {
    collector: notes.collector.id,
    points: notes.points.map(({ id, fillPercent }) => ({ point: id, fillPercent })),
    vehicle: notes.vehicle,
    skimming: notes.condition,
  };
}

function loadOnLine(memory: Memory, site: Site, delivery: string, container: string, at: number): void {
  memory.outbox.push(
    actOf(memory, {
      key: `load-${delivery}-${container}`,
      path: `/api/v1/lines/${site.line}/load`,
      body: { occurredAt: at, from: [`container:${container}`] },
    }),
  );
}

/** The truck is gone: the delivery is written down as one lot, container by container. */
function closeDelivery(memory: Memory, site: Site, id: string, delivery: SeenDelivery, at: number): void {
  delete memory.deliveries[id];
  note(memory.closed, id);
  if (delivery.containers.length === 0) return;
  if (delivery.note !== null) declarePartner(memory, delivery.note.collector.id);
  for (const container of delivery.containers) declareContainer(memory, container);
  const refused = delivery.containers.filter((container) => container.refused).map((each) => each.id);
  memory.outbox.push(
    actOf(memory, {
      key: `lot-${id}`,
      path: '/api/v1/lots',
      body: {
        occurredAt: at,
        ...originOf(delivery.note),
        ...(site.receptionZone === null ? {} : { zone: site.receptionZone }),
        legalStatus: 'waste',
        condition: delivery.containers.some(({ wet }) => wet) ? 'wet' : 'dry',
        family: 'mixed-tlc',
        loads: delivery.containers.map((container, index) => ({
          container: container.id,
          weight: { $weight: index },
        })),
      },
      weights: delivery.containers.map(({ weighed, tareKg }) => ({ weighing: weighed, tareKg })),
      next: { does: 'received', delivery: id, refused, at },
    }),
  );
  for (const { id: container, wet, refused: isRefused, tareKg, weighed } of delivery.containers) {
    if (!wet || isRefused || delivery.onLine.includes(container)) continue;
    memory.wet.push({ container, delivery: id, tareKg, weighed, lot: null });
  }
  for (const container of delivery.onLine) loadOnLine(memory, site, id, container, at);
}

function noticeDeliveries(view: HandView, memory: Memory, site: Site, at: number): void {
  for (const each of view.deliveries) {
    const delivery = deliveryOf(memory, each.id);
    if (delivery !== null) delivery.note ??= noteOf(each);
  }
  const onTables = view.tables.flatMap(({ container }) => (container === null ? [] : [container]));
  for (const container of [...view.hall, ...onTables]) noticeContainer(memory, container, false);
  for (const { number, container } of view.tables) {
    const name = container === null ? '' : `${container.delivery}/${container.id}`;
    if (memory.tables[number] === name) continue;
    if ((memory.tables[number] ?? '') !== '') memory.trolley.sorted += 1;
    memory.tables[number] = name;
    if (container === null) continue;
    if (memory.closed.includes(container.delivery)) {
      loadOnLine(memory, site, container.delivery, container.id, at);
    } else memory.deliveries[container.delivery]?.onLine.push(container.id);
  }
  const waiting = new Set(view.deliveries.map(({ id }) => id));
  for (const [id, delivery] of Object.entries(memory.deliveries)) {
    if (!waiting.has(id)) closeDelivery(memory, site, id, delivery, at);
  }
}

/** A lot of the automatic line is estimated when its first cage comes, and set right when its last was tipped. */
const estimatedCageKg = 61;

function endInfeed(memory: Memory, site: Site, view: HandView, at: number): void {
  const { infeed } = memory;
  const before = view.deliveries.find(({ id }) => id === infeed?.delivery);
  if (infeed === null || infeed.lot === null) return;
  memory.outbox.push(
    actOf(memory, {
      key: `unload-${infeed.delivery}`,
      path: `/api/v1/lines/${site.line}/unload`,
      body: { occurredAt: at, from: `lot:${infeed.lot}` },
    }),
  );
  const tippedKg = before?.tipped?.kg ?? 0;
  if (tippedKg <= 0) return;
  memory.outbox.push(
    actOf(memory, {
      key: `weigh-${infeed.delivery}`,
      path: `/api/v1/lots/${infeed.lot}/weigh`,
      body: {
        occurredAt: at,
        weight: { how: 'weighbridge', netGrams: grams(tippedKg) },
        ...(infeed.event === null ? {} : { corrects: infeed.event }),
      },
    }),
  );
}

function noticeInfeed(view: HandView, memory: Memory, site: Site, at: number): void {
  const current = view.deliveries.at(-1);
  if (current === undefined || current.id === memory.infeed?.delivery) return;
  // The lot before is not yet on the server: what is written of it would have no name.
  if (memory.infeed !== null && memory.infeed.lot === null && memory.outbox.length > 0) return;
  endInfeed(memory, site, view, at);
  memory.infeed = { delivery: current.id, lot: null, event: null };
  declarePartner(memory, current.collector.id);
  memory.outbox.push(
    actOf(memory, {
      key: `lot-${current.id}`,
      path: '/api/v1/lots',
      body: {
        occurredAt: at,
        ...originOf(noteOf(current)),
        ...(site.receptionZone === null ? {} : { zone: site.receptionZone }),
        legalStatus: 'waste',
        condition: 'dry',
        family: 'mixed-tlc',
        loads: [{ weight: { how: 'estimated', netGrams: grams(current.containerCount * estimatedCageKg) } }],
      },
      next: { does: 'infeed', delivery: current.id, at },
    }),
  );
}

/**
 * The scales of an automatic line tell by and by what went over them. Its outputs are logged once what they were made
 * of was told: before, the book would not have it in the bin.
 */
const countedAfterMs = 12_000;

function isCounted({ madeAt }: OutputView, at: number): boolean {
  return at - Date.parse(madeAt) >= countedAfterMs;
}

function logOutput(memory: Memory, site: Site, output: OutputView, at: number): void {
  if (output.weighed === null || memory.logged.includes(output.number)) return;
  note(memory.logged, output.number);
  const { id: name, outlet, unit, kg, packagingKg, press } = output;
  memory.audit.outputs += 1;
  memory.trolley.grams[outlet] = Math.max(0, (memory.trolley.grams[outlet] ?? 0) - grams(kg));
  memory.outbox.push(
    actOf(memory, {
      key: `bale-${output.number}`,
      path: '/api/v1/bales',
      body: {
        occurredAt: at,
        line: site.line,
        press: press !== null && site.presses.includes(press) ? press : null,
        outlet,
        unit,
        weight: { $weight: 0 },
        packagingGrams: grams(packagingKg),
        ...(site.stockZone === null ? {} : { zone: site.stockZone }),
      },
      weights: [{ weighing: output.weighed, tareKg: packagingKg }],
      next: { does: 'stock', item: { name, outlet, unit, kg } },
    }),
  );
}

/** When enough for one client stands in the stock, it is loaded and sent. */
function noticeStock(memory: Memory, at: number): void {
  for (const client of clients) {
    const items = memory.stock
      .filter(({ outlet }) => client.outlets.includes(outlet))
      .slice(0, client.loadOf);
    if (items.length < client.loadOf) continue;
    memory.stock = memory.stock.filter((item) => !items.includes(item));
    declarePartner(memory, client.id);
    const key = `ship-${items[0]?.bale ?? ''}`;
    memory.outbox.push(
      actOf(memory, {
        key,
        path: '/api/v1/shipments',
        role: 'supervisor',
        body: { occurredAt: at, partner: client.id, operation: client.operation, vehicle: 'DM-276-CX' },
        next: { does: 'ship', client: client.id, items, at },
      }),
    );
  }
}

/**
 * Puts into the outbox what has happened since the last look. It changes `memory` alone.
 * @param truth what stands where, when it was looked up together with `view`; the opening stock waits for it.
 * @param at wall-clock ms.
 */
export function notice(
  view: HandView,
  truth: PlantTruth | null,
  memory: Memory,
  site: Site,
  at: number,
): void {
  if (!memory.opened && truth === null) return;
  const isManual = view.profile === 'manual';
  if (memory.shift === null) noticeShift(view, truth, memory, site, at);
  if (!memory.opened && truth !== null) noticeOpening(view, truth, memory, site, at);
  if (isManual) noticeDeliveries(view, memory, site, at);
  else noticeInfeed(view, memory, site, at);
  const made = isManual ? view.stock : view.stock.filter((output) => isCounted(output, at));
  for (const output of made) logOutput(memory, site, output, at);
  if (isManual) noticeDrying(view, memory, at);
  if (truth !== null) noticeSkip(truth, memory, site, at);
  if (isManual && truth !== null) noticeTrolley(truth, memory, site, at);
  noticeStock(memory, at);
  if (isManual) noticeAudit(view, memory, site, at);
  // Last: what the shift before has done is written down by now.
  noticeShift(view, truth, memory, site, at);
}

/** Containers that stand on their trucks: what is remembered of them while they stand on the scale. */
export function onTrucks(view: HandView): ReadonlyMap<string, ContainerView> {
  return new Map(
    view.deliveries.flatMap(({ containers }) => containers.map((each) => [each.id, each] as const)),
  );
}
