/** The ingester with its live picture and no broker: messages go in as bytes, everything it says is kept. */
import { Ingester } from '../ingest/ingester.ts';
import type { Rejection } from '../ingest/ingest-counter.ts';
import { LineSites } from '../ledger/line-sites.ts';
import { LivePicture } from '../live/picture.ts';
import type { Log } from '../ports/log.ts';
import { systemClock } from '../system/system-clock.ts';
import { Compositions } from '../tonnage/compositions.ts';

export interface TestIngester {
  readonly ingester: Ingester;
  readonly picture: LivePicture;
  readonly compositions: Compositions;
  readonly rejections: Rejection[];
  /** `site/line` of every rebirth request. */
  readonly asked: string[];
  /** `site/line` of every description handed on. */
  readonly described: string[];
  readonly warnings: { readonly fields: object; readonly message: string }[];
  /** Moves the monotonic clock. */
  readonly wait: (ms: number) => void;
}

const silent = () => undefined;

export function testIngester(sites = new LineSites(null, [])): TestIngester {
  const picture = new LivePicture();
  const compositions = new Compositions();
  const [rejections, asked, described, warnings]: [
    Rejection[],
    string[],
    string[],
    { fields: object; message: string }[],
  ] = [[], [], [], []];
  let monotonicMs = 1_000;
  const log: Log = {
    debug: silent,
    info: silent,
    warn: (fields, message) => void warnings.push({ fields, message }),
    error: silent,
  };
  const ingester = new Ingester(
    {
      picture,
      pictureChanged: silent,
      history: silent,
      isForeign: (site, line) => sites.isForeign({ site, line }),
      described: (site, line, description) => {
        described.push(`${site}/${line}`);
        compositions.describe(line, description);
      },
      askRebirth: (site, line) => void asked.push(`${site}/${line}`),
      rejected: (rejection) => void rejections.push(rejection),
      received: silent,
    },
    { ...systemClock, monotonicMs: () => monotonicMs },
    log,
  );
  const wait = (ms: number) => void (monotonicMs += ms);
  return { ingester, picture, compositions, rejections, asked, described, warnings, wait };
}
