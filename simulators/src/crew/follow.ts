/** What follows from an act that was done: the next acts of the same errand, before anything else that waits. */
import type { Act, Memory, Next } from './memory.ts';
import { actOf } from './notice.ts';
import type { ActAnswer } from './site-client.ts';

/** Outputs that the crew remembers as being in stock; the oldest is left there. */
const maxStock = 300;

function shipActs(memory: Memory, next: Extract<Next, { does: 'ship' }>, shipment: string): Act[] {
  const path = `/api/v1/shipments/${shipment}`;
  const netGrams = next.items.reduce((sum, { kg }) => sum + Math.round(kg * 1_000), 0);
  const act = (key: string, what: string, body: Act['body']): Act =>
    actOf(memory, { key: `${key}-${shipment}`, path: `${path}/${what}`, role: 'supervisor', body });
  return [
    ...next.items.map(({ bale }, index) => act(`load-${index}`, 'load', { occurredAt: next.at, code: bale })),
    act('dispatch', 'dispatch', { occurredAt: next.at }),
    act('receive', 'receive', { occurredAt: next.at, clientGrams: netGrams }),
  ];
}

/** Changes `memory` by what an act has brought about. `line` is where the crew works. */
export function follow(memory: Memory, next: Next, answer: ActAnswer, line: string): void {
  switch (next.does) {
    case 'stock':
      memory.stock.push({ ...next.item, bale: answer.id });
      if (memory.stock.length > maxStock) memory.stock.shift();
      return;
    case 'refuse':
      memory.outbox.unshift(
        ...next.containers.map((container) =>
          actOf(memory, {
            key: `refuse-${answer.id}-${container}`,
            path: `/api/v1/lots/${answer.id}/refuse`,
            body: { occurredAt: next.at, reason: 'wet', container },
          }),
        ),
      );
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
      memory.carry.push(...next.items.map(({ name }) => name));
      return;
  }
}
