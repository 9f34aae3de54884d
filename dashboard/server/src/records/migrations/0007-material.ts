import type { CreateTableBuilder, Kysely, SchemaModule } from 'kysely';

type Column = 'text' | 'bigint';

/** Columns of one table; a question mark: may be empty. */
interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column | `${Column}?`>>;
  readonly key: readonly string[];
  readonly indexes: readonly (readonly string[])[];
}

/** Lots, outputs, shipments, and the book of where every gram is: all of it follows from events about material. */
const SHAPES: readonly TableShape[] = [
  {
    name: 'partners',
    columns: {
      site: 'text',
      partner: 'text',
      role: 'text',
      name: 'text',
      siret: 'text?',
      accredited: 'bigint',
      points: 'text',
      communes: 'text',
      retired: 'bigint',
    },
    key: ['site', 'partner'],
    indexes: [],
  },
  {
    name: 'containers',
    columns: {
      site: 'text',
      container: 'text',
      kind: 'text',
      tareGrams: 'bigint',
      volumeLitres: 'bigint?',
      zone: 'text?',
      retired: 'bigint',
      weighedAt: 'bigint?',
    },
    key: ['site', 'container'],
    indexes: [],
  },
  {
    name: 'lots',
    columns: {
      site: 'text',
      lot: 'text',
      number: 'bigint',
      kind: 'text',
      at: 'bigint',
      day: 'text',
      collector: 'text?',
      skimming: 'text',
      legalStatus: 'text',
      condition: 'text',
      family: 'text',
      wasteCode: 'text',
      usualName: 'text',
      vehicle: 'text?',
      transporter: 'text?',
      allocation: 'text',
      points: 'text',
      communes: 'text',
      loads: 'text',
      zone: 'text?',
      receivedGrams: 'bigint?',
      refusedGrams: 'bigint',
      estimated: 'bigint',
      status: 'text',
      event: 'text',
      weightEvent: 'text?',
    },
    key: ['site', 'lot'],
    indexes: [
      ['site', 'number'],
      ['site', 'at', 'lot'],
      ['site', 'collector', 'at'],
    ],
  },
  {
    name: 'infeed',
    columns: {
      site: 'text',
      line: 'text',
      account: 'text',
      since: 'bigint',
    },
    key: ['site', 'line', 'account'],
    indexes: [],
  },
  {
    name: 'outputs',
    columns: {
      site: 'text',
      output: 'text',
      number: 'bigint',
      line: 'text',
      press: 'text?',
      outlet: 'text',
      unit: 'text',
      status: 'text',
      startedAt: 'bigint',
      day: 'text',
      weighedAt: 'bigint?',
      grossGrams: 'bigint?',
      packagingGrams: 'bigint?',
      netGrams: 'bigint?',
      weightHow: 'text?',
      pieces: 'bigint?',
      pairs: 'bigint?',
      unusual: 'bigint',
      damaged: 'bigint',
      code: 'text?',
      labels: 'bigint',
      zone: 'text?',
      shipment: 'text?',
      sheet: 'text?',
      startEvent: 'text',
      weightEvent: 'text?',
    },
    key: ['site', 'output'],
    indexes: [
      ['site', 'number'],
      ['site', 'code'],
      ['site', 'sheet'],
      ['site', 'status', 'zone'],
      ['site', 'shipment'],
      ['site', 'startedAt', 'output'],
      ['site', 'day'],
    ],
  },
  {
    name: 'shipments',
    columns: {
      site: 'text',
      shipment: 'text',
      number: 'bigint',
      partner: 'text',
      purpose: 'text',
      status: 'text',
      openedAt: 'bigint',
      day: 'text',
      dispatchedAt: 'bigint?',
      receivedAt: 'bigint?',
      transporter: 'text?',
      vehicle: 'text?',
      operation: 'text?',
      wasteCode: 'text?',
      annexVii: 'text?',
      clientGrams: 'bigint?',
      netGrams: 'bigint',
    },
    key: ['site', 'shipment'],
    indexes: [['site', 'openedAt', 'shipment']],
  },
  {
    name: 'shipment_outputs',
    columns: {
      site: 'text',
      shipment: 'text',
      output: 'text',
      checkGrams: 'bigint?',
      netGrams: 'bigint',
      state: 'text',
    },
    key: ['site', 'shipment', 'output'],
    indexes: [['site', 'output']],
  },
  {
    name: 'postings',
    columns: {
      site: 'text',
      event: 'text',
      n: 'bigint',
      at: 'bigint',
      day: 'text',
      type: 'text',
      fromAccount: 'text',
      toAccount: 'text',
      lot: 'text',
      grams: 'bigint',
    },
    key: ['site', 'event', 'n'],
    indexes: [
      ['site', 'toAccount', 'at'],
      ['site', 'fromAccount', 'at'],
      ['site', 'lot', 'toAccount'],
      ['site', 'day'],
    ],
  },
  {
    name: 'holdings',
    columns: {
      site: 'text',
      account: 'text',
      lot: 'text',
      grams: 'bigint',
    },
    key: ['site', 'account', 'lot'],
    indexes: [['site', 'lot']],
  },
  {
    name: 'journal',
    columns: {
      site: 'text',
      event: 'text',
      about: 'text',
      line: 'text',
      epoch: 'text',
      seq: 'bigint',
      at: 'bigint',
      day: 'text',
      recordedAt: 'bigint',
      type: 'text',
      corrects: 'text?',
      actorRef: 'text?',
    },
    key: ['site', 'event', 'about'],
    indexes: [['site', 'about', 'at']],
  },
  {
    name: 'weighing_claims',
    columns: {
      site: 'text',
      weighing: 'text',
      about: 'text',
      event: 'text',
    },
    key: ['site', 'weighing'],
    indexes: [],
  },
  {
    name: 'audits',
    columns: {
      site: 'text',
      event: 'text',
      at: 'bigint',
      day: 'text',
      line: 'text',
      outlet: 'text',
      sampledGrams: 'bigint',
      misplacedGrams: 'bigint',
    },
    key: ['site', 'event'],
    indexes: [['site', 'outlet', 'day']],
  },
  {
    name: 'shifts',
    columns: {
      site: 'text',
      shift: 'text',
      line: 'text',
      team: 'text',
      openedAt: 'bigint',
      closedAt: 'bigint?',
      posts: 'text',
    },
    key: ['site', 'shift'],
    indexes: [['site', 'openedAt']],
  },
  {
    name: 'campaigns',
    columns: {
      site: 'text',
      campaign: 'text',
      line: 'text',
      name: 'text',
      openedAt: 'bigint',
      closedAt: 'bigint?',
    },
    key: ['site', 'campaign'],
    indexes: [],
  },
  {
    name: 'closed_months',
    columns: {
      site: 'text',
      month: 'text',
      at: 'bigint',
      event: 'text',
    },
    key: ['site', 'month'],
    indexes: [],
  },
  {
    name: 'scale_log',
    columns: {
      site: 'text',
      event: 'text',
      at: 'bigint',
      scale: 'text',
      entry: 'text',
      onDay: 'text',
      due: 'text?',
      text: 'text',
    },
    key: ['site', 'event'],
    indexes: [['site', 'scale', 'at']],
  },
  {
    name: 'restarts',
    columns: {
      site: 'text',
      line: 'text',
      boot: 'text',
      startedAt: 'bigint?',
      unclean: 'bigint',
      lastAliveAt: 'bigint?',
      answeredAt: 'bigint?',
    },
    key: ['site', 'line', 'boot'],
    indexes: [],
  },
  {
    name: 'documents',
    columns: {
      site: 'text',
      event: 'text',
      about: 'text',
      sha256: 'text',
      name: 'text',
      media: 'text',
      bytes: 'bigint',
      kind: 'text',
      at: 'bigint',
    },
    key: ['site', 'event', 'sha256'],
    indexes: [['site', 'about']],
  },
  {
    name: 'document_files',
    columns: {
      sha256: 'text',
      media: 'text',
      bytes: 'bigint',
      storedAt: 'bigint',
    },
    key: ['sha256'],
    indexes: [],
  },
  {
    name: 'material_requests',
    columns: {
      idempotencyKey: 'text',
      bodyHash: 'text',
      attempt: 'bigint',
      answer: 'text?',
      at: 'bigint',
    },
    key: ['idempotencyKey'],
    indexes: [],
  },
];

export async function materialTables(database: Kysely<unknown>): Promise<void> {
  for (const shape of SHAPES) await createTable(database.schema, shape);
}

async function createTable(schema: SchemaModule, { name, columns, key, indexes }: TableShape): Promise<void> {
  let table: CreateTableBuilder<string, string> = schema.createTable(name);
  for (const [column, type] of Object.entries(columns)) {
    const mayBeEmpty = type.endsWith('?');
    table = table.addColumn(column, type.startsWith('text') ? 'text' : 'bigint', (built) =>
      mayBeEmpty ? built : built.notNull(),
    );
  }
  await table.addPrimaryKeyConstraint(`${name}_key`, [...key]).execute();
  for (const index of indexes) {
    await schema
      .createIndex(`${name}_by_${index.slice(1).join('_').toLowerCase()}`)
      .on(name)
      .columns([...index])
      .execute();
  }
}
