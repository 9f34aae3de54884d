/** The words after `trame-edge model`. Pure. */
import { resolve } from 'node:path';
import { QUANTITIES, type Quantity } from '../domain/nir/spectrum.ts';
import type { WrongUsage } from './common-options.ts';

interface ModelOptions {
  /** Absolute. */
  readonly folder: string;
  readonly json: boolean;
  readonly seed: number;
  readonly quantity: Quantity;
  /** As it was typed, for the provenance. */
  readonly typed: string;
}

export interface TrainCommand extends ModelOptions {
  readonly kind: 'model-train';
  readonly outFile: string;
  readonly id: string;
  readonly fit: 'unmixing' | 'ratio';
  /** Null: all of them. */
  readonly dataset: string | null;
  readonly instrument: { readonly maker: string; readonly type: string; readonly serial: string | null };
  readonly excluded: readonly { readonly sample: string; readonly reason: string }[];
  /** Set: the model of another instrument is brought to this one. */
  readonly transfer: {
    readonly from: string;
    readonly by: 'pds' | 'offset-slope';
    readonly verify: string | null;
  } | null;
}

export interface EvaluateCommand extends ModelOptions {
  readonly kind: 'model-evaluate';
  /** Absolute; none: those that are shipped. */
  readonly models: readonly string[];
  /** Absolute; its ending says in which form. */
  readonly reportFile: string | null;
  readonly splits: number;
}

export type ModelCommand = TrainCommand | EvaluateCommand;

/** Options as they were written; absent: not given. */
export interface ModelValues {
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly seed?: string | undefined;
  readonly quantity?: string | undefined;
  readonly id?: string | undefined;
  readonly kind?: string | undefined;
  readonly dataset?: string | undefined;
  readonly instrument?: string | undefined;
  readonly maker?: string | undefined;
  readonly serial?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly transfer?: string | undefined;
  readonly by?: string | undefined;
  readonly verify?: string | undefined;
  readonly model?: readonly string[] | undefined;
  readonly report?: string | undefined;
  readonly splits?: string | undefined;
}

export const MODEL_OPTIONS = {
  seed: { type: 'string' },
  quantity: { type: 'string' },
  id: { type: 'string' },
  kind: { type: 'string' },
  dataset: { type: 'string' },
  instrument: { type: 'string' },
  maker: { type: 'string' },
  serial: { type: 'string' },
  exclude: { type: 'string', multiple: true },
  transfer: { type: 'string' },
  by: { type: 'string' },
  verify: { type: 'string' },
  model: { type: 'string', multiple: true },
  report: { type: 'string' },
  splits: { type: 'string' },
} as const;

type ModelOption = keyof typeof MODEL_OPTIONS;
const ONLY_TRAIN = [
  'id',
  'kind',
  'dataset',
  'instrument',
  'maker',
  'serial',
  'exclude',
  'transfer',
  'by',
  'verify',
] as const satisfies readonly ModelOption[];
const ONLY_EVALUATE = ['model', 'report', 'splits'] as const satisfies readonly ModelOption[];

const DEFAULT_SEED = '17';
/** More would take hours and say the same. */
const MAX_SPLITS = 1000;

/** @returns what is wrong with an option that this command does not take, or null. */
export function surplusModelOption(
  name: string | undefined,
  action: string | undefined,
  values: ModelValues,
): string | null {
  if (name === undefined) return null;
  const refused: readonly (keyof ModelValues)[] =
    name !== 'model'
      ? (Object.keys(MODEL_OPTIONS) as ModelOption[])
      : action === 'train'
        ? ['config', ...ONLY_EVALUATE]
        : ['config', 'out', ...ONLY_TRAIN];
  const surplus = refused.find((option) => values[option] !== undefined);
  return surplus === undefined
    ? null
    : `${name === 'model' ? `model ${action}` : name} takes no --${surplus}`;
}

export function parseModel(
  [action, folder, ...surplus]: readonly string[],
  values: ModelValues,
  { cwd, argv }: { readonly cwd: string; readonly argv: readonly string[] },
): ModelCommand | WrongUsage {
  if (action !== 'train' && action !== 'evaluate') {
    return wrong(
      `model: expected train or evaluate, got ${action === undefined ? 'nothing' : `«${action}»`}`,
    );
  }
  if (folder === undefined) return wrong(`model ${action}: the folder of spectra is missing`);
  if (surplus.length > 0) return wrong(`«${surplus.join(' ')}» is one word too many`);
  const seed = values.seed ?? DEFAULT_SEED;
  if (!/^\d{1,9}$/u.test(seed)) {
    return wrong(`model ${action}: --seed is «${seed}»: expected a whole number, 0 to 999999999`);
  }
  const quantity = values.quantity ?? 'absorbance';
  if (!isQuantity(quantity)) {
    return wrong(`model ${action}: --quantity is «${quantity}»: expected ${QUANTITIES.join(', ')}`);
  }
  const options: ModelOptions = {
    folder: resolve(cwd, folder),
    json: values.json === true,
    seed: Number(seed),
    quantity,
    typed: ['trame-edge', ...argv.map(quoted)].join(' '),
  };
  return action === 'train' ? parseTrain(options, values, cwd) : parseEvaluate(options, values, cwd);
}

function parseTrain(options: ModelOptions, values: ModelValues, cwd: string): TrainCommand | WrongUsage {
  const { kind = 'unmixing', by = 'pds', id, out, transfer } = values;
  if (out === undefined) return wrong('model train: --out FILE is missing');
  if (id === undefined) return wrong('model train: --id is missing: how the model is called in verdicts');
  if (!/^[a-z0-9][a-z0-9.-]{0,79}$/u.test(id)) {
    return wrong(`model train: --id is «${id}»: expected small letters, digits, dots and hyphens`);
  }
  if (kind !== 'unmixing' && kind !== 'ratio') {
    return wrong(`model train: --kind is «${kind}»: expected unmixing or ratio`);
  }
  if (by !== 'pds' && by !== 'offset-slope') {
    return wrong(`model train: --by is «${by}»: expected pds or offset-slope`);
  }
  if (transfer !== undefined && values.dataset === undefined) {
    return wrong('model train: --transfer needs --dataset: which rows are of the new instrument');
  }
  if (transfer === undefined && (values.by !== undefined || values.verify !== undefined)) {
    return wrong('model train: --by and --verify go with --transfer');
  }
  const excluded = (values.exclude ?? []).map(readExclusion);
  const wordless = excluded.find(({ sample, reason }) => sample === '' || reason === '');
  if (wordless !== undefined) return wrong('model train: --exclude expects SAMPLE=REASON');
  return {
    ...options,
    kind: 'model-train',
    outFile: resolve(cwd, out),
    id,
    fit: kind,
    dataset: values.dataset ?? null,
    instrument: {
      maker: values.maker ?? 'unknown',
      type: values.instrument ?? 'unknown',
      serial: values.serial ?? null,
    },
    excluded,
    transfer:
      transfer === undefined ? null : { from: resolve(cwd, transfer), by, verify: values.verify ?? null },
  };
}

function parseEvaluate(
  options: ModelOptions,
  values: ModelValues,
  cwd: string,
): EvaluateCommand | WrongUsage {
  const { splits = '0', report } = values;
  if (!/^\d{1,4}$/u.test(splits) || Number(splits) > MAX_SPLITS) {
    return wrong(`model evaluate: --splits is «${splits}»: expected 0 to ${MAX_SPLITS}`);
  }
  if (report !== undefined && !/\.(?:md|html)$/u.test(report)) {
    return wrong(`model evaluate: --report is «${report}»: expected a name that ends with .md or .html`);
  }
  if (Number(splits) > 0 && report === undefined) {
    return wrong('model evaluate: --splits goes with --report: that is where they are told');
  }
  return {
    ...options,
    kind: 'model-evaluate',
    models: (values.model ?? []).map((path) => resolve(cwd, path)),
    reportFile: report === undefined ? null : resolve(cwd, report),
    splits: Number(splits),
  };
}

function readExclusion(text: string): { readonly sample: string; readonly reason: string } {
  const at = text.indexOf('=');
  return at < 0
    ? { sample: text.trim(), reason: '' }
    : { sample: text.slice(0, at).trim(), reason: text.slice(at + 1).trim() };
}

/** As a shell takes it back. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function isQuantity(text: string): text is Quantity {
  return (QUANTITIES as readonly string[]).includes(text);
}

function wrong(message: string): WrongUsage {
  return { kind: 'wrong-usage', message };
}
