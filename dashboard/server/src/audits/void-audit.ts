/** An audit that was noted wrongly is taken back with a reason; noted again, it counts as it was. */
import type { VoidAuditBody } from '@trame/protocol/material/line-acts';
import { recording, refused, type Decide } from '../material/decision.ts';

/** @param audit its event. One of a closed month stands: what was declared for that month rests on it. */
export const voidAudit: Decide<VoidAuditBody> = async ({ book, occurredAt }, body, audit) => {
  const found = await book.diary.audit(audit);
  if (found === undefined) {
    return refused('wrong-state', `«${audit}» is no audit`, { event: audit, state: 'no-audit' });
  }
  const already = await book.diary.correctedBy(audit);
  if (already !== null) {
    return refused('already-done', `the audit was taken back by «${already}»`, { event: audit, by: already });
  }
  if (await book.isMonthClosed(found.day)) {
    const month = found.day.slice(0, 7);
    return refused('month-closed', `${month} is closed: its audits stand`, { month });
  }
  const { line, outlet } = found;
  const payload = { line, outlet, corrects: audit, reason: body.reason };
  return recording(outlet, [{ type: 'audit.voided', occurredAt, payload }]);
};
