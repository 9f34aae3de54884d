import type { PartnerBody } from '@trame/protocol/material/lot-acts';
import { describe, expect, it } from 'vitest';
import { materialSite } from '../testing/test-material-site.ts';
import { declarePartner } from './declare-partner.ts';

const EMMAUS: PartnerBody = {
  partner: 'emmaus',
  role: 'collector',
  name: 'Emmaüs',
  siret: '12345678901234',
  accredited: true,
  points: [{ point: 'P1', name: 'Mairie' }],
  communes: [
    { insee: '76217', name: 'Dieppe', permille: 700 },
    { insee: '2A004', permille: 300 },
  ],
};

describe('a partner', () => {
  it('is declared, and declared again it keeps what is left out', async () => {
    await using site = await materialSite();
    expect((await site.act(declarePartner, EMMAUS)).id).toBe('emmaus');
    await site.act(declarePartner, { partner: 'emmaus', role: 'collector', name: 'Emmaüs 76' });
    expect(await site.book.partner('emmaus')).toMatchObject({
      name: 'Emmaüs 76',
      siret: '12345678901234',
      accredited: 1,
      retired: 0,
    });
    await site.act(declarePartner, { ...EMMAUS, siret: null, accredited: false, points: [], retired: true });
    expect(await site.book.partner('emmaus')).toMatchObject({
      siret: null,
      accredited: 0,
      points: '[]',
      retired: 1,
    });
  });

  it('has each commune once, by its name, in a thousand parts', async () => {
    await using site = await materialSite();
    await site.act(declarePartner, EMMAUS);
    const communes = [
      { insee: '76217', permille: 400 },
      { insee: '76217', permille: 600 },
    ];
    await site.act(declarePartner, { ...EMMAUS, communes });
    expect(JSON.parse((await site.book.partner('emmaus'))?.communes ?? '')).toEqual([
      { insee: '76217', name: 'Dieppe', permille: 1_000 },
    ]);
    expect(
      await site.refusal(declarePartner, { ...EMMAUS, communes: [{ insee: '76217', permille: 999 }] }),
    ).toEqual({ code: 'communes-not-whole', params: { permille: 999 } });
  });

  it('is not called like whoever is not known, and has no point twice', async () => {
    await using site = await materialSite();
    expect((await site.refusal(declarePartner, { ...EMMAUS, partner: 'unknown' })).code).toBe(
      'already-exists',
    );
    const points = [
      { point: 'P1', name: 'Mairie' },
      { point: 'P1', name: 'École' },
    ];
    expect(await site.refusal(declarePartner, { ...EMMAUS, points })).toEqual({
      code: 'already-exists',
      params: { point: 'P1' },
    });
  });
});
