/** Acts about the line, its shifts, its scales, and the book itself. */
import * as parts from '@trame/protocol/material/act-parts';
import * as lineActs from '@trame/protocol/material/line-acts';
import * as lotActs from '@trame/protocol/material/lot-acts';
import { ExplainStopBody, SignShiftBody } from '@trame/protocol/stops/stop-events';
import { closeMonth } from '../closings/close-month.ts';
import { answerRestart } from '../line-work/answer-restart.ts';
import { auditOutlet } from '../line-work/audit-outlet.ts';
import { voidAudit } from '../audits/void-audit.ts';
import { emptyLine } from '../line-work/empty-line.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { unloadLine } from '../line-work/unload-line.ts';
import { attachDocument } from '../notes/attach-document.ts';
import { writeNote } from '../notes/write-note.ts';
import { closeCampaign } from '../shifts/close-campaign.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openCampaign } from '../shifts/open-campaign.ts';
import { openShift } from '../shifts/open-shift.ts';
import { signShift } from '../shifts/sign-shift.ts';
import { explainStop } from '../stops/explain-stop.ts';
import { decideScaleLog } from './act-scale-log.ts';
import { actsOf, HANDS, LEADS, type Act } from './act.ts';

const line = actsOf('lines');
const shift = actsOf('shifts');
const stop = actsOf('stops');
const book = actsOf('material');
const scale = actsOf('scales');

export const LINE_ACTS: readonly Act[] = [
  book(
    [201, '/moves', HANDS],
    'moveMass',
    'Material goes from one place to another',
    lineActs.MoveBody,
    moveMass,
  ),
  line(
    [200, '/lines/:line/load', HANDS],
    'loadLine',
    'Lots or containers go on the line',
    lineActs.LineLoadBody,
    loadLine,
  ),
  line(
    [200, '/lines/:line/unload', HANDS],
    'unloadLine',
    'What is at the infeed comes off again',
    lineActs.LineUnloadBody,
    unloadLine,
  ),
  line(
    [200, '/lines/:line/empty', LEADS],
    'emptyLine',
    'The belt or the tables are empty, or hold so much',
    lineActs.LineEmptyBody,
    emptyLine,
  ),
  line(
    [201, '/lines/:line/audits', LEADS],
    'auditOutlet',
    'A sample of an outlet was looked through',
    lineActs.AuditBody,
    auditOutlet,
  ),
  line(
    [200, '/audits/:audit/void', LEADS],
    'voidAudit',
    'Take an audit back that was noted wrongly',
    lineActs.VoidAuditBody,
    voidAudit,
  ),
  line(
    [200, '/lines/:line/restart', HANDS],
    'answerRestart',
    'Say what only people know after a power cut',
    lineActs.RestartBody,
    answerRestart,
  ),
  shift([201, '/shifts', LEADS], 'openShift', 'Open a shift', lineActs.ShiftBody, openShift),
  shift([200, '/shifts/:id/close', LEADS], 'closeShift', 'Close a shift', parts.CloseBody, closeShift),
  shift(
    [200, '/shifts/:id/sign', LEADS],
    'signShift',
    'Hand a line over, or take it over',
    SignShiftBody,
    signShift,
  ),
  stop(
    [200, '/stops/:id/explain', HANDS],
    'explainStop',
    'Fix why the line stopped',
    ExplainStopBody,
    explainStop,
  ),
  shift([201, '/campaigns', LEADS], 'openCampaign', 'Open a campaign', lineActs.CampaignBody, openCampaign),
  shift(
    [200, '/campaigns/:id/close', LEADS],
    'closeCampaign',
    'Close a campaign',
    parts.CloseBody,
    closeCampaign,
  ),
  book([201, '/closings', LEADS], 'closeMonth', 'Close a month', lineActs.ClosingBody, closeMonth),
  book([201, '/notes', HANDS], 'writeNote', 'Write a note', lineActs.NoteBody, writeNote),
  book(
    [201, '/attachments', HANDS],
    'attachDocument',
    'Say what a stored document is about',
    lotActs.AttachBody,
    attachDocument,
  ),
  scale(
    [201, '/scales/:id/log', LEADS],
    'logScale',
    'Write into the log book of a scale',
    lineActs.ScaleLogBody,
    decideScaleLog,
  ),
];
