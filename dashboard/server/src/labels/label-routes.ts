/** Labels over HTTP: of one output, a roll of pre-printed ones, and the sheets for hours without a computer. */
import { Problem } from '@trame/protocol/dashboard-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { baleRow, findBale } from '../bales/bale-repository.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS } from '../material/material-reads.ts';
import { pressOf, type Reference } from '../material/reference.ts';
import type { Records } from '../records/open-records.ts';
import { baleLabelFacts } from './bale-label-facts.ts';
import { MAX_SHEET_OUTLETS, type SheetOutlet } from './paper-sheet.ts';
import { patternOf, pictogramOf } from './pictograms.ts';
import { rollOf } from './preprinted-label.ts';
import { labelFormat, renderLabel, type LabelFormat, type RenderedLabel } from './render-label.ts';
import { renderRoll, renderSheets } from './render-pages.ts';

export interface LabelRouteOptions {
  readonly records: Records;
  readonly reference: () => Promise<Reference | null>;
  readonly nowMs: () => number;
  readonly timeZone: string;
}

/** Drawing pages takes the time of everybody: so many in one answer. */
const ROLL_LABELS_MAX = 200;
const SHEETS_MAX = 20;
const SERIAL_MAX = 9_999_999_999;

const Drawn = Type.Unsafe<string | Buffer>(Type.String());

export function addLabelRoutes(app: TypedApp, options: LabelRouteOptions): void {
  for (const suffix of [null, 'svg', 'pdf', 'zpl'] as const) addBaleLabel(app, options, suffix);
  for (const format of ['pdf', 'zpl'] as const) addRoll(app, options, format);
  addSheets(app, options);
}

function addBaleLabel(app: TypedApp, options: LabelRouteOptions, suffix: LabelFormat | null): void {
  app.get(
    suffix === null ? '/bales/:bale/label' : `/bales/:bale/label.${suffix}`,
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: suffix === null ? 'readLabel' : `readLabelAs${suffix.toUpperCase()}`,
        summary: 'The label of an output',
        description:
          'SVG, PDF or ZPL II, by the suffix of the address, else by `Accept`. To look at or to print from a browser: ' +
          'that a label was printed is told by `POST` to the same address.',
        tags: ['bales'],
        params: Type.Object({ bale: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: Drawn, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const format = labelFormat(suffix, request.headers.accept);
      if (format === null) throw new RequestProblem('not-acceptable');
      const reference = await known(options);
      const row = await findBale(options.records, reference.site, request.params.bale);
      if (row === undefined) throw new RequestProblem('unknown-output');
      const facts = baleLabelFacts({
        bale: baleRow(row),
        reference,
        siteName: reference.site,
        lineName: reference.lines.length > 1 ? row.line : null,
        timeZone: options.timeZone,
        reprint: row.labels > 1,
      });
      return sendDrawn(reply, await renderLabel(facts, format));
    },
  );
}

function addRoll(app: TypedApp, options: LabelRouteOptions, format: 'pdf' | 'zpl'): void {
  app.get(
    `/labels/roll.${format}`,
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: `readRollAs${format.toUpperCase()}`,
        summary: 'Pre-printed labels without a weight, to be bound to outputs by scanning them',
        description:
          'Serial numbers follow one another from `first`; which were printed before is for whoever prints to know. ' +
          'They bear the last extension digit before the one that outputs begin with, so that both stay apart.',
        tags: ['bales'],
        querystring: Type.Object(
          {
            first: Type.Integer({ minimum: 1, maximum: SERIAL_MAX }),
            count: Type.Integer({ minimum: 1, maximum: ROLL_LABELS_MAX }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Drawn, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { site, gs1, ownDomain, demo } = await known(options);
      const own = gs1 === null ? null : { prefix: gs1.prefix, extension: (gs1.extension + 9) % 10 };
      const roll = rollOf({ firstSerial: query.first, count: query.count, gs1: own, ownDomain });
      if (roll.kind === 'exhausted') {
        const detail = `From ${query.first} the prefix has numbers for ${roll.left} more labels.`;
        throw new RequestProblem('too-much-at-once', { detail, params: { left: roll.left } });
      }
      const look = { siteName: site, demo, prefixIsDemo: gs1?.demo ?? false };
      return sendDrawn(reply, await renderRoll(roll.labels, look, format, options.nowMs()));
    },
  );
}

function addSheets(app: TypedApp, options: LabelRouteOptions): void {
  app.get(
    '/labels/sheets.pdf',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readSheets',
        summary: 'Numbered sheets to log outputs on paper',
        description: 'A4. Each row has a number, which is told when it is entered afterwards.',
        tags: ['bales'],
        querystring: Type.Object(
          {
            first: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
            count: Type.Optional(Type.Integer({ minimum: 1, maximum: SHEETS_MAX })),
            press: Type.Optional(Type.String({ pattern: ID_PATTERN })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Drawn, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const reference = await known(options);
      const press = query.press === undefined ? null : pressOf(reference, query.press);
      if (press === undefined) throw new RequestProblem('unknown-press');
      const outlets = sheetOutlets(reference, press?.outlets ?? null);
      if (outlets.length === 0) throw new RequestProblem('unknown-outlet');
      const { first: firstSheet, count: sheets = 1 } = query;
      const { site: siteName, demo } = reference;
      const asked = { siteName, pressName: press?.label ?? null, outlets, firstSheet, sheets, demo };
      return sendDrawn(reply, await renderSheets(asked, options.nowMs()));
    },
  );
}

/** Those open at the press, as many as a sheet has room for: others are written by hand. */
function sheetOutlets({ outlets }: Reference, open: readonly string[] | null): SheetOutlet[] {
  return outlets
    .map(({ id, label, pictogram }, index) => ({
      id,
      name: label,
      pictogram: pictogramOf(pictogram, null),
      pattern: patternOf(index),
    }))
    .filter(({ id }) => open === null || open.includes(id))
    .slice(0, MAX_SHEET_OUTLETS);
}

async function known({ reference }: LabelRouteOptions): Promise<Reference> {
  const found = await reference();
  if (found === null) throw new RequestProblem('no-book-keeper');
  return found;
}

function sendDrawn(reply: FastifyReply, { contentType, body }: RenderedLabel): FastifyReply {
  return reply.headers({ 'content-type': contentType, 'cache-control': 'no-store' }).send(body);
}
