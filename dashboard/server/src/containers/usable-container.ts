import type { MaterialBook } from '../material/material-book.ts';
import type { ContainerTable } from '../material/material-tables.ts';
import { refused, type Refused } from '../material/decision.ts';

export type UsableContainer = { readonly kind: 'container'; readonly row: ContainerTable } | Refused;

/** @returns a container that is declared and in use. */
export async function usableContainer(book: MaterialBook, container: string): Promise<UsableContainer> {
  const row = await book.container(container);
  if (row === undefined) {
    return refused('unknown-container', `no container «${container}» is declared`, { container });
  }
  if (row.retired === 1) {
    return refused('retired', `container «${container}» is out of use`, { container });
  }
  return { kind: 'container', row };
}
