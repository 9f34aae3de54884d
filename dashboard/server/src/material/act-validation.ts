/**
 * Checks acts without turning one type into another: the checks of queries read `null` as 0 where a number may stand,
 * and a tare that nobody stated is not a tare of nothing.
 */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RequestProblem } from '../http/problem.ts';

const ERRORS_MAX = 20;

interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
  readonly message: string;
}

interface FieldFault {
  readonly path: string;
  readonly message: string;
}

type Verdict = { readonly value: unknown } | { readonly error: RequestProblem };

/** For one part of a route: `body`, `params`, `headers`. */
export function strictValidator({
  schema,
  httpPart = 'body',
}: {
  readonly schema: TSchema;
  readonly httpPart?: string;
}): (value: unknown) => Verdict {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return { value };
    const errors = faultsOf([...validator.Errors(value)], `/${httpPart}`);
    return { error: new RequestProblem('invalid-request', { errors }) };
  };
}

/** Where several shapes are possible, the innermost faults say best what is wrong. */
function faultsOf(faults: readonly Fault[], root: string): FieldFault[] {
  const found = new Map<string, string>();
  const words = new Map<string, string[]>();
  for (const fault of faults) {
    const { keyword, params, instancePath, message } = fault;
    if (keyword === 'anyOf' || keyword === 'boolean' || keyword === '~guard') continue;
    const names = namesIn(params, 'requiredProperties') ?? namesIn(params, 'additionalProperties');
    if (names !== null) {
      const words = keyword === 'required' ? 'is missing' : 'unknown key';
      for (const name of names)
        if (!found.has(`${instancePath}/${name}`)) found.set(`${instancePath}/${name}`, words);
    } else if (keyword === 'const' && 'allowedValue' in params) {
      words.set(instancePath, [...(words.get(instancePath) ?? []), String(params.allowedValue)]);
    } else if (!found.has(instancePath)) found.set(instancePath, message);
  }
  for (const [pointer, known] of words) found.set(pointer, `expected one of ${known.join(', ')}`);
  const pointers = [...found.keys()];
  return [...found]
    .filter(([pointer]) => !pointers.some((other) => other.startsWith(`${pointer}/`)))
    .slice(0, ERRORS_MAX)
    .map(([pointer, message]) => ({ path: root + pointer, message }));
}

function namesIn(params: object, key: string): readonly string[] | null {
  const value: unknown = Object.entries(params).find(([name]) => name === key)?.[1];
  return Array.isArray(value) ? value.map(String) : null;
}
