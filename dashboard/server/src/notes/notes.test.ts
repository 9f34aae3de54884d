import { describe, expect, it } from 'vitest';
import { declareNeighbours, loose, received } from '../lots/test-deliveries.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { delivery } from '../lots/test-deliveries.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { attachDocument } from './attach-document.ts';
import { writeNote } from './write-note.ts';

const PHOTO = {
  sha256: 'ab'.repeat(32),
  name: 'lot.jpg',
  media: 'image/jpeg',
  bytes: 1_000,
  kind: 'photo',
} as const;

async function siteWithLot() {
  const site = await materialSite();
  await declareNeighbours(site);
  await received(site, { loads: [loose(1_000)] });
  return site;
}

describe('a note', () => {
  it('is about a thing that there is, or about nothing in particular', async () => {
    await using site = await siteWithLot();
    for (const about of ['lot:L1', 'container:C-1', 'zone:stock', 'line:tri-1', 'bin:tri-1/creme', null]) {
      expect((await site.act(writeNote, { about, text: ' humide ' })).drafts[0]?.payload).toEqual({
        about,
        text: 'humide',
      });
    }
  });

  it.each(['lot:L9', 'shipment:E9', 'zone:attic', 'L1', 'output:B9', 'press:x'])(
    'is not about %s',
    async (about) => {
      await using site = await siteWithLot();
      expect((await site.refusal(writeNote, { about, text: 'x' })).code).toBe('unknown-account');
    },
  );

  it('says something', async () => {
    await using site = await siteWithLot();
    expect((await site.refusal(writeNote, { text: ' \n' })).code).toBe('nothing-there');
  });
});

describe('a document', () => {
  it('is attached once its bytes lie here', async () => {
    await using site = await siteWithLot();
    const about = { about: 'lot:L1', attachment: PHOTO };
    expect(await site.refusal(attachDocument, about)).toEqual({
      code: 'unknown-document',
      params: { sha256: PHOTO.sha256, name: 'lot.jpg' },
    });
    const { sha256, media, bytes } = PHOTO;
    await site.records.insertInto('document_files').values({ sha256, media, bytes, storedAt: 1 }).execute();
    expect((await site.act(attachDocument, about)).id).toBe(sha256);
    await site.act(receiveLot, delivery({ attachments: [PHOTO] }));
    const documents = await site.records.selectFrom('documents').select('about').orderBy('about').execute();
    expect(documents).toEqual([{ about: 'lot:L1' }, { about: 'lot:L2' }]);
    expect((await site.refusal(attachDocument, { ...about, about: 'lot:L9' })).code).toBe('unknown-account');
  });
});
