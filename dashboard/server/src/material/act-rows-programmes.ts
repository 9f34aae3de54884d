/** Acts about sort programmes. */
import { SaveProgrammeBody, StepProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import { saveProgramme } from '../sort-programmes/save-programme.ts';
import { activateProgramme, withdrawProgramme } from '../sort-programmes/step-programme.ts';
import { actsOf, LEADS, type Act } from './act.ts';

const programme = actsOf('sort-programmes');

export const PROGRAMME_ACTS: readonly Act[] = [
  programme(
    [201, '/sort-programmes', LEADS],
    'saveSortProgramme',
    'Save a sort programme, or its next version',
    SaveProgrammeBody,
    saveProgramme,
  ),
  programme(
    [200, '/sort-programmes/:id/activate', LEADS],
    'activateSortProgramme',
    'Ask that a line follows a version, or agree to it',
    StepProgrammeBody,
    activateProgramme,
  ),
  programme(
    [200, '/sort-programmes/:id/withdraw', LEADS],
    'withdrawSortProgramme',
    'Withdraw what waits for another account',
    StepProgrammeBody,
    withdrawProgramme,
  ),
];
