/** Reads `line.yaml` from disk. */
import { open } from 'node:fs/promises';
import type { Issue } from './issue.ts';
import { parseLineConfig, type LineConfigOptions, type LineConfigParse } from './parse-line-config.ts';
import { MAX_FILE_CHARS } from './yaml-source.ts';

/** UTF-8 takes up to three bytes for one UTF-16 unit. */
const MAX_FILE_BYTES = 3 * MAX_FILE_CHARS;

/** @returns what {@link parseLineConfig} does; a file that cannot be read or is not UTF-8 is an issue too. */
export async function loadLineConfig(path: string, options: LineConfigOptions): Promise<LineConfigParse> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path);
  } catch (error) {
    return refused(path, `cannot be read: ${reasonOf(error)}`);
  }
  if (bytes.length > MAX_FILE_BYTES) return refused(path, `the file is larger than ${MAX_FILE_BYTES} bytes`);
  const text = decodeUtf8(bytes);
  if (text !== null) return parseLineConfig(text, path, options);
  return refused(path, 'the file is not UTF-8 text: save it again with that encoding');
}

/** Reads one byte more than allowed at most, so that a pipe or a huge file cannot fill the memory. */
async function readBounded(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  if ((await file.stat()).isDirectory()) throw new Error('it is a directory');
  const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** @returns the text without its byte order mark, or null when it is not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not allowed',
  EISDIR: 'it is a directory',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

function refused(file: string, message: string): LineConfigParse {
  const issue: Issue = { file, line: 0, column: 0, path: '', message };
  return { kind: 'invalid', issues: [issue] };
}
