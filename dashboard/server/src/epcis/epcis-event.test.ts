/** Every event about material as EPCIS tells it; against GS1's own schema where it lies beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { MATERIAL_EXAMPLES, EVENT } from '@trame/protocol/material/test-material';
import type { MaterialEvent, MaterialEventType } from '@trame/protocol/material/material-payloads';
import { movesOf } from '@trame/protocol/material/material-payloads';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { epcisDocument } from './epcis-document.ts';
import { epcisEvents } from './epcis-event.ts';
import type { BookedMove, ToldEvent } from './epcis-parts.ts';
import type { Naming } from './epcis-names.ts';
import { zoneOffsetOf } from './zone-offset.ts';

const AT = Date.UTC(2026, 6, 14, 9, 30);
const SSCC = '376130321109103420';
const SCHEMA = new URL('../../../../../shared/data/epcis/EPCIS-JSON-Schema.json', import.meta.url);

const paris = zoneOffsetOf('Europe/Paris');
const naming: Naming = { site: 'caux', ownDomain: 'https://trame.example', ssccOf: () => null };
const types = Object.keys(MATERIAL_EXAMPLES) as MaterialEventType[];

function told(type: MaterialEventType, over: Partial<ToldEvent> = {}): ToldEvent {
  const said = { type, payload: MATERIAL_EXAMPLES[type] } as MaterialEvent;
  const moves: BookedMove[] = movesOf(said).flatMap(({ from, to, shares }) =>
    (shares ?? [{ lot: 'L1', grams: 1_000 }]).map(({ lot, grams }) => ({
      fromAccount: from,
      toAccount: to,
      lot,
      grams,
    })),
  );
  return {
    id: EVENT,
    said,
    at: AT,
    recordedAt: AT + 1_000,
    moves,
    outlet: 'wipers',
    corrected: [],
    ...over,
  };
}

function document(events: readonly ToldEvent[], as: Naming = naming): ReturnType<typeof epcisDocument> {
  const list = events.flatMap((event) => epcisEvents(event, as, paris));
  return epcisDocument(list, { ownDomain: as.ownDomain, nowMs: AT, demo: true });
}

/** @returns null where GS1's schema does not lie beside the repository. */
function officialSchema(): ValidateFunction | null {
  if (!existsSync(SCHEMA)) return null;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
}

const official = officialSchema();
if (official === null) {
  process.stdout.write(
    `GS1's EPCIS schema is not at ${SCHEMA.pathname}: documents are not checked against it here.\n`,
  );
}

/** @returns what GS1's schema says against it; nothing where the schema is not. */
function faults(value: object): unknown {
  return official === null || official(value) ? [] : official.errors;
}

describe('an EPCIS document', () => {
  it.each(types)('of %s says what, when and why in the words of EPCIS', (type) => {
    const value = document([told(type)]);
    expect(faults(value)).toEqual([]);
    for (const event of value.epcisBody.eventList) {
      expect(event).toMatchObject({
        eventTime: '2026-07-14T09:30:00.000Z',
        recordTime: '2026-07-14T09:30:01.000Z',
        eventTimeZoneOffset: '+02:00',
        eventID: expect.stringMatching(/^https:\/\/trame\.example\/id\/caux\/event\//u) as string,
      });
    }
  });

  it('of a whole day is one document', () => {
    const value = document(types.map((type) => told(type)));
    expect(faults(value)).toEqual([]);
    expect(value.epcisBody.eventList.length).toBeGreaterThan(20);
  });

  it('is told wrong by the schema when it is, so the check is running', () => {
    if (official === null) return;
    const value = document([told('lot.received')]);
    const [event] = value.epcisBody.eventList;
    expect(official({ ...value, epcisBody: { eventList: [{ ...event, weightKg: 3 }] } })).toBe(false);
    expect(official({ ...value, epcisBody: { eventList: [{ ...event, action: 'TAKE' }] } })).toBe(false);
  });
});

describe('a reception', () => {
  it('adds so many kilograms of a lot, from its collector', () => {
    expect(epcisEvents(told('lot.received'), naming, paris)).toMatchObject([
      {
        type: 'ObjectEvent',
        action: 'ADD',
        bizStep: 'receiving',
        disposition: 'in_progress',
        quantityList: [{ epcClass: 'https://trame.example/id/caux/lot/L1', quantity: 200, uom: 'KGM' }],
        sourceList: [{ type: 'possessing_party', source: 'https://trame.example/id/caux/collector/emmaus' }],
        ilmd: { 'trame:skimming': 'original' },
      },
    ]);
  });

  it('whose weight is to come names the lot and no quantity', () => {
    const payload = { ...MATERIAL_EXAMPLES['lot.received'], loads: [], moves: [] };
    const said: MaterialEvent = { type: 'lot.received', payload };
    const value = document([told('lot.received', { said, moves: [] })]);
    expect(faults(value)).toEqual([]);
    expect(value.epcisBody.eventList[0]).not.toHaveProperty('quantityList');
  });
});

describe('a bale', () => {
  it('is sorted out of its lots, then commissioned, with its kilograms', () => {
    const [sorting, baling] = epcisEvents(told('output.weighed'), naming, paris);
    expect(sorting).toMatchObject({
      type: 'TransformationEvent',
      bizStep: 'https://trame.example/ns/bizStep/sorting',
      inputQuantityList: [
        { epcClass: 'https://trame.example/id/caux/lot/L1', quantity: 200, uom: 'KGM' },
        { epcClass: 'https://trame.example/id/caux/lot/L2', quantity: 48, uom: 'KGM' },
      ],
      outputQuantityList: [
        { epcClass: 'https://trame.example/id/caux/fraction/wipers', quantity: 248, uom: 'KGM' },
      ],
    });
    expect(baling).toMatchObject({
      bizStep: 'commissioning',
      disposition: 'active',
      outputEPCList: ['https://trame.example/id/caux/output/B1'],
      ilmd: { 'trame:netWeightKg': 248, 'trame:outlet': 'wipers' },
    });
  });

  it('has an address of GS1 only with an SSCC of the configured prefix', () => {
    const labelled: Naming = { ...naming, ssccOf: (output) => (output === 'B1' ? SSCC : null) };
    const value = document([told('shipment.loaded')], labelled);
    expect(faults(value)).toEqual([]);
    expect(value.epcisBody.eventList).toMatchObject([
      { action: 'ADD', bizStep: 'loading', childEPCs: [`https://id.gs1.org/00/${SSCC}`] },
    ]);
  });
});

describe('a correction', () => {
  it('declares the event before wrong and names the one that corrects it', () => {
    const corrected = told('lot.received', { id: 'f'.repeat(32) });
    const value = document([told('lot.weighed', { corrected: [corrected] })]);
    expect(faults(value)).toEqual([]);
    const [wrong, right] = value.epcisBody.eventList;
    expect(wrong).toMatchObject({
      eventID: `https://trame.example/id/caux/event/${'f'.repeat(32)}`,
      errorDeclaration: { reason: 'incorrect_data', correctiveEventIDs: [right?.['eventID']] },
    });
    expect(right).not.toHaveProperty('errorDeclaration');
  });

  it('that voids a bale says that it never was', () => {
    const corrected = told('output.weighed', { id: 'f'.repeat(32) });
    const value = document([told('output.voided', { corrected: [corrected] })]);
    expect(faults(value)).toEqual([]);
    expect(value.epcisBody.eventList).toHaveLength(2);
    for (const event of value.epcisBody.eventList) {
      expect(event).toMatchObject({ errorDeclaration: { reason: 'did_not_occur' } });
    }
  });
});

describe('the offset of the zone', () => {
  it('follows summer time', () => {
    expect([paris(Date.UTC(2026, 0, 1)), paris(AT), zoneOffsetOf('UTC')(AT)]).toEqual([
      '+01:00',
      '+02:00',
      '+00:00',
    ]);
    expect(zoneOffsetOf('America/Cayenne')(AT)).toBe('-03:00');
  });
});
