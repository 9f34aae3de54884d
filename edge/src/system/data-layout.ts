import { join } from 'node:path';

/** Where the OPC UA certificates lie in an edge's data directory. */
export function opcuaPkiDir(dataDir: string): string {
  return join(dataDir, 'pki', 'opcua');
}
