import { resolveNode } from './node-reference.ts';
import { tagTypeOfDataType } from './read-variant.ts';
import { readAttributes, type ServiceContext } from './session-services.ts';
import type { TagBook } from './tag-book.ts';

/**
 * Asks the server for the data type of each tag whose type the configuration leaves open. A data type of the
 * maker's own, an abstract one, or a node that cannot be read stays open: its first value tells.
 */
export async function learnTypes(
  services: ServiceContext,
  book: TagBook,
  namespaces: readonly string[],
  nodesPerRead: number,
): Promise<void> {
  const open = book.untyped().flatMap((tag) => {
    const node = resolveNode(tag.node, namespaces);
    return node.state === 'resolved' ? [{ name: tag.name, nodeId: node.nodeId }] : [];
  });
  const nodeIds = open.map(({ nodeId }) => nodeId);
  const types = await readAttributes(services, nodeIds, 'DataType', nodesPerRead);
  open.forEach(({ name }, index) => {
    const type = typeOf(services, types[index]?.value);
    if (type !== null) book.learn(name, type);
  });
}

function typeOf({ library }: ServiceContext, value: unknown): ReturnType<typeof tagTypeOfDataType> {
  if (!(value instanceof library.client.NodeId) || value.namespace !== 0) return null;
  return typeof value.value === 'number' ? tagTypeOfDataType(value.value) : null;
}
