import { OPAQUE_ID_PATTERN } from '@trame/protocol/ledger-event';
import { ROLES, type Role } from '@trame/protocol/dashboard-api';
import { parseArgs } from 'node:util';
import type { BackupCommand } from '../backup/backup-commands.ts';
import { NOTES_MAX } from '../backup/backup-repository.ts';
import type { LedgerCommand } from './ledger-commands.ts';

interface CommonOptions {
  readonly config: string | null;
  readonly data: string | null;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | ({ readonly kind: 'run' } & CommonOptions)
  | (BackupCommand & CommonOptions)
  | ({ readonly kind: 'line-list'; readonly json: boolean } & CommonOptions)
  | ({ readonly kind: 'line-forget'; readonly line: string } & CommonOptions)
  | (LedgerCommand & CommonOptions)
  | ({ readonly kind: 'user-list'; readonly json: boolean } & CommonOptions)
  | ({
      readonly kind: 'user-add';
      readonly login: string;
      readonly role: Role;
      readonly secretFile: string | null;
    } & CommonOptions)
  | ({ readonly kind: 'user-remove'; readonly login: string } & CommonOptions)
  | ({
      readonly kind: 'user-password';
      readonly login: string;
      readonly secretFile: string | null;
    } & CommonOptions);

/** A login is typed on a tablet and shown in lists. */
const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;

/** @returns what the words on the command line ask for. */
export function parseCommand(args: readonly string[]): Command {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        role: { type: 'string' },
        'secret-file': { type: 'string' },
        to: { type: 'string' },
        keep: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true || (positionals[0] === 'help' && positionals.length === 1))
    return { kind: 'help' };
  const common = { config: values.config ?? null, data: values.data ?? null };
  const [command, action, login, epoch, ...rest] = positionals;
  const surplus = command === 'line' && action === 'accept-epoch' ? rest[0] : epoch;
  if (surplus !== undefined) return wrong(`unexpected word «${surplus}»`);
  if (command === undefined) return wrong('a command is missing');
  if (command === 'run') {
    return action === undefined ? { kind: 'run', ...common } : wrong(`unexpected word «${action}»`);
  }
  if (command === 'rebuild') {
    return action === undefined ? { kind: 'rebuild', ...common } : wrong(`unexpected word «${action}»`);
  }
  if (command === 'backup') {
    return action === undefined
      ? backupCommand(values.to, values.keep, common)
      : wrong(`unexpected word «${action}»: the folder is named with --to`);
  }
  if (command === 'restore') {
    if (action === undefined) return wrong('restore needs the folder of a backup');
    if (login !== undefined) return wrong(`unexpected word «${login}»`);
    return { kind: 'restore', from: action, ...common };
  }
  if (command === 'line' && action === 'accept-epoch') return acceptEpoch(login, epoch, common);
  if (command === 'line') return lineCommand(action, login, values.json === true, common);
  if (command !== 'user') return wrong(`unknown command «${command}»`);
  const secretFile = values['secret-file'] ?? null;
  if (action === 'list') {
    if (login !== undefined) return wrong(`unexpected word «${login}»`);
    return { kind: 'user-list', json: values.json === true, ...common };
  }
  if (action !== 'add' && action !== 'remove' && action !== 'password') {
    return wrong(`user takes add, list, remove or password, not «${action ?? ''}»`);
  }
  if (login === undefined || !LOGIN.test(login)) {
    return wrong(`user ${action} needs a login of letters, digits and . _ @ -, at most 64`);
  }
  if (action === 'remove') return { kind: 'user-remove', login, ...common };
  if (action === 'password') return { kind: 'user-password', login, secretFile, ...common };
  const role = ROLES.find((known) => known === values.role);
  if (role === undefined) return wrong(`user add needs --role, one of ${ROLES.join(', ')}`);
  return { kind: 'user-add', login, role, secretFile, ...common };
}

function backupCommand(to: string | undefined, keep: string | undefined, common: CommonOptions): Command {
  const count = keep === undefined ? null : /^\d{1,3}$/u.test(keep) ? Number(keep) : 0;
  if (count !== null && (count < 1 || count > NOTES_MAX)) {
    return wrong(`--keep takes how many backups stay, 1 to ${NOTES_MAX}, not «${keep}»`);
  }
  return { kind: 'backup', to: to ?? null, keep: count, ...common };
}

function lineCommand(
  action: string | undefined,
  line: string | undefined,
  json: boolean,
  common: CommonOptions,
): Command {
  if (action === 'list') {
    return line === undefined ? { kind: 'line-list', json, ...common } : wrong(`unexpected word «${line}»`);
  }
  if (action !== 'forget') return wrong(`line takes list, forget or accept-epoch, not «${action ?? ''}»`);
  if (line === undefined) return wrong('line forget needs a line');
  return { kind: 'line-forget', line, ...common };
}

const EPOCH = new RegExp(OPAQUE_ID_PATTERN, 'u');

function acceptEpoch(line: string | undefined, epoch: string | undefined, common: CommonOptions): Command {
  if (line === undefined || epoch === undefined) return wrong('line accept-epoch needs a line and an epoch');
  if (!EPOCH.test(epoch)) return wrong(`an epoch is 32 digits of 0-9 and a-f, not «${epoch}»`);
  return { kind: 'line-accept-epoch', line, epoch, ...common };
}

function wrong(message: string): Command {
  return { kind: 'wrong', message };
}
