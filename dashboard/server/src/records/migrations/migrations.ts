/**
 * Steps of the records' shape, in order, one file each. A step that was shipped is never changed: another one
 * follows. Every step runs on both engines, so it uses what both have: text, integer, bigint, double precision.
 */
import type { Migration } from 'kysely/migration';
import { firstTables } from './0001-first-tables.ts';
import { ledgerTables } from './0002-ledger.ts';
import { operationTables } from './0003-operation.ts';
import { weighingOnce } from './0004-weighing-once.ts';
import { lineSites } from './0005-line-sites.ts';
import { countLives } from './0006-count-lives.ts';
import { materialTables } from './0007-material.ts';
import { actAnswers } from './0008-act-answers.ts';
import { siteTurns } from './0009-site-turns.ts';
import { materialLists } from './0010-material-lists.ts';
import { sortedByHand } from './0011-sorted-by-hand.ts';
import { outputCodes } from './0012-output-codes.ts';
import { lineControl } from './0013-line-control.ts';
import { alarmTables } from './0014-alarms.ts';
import { stopTables } from './0015-stops.ts';
import { alarmConditions } from './0016-alarm-conditions.ts';
import { rebuildDue } from './0017-rebuild-due.ts';
import { alarmsUp } from './0018-alarms-up.ts';
import { outputsMade } from './0019-outputs-made.ts';
import { sortProgrammes } from './0020-sort-programmes.ts';
import { auditTables } from './0022-audits.ts';
import { itemBatches } from './0021-item-batches.ts';
import { examinedAt } from './0023-examined-at.ts';
import { itemDays } from './0024-item-days.ts';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-tables': { up: firstTables },
  '0002-ledger': { up: ledgerTables },
  '0003-operation': { up: operationTables },
  '0004-weighing-once': { up: weighingOnce },
  '0005-line-sites': { up: lineSites },
  '0006-count-lives': { up: countLives },
  '0007-material': { up: materialTables },
  '0008-act-answers': { up: actAnswers },
  '0009-site-turns': { up: siteTurns },
  '0010-material-lists': { up: materialLists },
  '0011-sorted-by-hand': { up: sortedByHand },
  '0012-output-codes': { up: outputCodes },
  '0013-line-control': { up: lineControl },
  '0014-alarms': { up: alarmTables },
  '0015-stops': { up: stopTables },
  '0016-alarm-conditions': { up: alarmConditions },
  '0017-rebuild-due': { up: rebuildDue },
  '0018-alarms-up': { up: alarmsUp },
  '0019-outputs-made': { up: outputsMade },
  '0020-sort-programmes': { up: sortProgrammes },
  '0022-audits': { up: auditTables },
  '0021-item-batches': { up: itemBatches },
  '0023-examined-at': { up: examinedAt },
  '0024-item-days': { up: itemDays },
};
