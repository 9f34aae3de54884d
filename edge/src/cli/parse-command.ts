/** From the words on the command line to what is to be done. Pure: the environment is passed in. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommonOptions, WrongUsage } from './common-options.ts';
import { helpFor } from './help.ts';
import { MODEL_OPTIONS, parseModel, surplusModelOption, type ModelCommand } from './parse-model.ts';
import { parseLedger, surplusLedgerOption, type LedgerCommand } from './parse-ledger.ts';

export type Command =
  | (CommonOptions & {
      readonly kind: 'run';
      readonly configFile: string;
      readonly httpPort: number;
      readonly logLevel: string;
    })
  | (CommonOptions & { readonly kind: 'check'; readonly configFile: string })
  | (CommonOptions & { readonly kind: 'trust-list' })
  /** `what`: a certificate file or the thumbprint of a rejected certificate. */
  | (CommonOptions & { readonly kind: 'trust-add'; readonly what: string })
  | (CommonOptions & { readonly kind: 'trust-remove'; readonly thumbprint: string })
  | LedgerCommand
  | ModelCommand
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | WrongUsage;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const DEFAULT_HTTP_PORT = '8091';
const DEFAULT_DATA_ROOT = '.trame';
const OPTIONS = {
  config: { type: 'string', short: 'c' },
  data: { type: 'string', short: 'd' },
  json: { type: 'boolean' },
  epoch: { type: 'string' },
  from: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  yes: { type: 'boolean' },
  ...MODEL_OPTIONS,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

export function parseCommand(argv: readonly string[], { env, cwd }: Surroundings): Command {
  const parsed = readArguments(argv);
  if (typeof parsed === 'string') return wrong(parsed);
  const { values, positionals } = parsed;
  const [name, ...operands] = positionals;
  if (values.version === true) return { kind: 'version' };
  if (values.help === true) return { kind: 'help', text: helpFor(name) };
  const dataRoot = env['TRAME_DATA_DIR'] || DEFAULT_DATA_ROOT;
  const dataDir = resolve(cwd, values.data ?? join(dataRoot, 'edge'));
  const common: CommonOptions = { dataDir, json: values.json === true };
  const configFile = values.config ?? join(dataDir, 'line.yaml');
  const misplaced =
    surplusModelOption(name, operands[0], values) ?? surplusLedgerOption(name, operands[0], values);
  if (misplaced !== null) return wrong(misplaced);
  switch (name) {
    case undefined:
      return wrong('a command is missing: run, check, trust, ledger or model');
    case 'run':
      return operands.length > 0 ? surplus(operands) : run(common, configFile, env);
    case 'check':
      return operands.length > 0 ? surplus(operands) : { kind: 'check', ...common, configFile };
    case 'trust':
      return values.config === undefined ? trust(common, operands) : wrong('trust takes no --config');
    case 'ledger':
      return parseLedger(common, operands, values, { configFile, cwd });
    case 'model':
      return parseModel(operands, values, { cwd, argv });
    default:
      return wrong(`unknown command «${name}»: expected run, check, trust, ledger or model`);
  }
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node says what is wrong in its first sentence and then how to write what nobody meant.
    const message = error instanceof Error ? error.message : String(error);
    return message.split('. ')[0] ?? message;
  }
}

function run(common: CommonOptions, configFile: string, env: Surroundings['env']): Command {
  const portText = env['TRAME_EDGE_HTTP_PORT'] || DEFAULT_HTTP_PORT;
  const httpPort = Number(portText);
  if (!/^\d+$/u.test(portText) || httpPort > 65_535) {
    return wrong(`TRAME_EDGE_HTTP_PORT is «${portText}»: expected a port, 0 to 65535`);
  }
  return { kind: 'run', ...common, configFile, httpPort, logLevel: env['TRAME_LOG_LEVEL'] || 'info' };
}

function trust(common: CommonOptions, [action, ...operands]: readonly string[]): Command {
  const [what, ...more] = operands;
  if (action === 'list') return what === undefined ? { kind: 'trust-list', ...common } : surplus(operands);
  if (action !== 'add' && action !== 'remove') {
    const got = action === undefined ? 'nothing' : `«${action}»`;
    return wrong(`trust: expected list, add or remove, got ${got}`);
  }
  if (more.length > 0) return surplus(more);
  if (what === undefined) {
    return wrong(
      `trust ${action}: a ${action === 'add' ? 'certificate file or thumbprint' : 'thumbprint'} is missing`,
    );
  }
  return action === 'add'
    ? { kind: 'trust-add', ...common, what }
    : { kind: 'trust-remove', ...common, thumbprint: what };
}

function surplus(operands: readonly string[]): Command {
  return wrong(`«${operands.join(' ')}» is one word too many`);
}

function wrong(message: string): WrongUsage {
  return { kind: 'wrong-usage', message };
}
