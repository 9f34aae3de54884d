/** `item.list`: what was sorted, newest first. */
import { ITEM_LIST, ItemListArgs, type ItemListData } from '@trame/protocol/classification/item-requests';
import type { ItemStore } from '../ports/item-store.ts';
import type { ReadCommand } from '../ports/read-command.ts';
import { itemRow } from './item-row.ts';

export function itemList(items: Pick<ItemStore, 'page'>): ReadCommand {
  return {
    command: ITEM_LIST,
    args: ItemListArgs,
    read(args) {
      const { before, limit, outlet, reading } = args as ItemListArgs;
      const page = items.page({
        limit,
        after: before,
        ...(outlet === null ? {} : { outlet }),
        ...(reading === null ? {} : { reading }),
      });
      if (page.kind === 'unavailable') {
        return Promise.resolve({ kind: 'refused', refusal: 'items-away', detail: page.reason });
      }
      const data: ItemListData = { items: page.found.items.map(itemRow), next: page.found.next };
      return Promise.resolve({ kind: 'data', data });
    },
  };
}
