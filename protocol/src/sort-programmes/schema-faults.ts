/** Where a value is not what a schema asks for, in French: where, what is there, what to write instead. */
import type { TSchema } from 'typebox';
import { pathText } from './path-text.ts';

export interface SchemaFault {
  /** `rules[2].when.weight.atLeast`; empty: the whole. */
  readonly at: string;
  readonly words: string;
}

/** The part of JSON Schema that schemas here are made of. */
interface SchemaNode {
  readonly type?: string;
  readonly const?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly maxProperties?: number;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Told at most; a page of them is enough to begin with. */
const FAULTS_MAX = 100;
/** Longest piece of somebody's text that is repeated. */
const QUOTE_MAX = 40;

type Path = readonly (string | number)[];

/** @returns faults in the order of the value; what is there and unknown is one of them. */
export function schemaFaults(schema: TSchema, value: unknown): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  walk(schema, value, [], (path, words) => {
    if (faults.length < FAULTS_MAX) faults.push({ at: pathText(path), words });
  });
  return faults;
}

type Tell = (path: Path, words: string) => void;

function walk(schema: SchemaNode, value: unknown, path: Path, tell: Tell): void {
  if (schema.anyOf !== undefined) {
    const words = schema.anyOf.flatMap((branch) => (branch.const === undefined ? [] : [branch.const]));
    if (words.length < schema.anyOf.length)
      return walk(closestBranch(schema.anyOf, value), value, path, tell);
    if (!words.some((word) => word === value))
      tell(path, `${there(value)} n'est pas possible ici. Écrivez l'un de : ${words.join(', ')}.`);
    return;
  }
  if (schema.const !== undefined) {
    if (value !== schema.const)
      tell(path, `${there(value)} n'est pas possible ici. Écrivez : ${schema.const}.`);
    return;
  }
  switch (schema.type) {
    case 'object':
      return walkObject(schema, value, path, tell);
    case 'array':
      return walkArray(schema, value, path, tell);
    case 'string':
      return checkText(schema, value, path, tell);
    case 'boolean':
      if (typeof value !== 'boolean')
        tell(path, `${there(value)} n'est pas possible ici. Écrivez true (oui) ou false (non).`);
      return;
    case 'number':
    case 'integer':
      return checkNumber(schema, value, path, tell);
    default:
      throw new Error(`schemas of the type «${String(schema.type)}» are not known here`);
  }
}

/** The one that has most of the value's own keys; the first of several. */
function closestBranch(branches: readonly SchemaNode[], value: unknown): SchemaNode {
  const keys = isObject(value) ? Object.keys(value) : [];
  const known = (branch: SchemaNode) =>
    keys.filter((key) => Object.hasOwn(branch.properties ?? {}, key)).length;
  return branches.reduce((best, branch) => (known(branch) > known(best) ? branch : best));
}

function walkObject(schema: SchemaNode, value: unknown, path: Path, tell: Tell): void {
  if (!isObject(value)) {
    const keys = Object.keys(schema.properties ?? {});
    tell(
      path,
      `${there(value)} n'est pas possible ici. Écrivez des clés et leurs valeurs${keys.length === 0 ? '' : ` : ${keys.join(', ')}`}.`,
    );
    return;
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) tell(path, `Il manque la clé « ${key} » : ajoutez-la.`);
  }
  const entries = Object.entries(value);
  const patterns = Object.entries(schema.patternProperties ?? {});
  if (schema.maxProperties !== undefined && entries.length > schema.maxProperties) {
    tell(path, `${entries.length} entrées, c'est trop. Gardez-en ${schema.maxProperties} au plus.`);
    return;
  }
  for (const [key, member] of entries) {
    const known = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    const matching = known ?? patterns.find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1];
    if (matching === undefined) tell([...path, key.slice(0, QUOTE_MAX)], unknownKeyWords(key, schema));
    else walk(matching, member, [...path, key], tell);
  }
}

function unknownKeyWords(key: string, { properties }: SchemaNode): string {
  if (properties === undefined) {
    return `« ${quoted(key)} » n'est pas un nom possible. Prenez des lettres sans accent, des chiffres, « . », « _ » ou « - », 63 au plus.`;
  }
  return `La clé « ${quoted(key)} » n'existe pas ici. Retirez-la, ou écrivez l'une de : ${Object.keys(properties).join(', ')}.`;
}

function walkArray(schema: SchemaNode, value: unknown, path: Path, tell: Tell): void {
  if (!Array.isArray(value)) return tell(path, `${there(value)} n'est pas possible ici. Écrivez une liste.`);
  const { items, minItems = 0, maxItems = Infinity } = schema;
  if (value.length < minItems) tell(path, `La liste est trop courte. Mettez-y ${minItems} élément au moins.`);
  if (value.length > maxItems) {
    return tell(path, `${value.length} éléments, c'est trop. Gardez-en ${maxItems} au plus.`);
  }
  if (items === undefined) return;
  for (const [index, item] of value.entries()) walk(items, item, [...path, index], tell);
}

function checkText(schema: SchemaNode, value: unknown, path: Path, tell: Tell): void {
  if (typeof value !== 'string')
    return tell(path, `${there(value)} n'est pas un texte. Mettez-le entre guillemets.`);
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  // Half of a pair of surrogates has no place in any text, and no hash.
  if (!value.isWellFormed()) return tell(path, 'Le texte contient un caractère incomplet. Récrivez-le.');
  if (value.length < minLength) return tell(path, 'Le texte est vide. Écrivez quelque chose.');
  if (value.length > maxLength) {
    return tell(path, `Le texte a ${value.length} caractères. Gardez-en ${maxLength} au plus.`);
  }
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return;
  tell(
    path,
    `« ${quoted(value)} » n'est pas un nom possible. Prenez des lettres sans accent, des chiffres, « . », « _ » ou « - », 63 au plus.`,
  );
}

function checkNumber(schema: SchemaNode, value: unknown, path: Path, tell: Tell): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return tell(
      path,
      `${there(value)} n'est pas un nombre. Écrivez un nombre, avec un point s'il a des décimales.`,
    );
  }
  if (schema.type === 'integer' && !Number.isInteger(value)) {
    return tell(path, `${value} n'est pas entier. Écrivez un nombre sans décimales.`);
  }
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema;
  if (value <= exclusiveMinimum)
    return tell(path, `${value} est trop petit. Il faut plus de ${exclusiveMinimum}.`);
  if (value < minimum) return tell(path, `${value} est trop petit. Il faut au moins ${minimum}.`);
  if (value > maximum) tell(path, `${value} est trop grand. Il faut au plus ${maximum}.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands there, at the start of a sentence. */
function there(value: unknown): string {
  if (value === null || value === undefined) return 'Une valeur vide';
  if (Array.isArray(value)) return 'Une liste';
  switch (typeof value) {
    case 'string':
      return `Le texte « ${quoted(value)} »`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return `« ${String(value)} »`;
    default:
      return 'Un groupe de clés';
  }
}

function quoted(text: string): string {
  return text.length <= QUOTE_MAX ? text : `${text.slice(0, QUOTE_MAX)}…`;
}
