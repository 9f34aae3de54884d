/** Folders of keys for the tests of one file: made before its first test, removed after its last. */
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { testFolder, type TestFolder } from './test-device.ts';

interface TestKeys {
  /** Of the edge. */
  readonly edge: string;
  /** Of the server that most tests of the file talk to. */
  readonly server: string;
  /** Of somebody else. */
  readonly of: (whom: string) => string;
}

/** Called once by a file, outside its tests; the folders are there from its first `beforeAll` on. */
export function testKeys(): TestKeys {
  let folder: TestFolder;
  beforeAll(async () => {
    folder = await testFolder();
  });
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
  });
  const of = (whom: string): string => join(folder.path, whom);
  return {
    get edge() {
      return of('edge');
    },
    get server() {
      return of('server');
    },
    of,
  };
}
