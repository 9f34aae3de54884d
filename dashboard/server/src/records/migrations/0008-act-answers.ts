import type { Kysely } from 'kysely';

/** What an act about material is answered with after a restart: where it was recorded, and what was decided. */
export async function actAnswers({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('commands').addColumn('epoch', 'text').execute();
  // Whoever asks again may be somebody else: then it is found by its key alone.
  await schema.createIndex('commands_by_key_alone').on('commands').column('idempotencyKey').execute();
  await schema.alterTable('material_requests').addColumn('decided', 'text').execute();
}
