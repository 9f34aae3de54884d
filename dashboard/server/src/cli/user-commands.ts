/** `trame-dashboard user …`: works beside a running server, on the same records. */
import { readFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { newSecret } from '../access/first-accounts.ts';
import { hashSecret, SALT_BYTES } from '../access/secret-hash.ts';
import { addUsers, changeSecret, listUsers, removeUser } from '../access/user-repository.ts';
import { openRecords, type Records } from '../records/open-records.ts';
import type { RecordsPlace } from '../records/records-config.ts';
import type { CliContext, ExitCode } from './cli-context.ts';
import type { Command } from './parse-command.ts';

export type UserCommand = Extract<Command, { kind: `user-${string}` }>;

/** Short enough to type, long enough that guessing through the sign-in throttle is hopeless. */
const SECRET_LENGTH_MIN = 8;
const SECRET_LENGTH_MAX = 256;

export async function runUserCommand(
  command: UserCommand,
  place: RecordsPlace,
  context: CliContext,
): Promise<ExitCode> {
  mkdirSync(place.dataDir, { recursive: true, mode: 0o750 });
  const records = await openRecords(place);
  try {
    return await perform(command, records, context);
  } finally {
    await records.destroy();
  }
}

async function perform(command: UserCommand, records: Records, context: CliContext): Promise<ExitCode> {
  switch (command.kind) {
    case 'user-list':
      return list(records, command.json, context);
    case 'user-remove': {
      if (await removeUser(records, command.login)) return 0;
      context.err(`There is no account «${command.login}»`);
      return 1;
    }
    case 'user-add':
    case 'user-password':
      return giveSecret(command, records, context);
  }
}

async function list(records: Records, json: boolean, context: CliContext): Promise<ExitCode> {
  const users = await listUsers(records);
  if (json) {
    context.out(JSON.stringify(users.map((user) => ({ ...user, demo: user.demo === 1 }))));
    return 0;
  }
  for (const { login, role, demo } of users) context.out(`${login}\t${role}${demo === 1 ? '\tdemo' : ''}`);
  return 0;
}

async function giveSecret(
  command: Extract<UserCommand, { kind: 'user-add' | 'user-password' }>,
  records: Records,
  context: CliContext,
): Promise<ExitCode> {
  const { login, secretFile } = command;
  const given =
    secretFile === null
      ? null
      : readFileSync(resolve(context.cwd, secretFile), 'utf8').replace(/\r?\n$/u, '');
  if (given !== null && (given.length < SECRET_LENGTH_MIN || given.length > SECRET_LENGTH_MAX)) {
    context.err(`The secret must have ${SECRET_LENGTH_MIN} to ${SECRET_LENGTH_MAX} characters`);
    return 1;
  }
  const secret = given ?? newSecret(context.entropy);
  const secretHash = await hashSecret(secret, context.entropy.bytes(SALT_BYTES));
  const done =
    command.kind === 'user-add'
      ? await addUsers(
          records,
          [{ login, role: command.role, secretHash, demo: false }],
          context.clock.nowMs(),
        )
      : await changeSecret(records, login, secretHash);
  if (!done) {
    context.err(
      command.kind === 'user-add'
        ? `There is an account «${login}» already`
        : `There is no account «${login}»`,
    );
    return 1;
  }
  if (given === null) context.out(`${login}: ${secret}`);
  return 0;
}
