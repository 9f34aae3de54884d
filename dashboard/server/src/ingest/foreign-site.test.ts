/** A line whose site was renamed, and two sites that claim one line. */
import { nodeTopic } from '@trame/protocol/sparkplug/topic';
import { describe, expect, it } from 'vitest';
import { knownLines, rememberLine } from '../records/line-repository.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { data, nodeBirth, nodeDeath } from '../testing/payloads.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { testIngester } from '../testing/test-ingester.ts';
import { LineSites } from '../ledger/line-sites.ts';
import { EMPTY_DESCRIPTION } from './line-description.ts';
import { FOREIGN_SITE_WARNING_MS } from './limits.ts';

const atMs = 1_700_000_000_000;
const birth = nodeBirth({ atMs, bdSeq: 1 });
const death = nodeDeath(atMs, 1);

function foreignWarnings({ warnings }: ReturnType<typeof testIngester>) {
  return warnings.filter(({ message }) => message.includes('another site'));
}

describe('a line that is born under another site', () => {
  it('is taken over while it is offline, with a warning that names both sites', () => {
    const made = testIngester();
    const { ingester, picture, described, rejections } = made;
    ingester.message(nodeTopic('NBIRTH', 'caux', 'tri-1'), birth, false);
    ingester.message(nodeTopic('NDEATH', 'caux', 'tri-1'), death, false);
    ingester.message(nodeTopic('NBIRTH', 'caux-vallee', 'tri-1'), birth, false);
    expect(picture.line('tri-1')).toMatchObject({ site: 'caux-vallee', state: 'online', devices: {} });
    expect(described).toEqual(['caux/tri-1', 'caux-vallee/tri-1']);
    expect(foreignWarnings(made)).toMatchObject([
      { fields: { line: 'tri-1', site: 'caux-vallee', before: 'caux' } },
    ]);
    expect(rejections).toEqual([]);
  });

  it('is asked for its birth when its data comes first', () => {
    const { ingester, picture, asked } = testIngester();
    picture.addLine('caux', 'tri-1', atMs, EMPTY_DESCRIPTION);
    ingester.expect('caux', 'tri-1');
    ingester.message(nodeTopic('NDATA', 'caux-vallee', 'tri-1'), data(atMs, 3, []), false);
    expect(asked).toEqual(['caux-vallee/tri-1']);
    expect(picture.line('tri-1')?.site).toBe('caux');
  });

  it('is refused while the line is online: counted each time, told once a minute', () => {
    const made = testIngester();
    const { ingester, picture, rejections, wait } = made;
    ingester.message(nodeTopic('NBIRTH', 'caux', 'tri-1'), birth, false);
    for (let count = 0; count < 5; count += 1) {
      ingester.message(nodeTopic('NBIRTH', 'elsewhere', 'tri-1'), birth, false);
    }
    expect(rejections).toEqual(Array.from({ length: 5 }, () => 'foreign-site'));
    expect(foreignWarnings(made)).toHaveLength(1);
    wait(FOREIGN_SITE_WARNING_MS);
    ingester.message(nodeTopic('NBIRTH', 'elsewhere', 'tri-1'), birth, false);
    expect(foreignWarnings(made)).toHaveLength(2);
    expect(picture.line('tri-1')).toMatchObject({ site: 'caux', state: 'online' });
  });

  it.each([
    ['the line has a ledger here', new LineSites(null, [{ site: 'caux', line: 'tri-1' }])],
    ['only one site is heard', new LineSites('caux', [])],
  ])('is refused, online or not, when %s', (_why, sites) => {
    const made = testIngester(sites);
    const { ingester, picture, rejections, warnings, asked } = made;
    ingester.message(nodeTopic('NDATA', 'elsewhere', 'tri-1'), data(atMs, 3, []), false);
    ingester.message(nodeTopic('NBIRTH', 'elsewhere', 'tri-1'), birth, false);
    expect([picture.line('tri-1'), asked, rejections]).toEqual([null, [], ['foreign-site', 'foreign-site']]);
    expect(warnings).toMatchObject([{ fields: { line: 'tri-1', site: 'elsewhere' } }]);
    ingester.message(nodeTopic('NBIRTH', 'caux', 'tri-1'), birth, false);
    ingester.message(nodeTopic('NDEATH', 'caux', 'tri-1'), death, false);
    ingester.message(nodeTopic('NBIRTH', 'elsewhere', 'tri-1'), birth, false);
    expect(picture.line('tri-1')).toMatchObject({ site: 'caux', state: 'offline' });
  });

  it('is remembered under its new site', async () => {
    using directory = tempDir();
    const records = await embeddedRecords(directory.path);
    await rememberLine(records, 'caux', 'tri-1', EMPTY_DESCRIPTION, 1);
    await rememberLine(records, 'caux-vallee', 'tri-1', EMPTY_DESCRIPTION, 2);
    expect(await knownLines(records)).toMatchObject([{ site: 'caux-vallee', line: 'tri-1', firstSeenAt: 1 }]);
    await records.destroy();
  });
});
