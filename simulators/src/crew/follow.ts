/** What follows from an act that was done: the next acts of the same errand, before anything else that waits. */
import type { Act, Memory, Next } from './memory.ts';
import { actOf } from './draft.ts';
import type { ActAnswer } from './site-client.ts';

/** Outputs that the crew remembers as being in stock; the oldest is left there. */
const maxStock = 300;

/** A client's own scale shows steps of half a kilogram. */
const clientIntervalG = 500;

/** Loaded piece by piece and sent; what the client says of the load before has come meanwhile. */
function shipActs(memory: Memory, next: Extract<Next, { does: 'ship' }>, shipment: string): Act[] {
  const act = (key: string, id: string, what: string, body: Act['body']): Act =>
    actOf(memory, {
      key: `${key}-${id}`,
      path: `/api/v1/shipments/${id}/${what}`,
      role: 'supervisor',
      body,
    });
  const before = memory.underway[next.client];
  const netGrams = next.items.reduce((sum, { kg }) => sum + Math.round(kg * 1_000), 0);
  memory.underway[next.client] = { shipment, netGrams };
  const clientGrams = Math.round((before?.netGrams ?? 0) / clientIntervalG) * clientIntervalG;
  return [
    ...(before === undefined || clientGrams === 0
      ? []
      : [act('receive', before.shipment, 'receive', { occurredAt: next.at, clientGrams })]),
    ...next.items.map(({ bale }, index) =>
      act(`load-${index}`, shipment, 'load', { occurredAt: next.at, code: bale }),
    ),
    act('dispatch', shipment, 'dispatch', { occurredAt: next.at }),
  ];
}

/** The opening stock goes into the bins in which it stands, or on the line. */
function openingActs(
  memory: Memory,
  { places, at }: Extract<Next, { does: 'opened' }>,
  lot: string,
  line: string,
): Act[] {
  const from = `lot:${lot}`;
  if (places === null) {
    const body = { occurredAt: at, from: [from] };
    return [actOf(memory, { key: 'opening-load', path: `/api/v1/lines/${line}/load`, body })];
  }
  return places.map(({ account, grams }, index) =>
    actOf(memory, {
      key: `opening-${index}`,
      path: '/api/v1/moves',
      body: { occurredAt: at, from, to: account, grams, sortedBefore: true },
    }),
  );
}

/** Changes `memory` by what an act has brought about. `line` is where the crew works. */
export function follow(memory: Memory, next: Next, answer: ActAnswer, line: string): void {
  switch (next.does) {
    case 'stock':
      memory.stock.push({ ...next.item, bale: answer.id });
      if (memory.stock.length > maxStock) memory.stock.shift();
      return;
    case 'received':
      for (const wet of memory.wet) if (wet.delivery === next.delivery) wet.lot = answer.id;
      memory.outbox.unshift(
        ...next.refused.map((container) =>
          actOf(memory, {
            key: `refuse-${answer.id}-${container}`,
            path: `/api/v1/lots/${answer.id}/refuse`,
            body: { occurredAt: next.at, reason: 'wet', container },
          }),
        ),
      );
      return;
    case 'opened':
      memory.outbox.unshift(...openingActs(memory, next, answer.id, line));
      return;
    case 'shift':
      if (memory.shift?.day === next.day) memory.shift.id = answer.id;
      return;
    case 'infeed':
      if (memory.infeed?.delivery === next.delivery) {
        memory.infeed.lot = answer.id;
        memory.infeed.event = answer.events[0] ?? null;
      }
      memory.outbox.unshift(
        actOf(memory, {
          key: `infeed-${next.delivery}`,
          path: `/api/v1/lines/${line}/load`,
          body: { occurredAt: next.at, from: [`lot:${answer.id}`], counted: 'by-infeed' },
        }),
      );
      return;
    case 'ship':
      memory.outbox.unshift(...shipActs(memory, next, answer.id));
      memory.carry.push(...next.items.flatMap(({ name }) => (name === null ? [] : [name])));
      return;
  }
}
