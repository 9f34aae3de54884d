/**
 * YAML text to nodes that know where they stand. Everything that a hostile or broken file can do is bounded
 * here: size, nesting, aliases that multiply.
 */
import { isAlias, isCollection, isPair, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Issue } from './issue.ts';

/** A line of 5 000 tags is half of it. */
export const MAX_FILE_CHARS = 1024 * 1024;
/** Values that a file may stand for once its aliases are followed. */
const MAX_EXPANDED_VALUES = 200_000;

/** Collects issues against positions of one file. */
export class YamlSource {
  readonly issues: Issue[] = [];
  readonly warnings: Issue[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string, file: string) {
    this.#file = file;
    // Duplicate keys are found by the reader, in linear time and with the place of the first one.
    const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false } as const;
    this.#document = parseDocument(text.length > MAX_FILE_CHARS ? '' : text, options);
    if (text.length > MAX_FILE_CHARS) {
      this.fail(0, '', `the file is larger than ${MAX_FILE_CHARS} characters`);
      return;
    }
    this.#reportSyntax();
    this.#boundAliases();
  }

  /** The root of the document; null when it is empty. */
  get root(): Node | null {
    return this.#document.contents;
  }

  /** @returns the node that an alias stands for, the node itself when it is none, null when it names nothing. */
  follow(node: Node): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }

  fail(offset: number, path: string, message: string): void {
    this.issues.push(this.#issue(offset, path, message));
  }

  warn(offset: number, path: string, message: string): void {
    this.warnings.push(this.#issue(offset, path, message));
  }

  /** @returns `line:column` of an offset. */
  place(offset: number): string {
    const { line, column } = this.#issue(offset, '', '');
    return `${line}:${column}`;
  }

  #issue(offset: number, path: string, message: string): Issue {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), path, message };
  }

  #reportSyntax(): void {
    // One deep nesting makes an error for each level: the first says it all.
    let tooDeep = false;
    for (const error of this.#document.errors) {
      if (error.code === 'RESOURCE_EXHAUSTION') {
        if (!tooDeep) this.fail(error.pos[0], '', 'nested too deeply');
        tooDeep = true;
      } else if (error.code === 'MULTIPLE_DOCS') {
        this.fail(error.pos[0], '', 'a second document begins here: expected one document in the file');
      } else if (!tooDeep) {
        this.fail(error.pos[0], '', `not YAML: ${error.message}`);
      }
    }
    for (const warning of this.#document.warnings) {
      this.fail(warning.pos[0], '', `not plain YAML: ${warning.message}`);
    }
  }

  /** Counts what the file stands for without ever unfolding it: each anchored node is counted once. */
  #boundAliases(): void {
    if (this.issues.length > 0) return;
    const sizes = new Map<Node, number | 'counting'>();
    const sizeOf = (node: unknown): number => {
      if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
      if (isAlias(node)) return this.#sizeOfAlias(node, sizes, sizeOf);
      if (!isCollection(node)) return 1;
      const known = sizes.get(node);
      if (known === 'counting') return Number.POSITIVE_INFINITY;
      if (known !== undefined) return known;
      sizes.set(node, 'counting');
      const size = node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1);
      sizes.set(node, size);
      return size;
    };
    const total = sizeOf(this.root);
    if (total > MAX_EXPANDED_VALUES && this.issues.length === 0) {
      this.fail(0, '', `the file holds more than ${MAX_EXPANDED_VALUES} values`);
    }
  }

  #sizeOfAlias(node: Node, sizes: Map<Node, number | 'counting'>, sizeOf: (node: unknown) => number): number {
    const target = this.follow(node);
    const offset = node.range?.[0] ?? 0;
    if (target === null) {
      this.fail(offset, '', 'this alias names no anchor that stands before it');
      return 1;
    }
    if (sizes.get(target) === 'counting') {
      this.fail(offset, '', 'this alias holds itself');
      return 1;
    }
    const size = sizeOf(target);
    if (size > MAX_EXPANDED_VALUES && this.issues.length === 0) {
      this.fail(offset, '', `aliases make more than ${MAX_EXPANDED_VALUES} values of this file`);
    }
    return size;
  }
}
