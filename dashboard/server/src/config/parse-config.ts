/** Reads `dashboard.yaml`: every error at once, each with line, column and what was expected. */
import { Value } from 'typebox/value';
import { isCollection, isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { consoleFault } from '../control/control-place.ts';
import { isLoopback } from '../http/loopback.ts';
import { calendarIssues, stopIssues } from './calendar-issues.ts';
import { materialIssues } from './material-issues.ts';
import { ConfigFile, EXPECTED } from './server-config.ts';

export interface ConfigIssue {
  readonly line: number;
  readonly column: number;
  /** `broker.url`, empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export type ConfigReading =
  | { readonly kind: 'ok'; readonly config: ConfigFile }
  | { readonly kind: 'invalid'; readonly issues: readonly ConfigIssue[] };

/** Longest configuration read, in characters. */
const TEXT_MAX = 256 * 1024;

/** @returns the configuration, or every fault found in it. An empty file is a valid one. */
export function parseConfig(text: string): ConfigReading {
  if (text.length > TEXT_MAX) return invalid([whole(`the file is longer than ${TEXT_MAX} characters`)]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return invalid(
      document.errors.map((error) => ({
        ...position(lines, error.pos[0]),
        path: '',
        message: error.message.split('\n')[0] ?? 'not YAML',
      })),
    );
  }
  const read = plainValue(document);
  if (read.kind === 'failed') return invalid([whole(read.reason)]);
  const { value } = read;
  const issues = [...schemaIssues(value, document, lines), ...meaningIssues(value, document, lines)];
  if (issues.length > 0 || !Value.Check(ConfigFile, value)) return invalid(issues);
  return { kind: 'ok', config: value };
}

/** @returns one line for one fault, as compilers write them. */
export function issueText(file: string, issue: ConfigIssue): string {
  const where = issue.path === '' ? '' : `${issue.path}: `;
  return `${file}:${issue.line}:${issue.column} ${where}${issue.message}`;
}

type PlainValue =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

/** Aliases are only followed here: one without an anchor, or too many of them, shows now. */
function plainValue(document: Document): PlainValue {
  try {
    return { kind: 'value', value: document.toJS({ maxAliasCount: 10 }) ?? {} };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function schemaIssues(value: unknown, document: Document, lines: LineCounter): ConfigIssue[] {
  const found = new Map<string, ConfigIssue>();
  for (const error of Value.Errors(ConfigFile, value)) {
    const unknownKeys = 'additionalProperties' in error.params ? error.params.additionalProperties : null;
    if (Array.isArray(unknownKeys)) {
      for (const key of unknownKeys) {
        const pointer = `${error.instancePath}/${key}`;
        found.set(pointer, issueAt(pointer, 'unknown key', document, lines));
      }
      continue;
    }
    if (found.has(error.instancePath) || error.keyword === 'boolean') continue;
    const message = EXPECTED[error.instancePath] ?? error.message;
    found.set(error.instancePath, issueAt(error.instancePath, message, document, lines));
  }
  return withoutParents([...found.entries()]);
}

/** A fault of a key makes its parent wrong too (a union matches nothing): the innermost says it best. */
function withoutParents(entries: [string, ConfigIssue][]): ConfigIssue[] {
  return entries
    .filter(([pointer]) => !entries.some(([other]) => other !== pointer && other.startsWith(`${pointer}/`)))
    .map(([, issue]) => issue);
}

function meaningIssues(value: unknown, document: Document, lines: LineCounter): ConfigIssue[] {
  if (!Value.Check(ConfigFile, value)) return [];
  const issues: ConfigIssue[] = [];
  const add = (pointer: string, message: string) => issues.push(issueAt(pointer, message, document, lines));
  if (value.role === 'region') {
    add('/role', 'the region role is not available in this version: expected site');
  }
  if (value.timeZone !== undefined && !isTimeZone(value.timeZone)) {
    add('/timeZone', `«${value.timeZone}» is not a known time zone, expected one such as Europe/Paris`);
  }
  if (value.history === 'influx' && value.influx === undefined) {
    add('/history', 'history: influx needs the key influx: {url, …}');
  }
  if (value.influx !== undefined && value.history !== 'influx') {
    add('/influx', 'is given, but history is not influx');
  }
  const embedded = value.broker === undefined || value.broker === 'embedded';
  if (!embedded && value.mqttAccounts !== undefined) {
    add('/mqttAccounts', 'belongs to the embedded broker; the accounts of another one are kept there');
  }
  if (embedded && !isLoopback(value.mqttHost ?? '127.0.0.1') && (value.mqttAccounts ?? []).length === 0) {
    add('/mqttHost', 'the embedded broker listens beyond this machine only with mqttAccounts');
  }
  if (typeof value.records === 'object') {
    const { url, caFile } = value.records;
    const fault = databaseFault(url, caFile !== undefined);
    if (fault !== null) add('/records/url', fault);
  }
  for (const [index, text] of (value.control?.consoles ?? []).entries()) {
    const fault = consoleFault(text);
    if (fault !== null) add(`/control/consoles/${index}`, fault);
  }
  if (value.material !== undefined) materialIssues(value.material, add);
  if (value.calendar !== undefined) calendarIssues(value.calendar, add);
  if (value.stops !== undefined) stopIssues(value.stops, add);
  return issues;
}

/** @returns what is wrong with the address of a database that looks like one. */
function databaseFault(address: string, hasCa: boolean): string | null {
  if (!URL.canParse(address)) return 'expected postgres://user@host:port/database';
  const url = new URL(address);
  if (url.password !== '') return 'write the password in passwordFile, never in the address';
  if (url.username === '') return 'names no user: expected postgres://user@host:port/database';
  if (!hasCa && !isLoopback(url.hostname.replace(/^\[|\]$/gu, ''))) {
    return 'a database on another machine is reached by TLS only: caFile names the authority of its certificate';
  }
  return null;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function issueAt(pointer: string, message: string, document: Document, lines: LineCounter): ConfigIssue {
  const path = pointer.split('/').slice(1);
  return { ...position(lines, offsetOf(document, path)), path: path.join('.'), message };
}

/** Where the key stands; for an item of a list, where the item stands; else the innermost thing known. */
function offsetOf(document: Document, path: readonly string[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
    }
    const child: unknown = node.get(isMap(node) ? part : Number(part), true);
    if (!isScalar(child) && !isCollection(child)) break;
    if (!isMap(node)) offset = child.range?.[0] ?? offset;
    node = child;
  }
  return offset;
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function whole(message: string): ConfigIssue {
  return { line: 1, column: 1, path: '', message };
}

function invalid(issues: readonly ConfigIssue[]): ConfigReading {
  return { kind: 'invalid', issues };
}
