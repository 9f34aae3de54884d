/** `sortProgrammes:` of dashboard.yaml: what is taken, and how what is not is told. */
import { expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';

it.each([1, 2])('takes %i accounts that have to agree', (approvals) => {
  expect(parseConfig(`sortProgrammes: { approvals: ${approvals} }`)).toEqual({
    kind: 'ok',
    config: { sortProgrammes: { approvals } },
  });
});

it.each(['3', '0', 'yes', '1.5'])('refuses %s, with what is expected', (approvals) => {
  expect(parseConfig(`sortProgrammes: { approvals: ${approvals} }`)).toMatchObject({
    kind: 'invalid',
    issues: [{ line: 1, path: 'sortProgrammes.approvals', message: expect.stringContaining('1 or 2') }],
  });
});
