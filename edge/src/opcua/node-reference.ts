/** Node ids as people write them, and the index that a namespace has on the server at hand. */

export type ResolvedNode =
  | { readonly state: 'resolved'; readonly nodeId: string }
  | { readonly state: 'unknown'; readonly reason: string };

const NAMESPACE_URI = /^nsu=(?<uri>[^;]+);(?<rest>[isgb]=.+)$/u;
const NAMESPACE_INDEX = /^(?:ns=(?<index>\d+);)?(?:i=\d+|[sgb]=.+)$/u;

/**
 * @param node `nsu=<uri>;s=…` (also `i=`, `g=`, `b=`), `ns=<index>;…` or `i=…`.
 * @param namespaces the server's NamespaceArray: position is index.
 * @returns the node id with an index, `ns=<index>;…`. A URI is looked up anew for each session, because a
 *   server may number its namespaces differently after a restart.
 */
export function resolveNode(node: string, namespaces: readonly string[]): ResolvedNode {
  const byUri = NAMESPACE_URI.exec(node)?.groups;
  if (byUri !== undefined) {
    // OPC 10000-6 §5.3.1.11: `%` and `;` of a URI are percent-encoded.
    const uri = (byUri['uri'] ?? '').replaceAll('%3B', ';').replaceAll('%25', '%');
    const index = namespaces.indexOf(uri);
    if (index >= 0) return { state: 'resolved', nodeId: `ns=${index};${byUri['rest']}` };
    return { state: 'unknown', reason: `the server has no namespace ${uri}` };
  }
  if (NAMESPACE_INDEX.test(node)) return { state: 'resolved', nodeId: node };
  return { state: 'unknown', reason: 'it is not a node id: expected nsu=<uri>;s=… or ns=<index>;s=…' };
}
