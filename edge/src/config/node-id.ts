import type { Reader } from './config-node.ts';

/** OPC UA part 6 §5.3.1.10: node ids as text, with a namespace address or index before them. */
const NODE_ID = /^(?:nsu=[^;]+;|ns=\d{1,5};)?(?:i=\d{1,10}|s=.+|g=[0-9a-fA-F-]{36}|b=.+)$/u;
const MAX_NODE_ID_CHARS = 512;

export const nodeId: Reader<string> = (node) => {
  const written = node.scalar;
  if (typeof written === 'string' && written.length <= MAX_NODE_ID_CHARS && NODE_ID.test(written))
    return written;
  return node.fail(`expected a node such as "nsu=urn:maker;s=Name" or "ns=2;i=1001", got ${node.shown}`);
};
