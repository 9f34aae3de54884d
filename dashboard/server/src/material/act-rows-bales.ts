/** Acts about outputs: bales, sacks, crates, skips, loose, pieces, pairs. */
import * as parts from '@trame/protocol/material/act-parts';
import * as baleActs from '@trame/protocol/material/bale-acts';
import { damageBale } from '../bales/damage-bale.ts';
import { examineBale } from '../bales/examine-bale.ts';
import { findBale } from '../bales/find-bale.ts';
import { labelBale } from '../bales/label-bale.ts';
import { logBale } from '../bales/log-bale.ts';
import { loseBale } from '../bales/lose-bale.ts';
import { openBale } from '../bales/open-bale.ts';
import { placeBale } from '../bales/place-bale.ts';
import { pressBale } from '../bales/press-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { repressBales } from '../bales/repress-bales.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { actsOf, HANDS, type Act } from './act.ts';

const bale = actsOf('bales');

export const BALE_ACTS: readonly Act[] = [
  bale([201, '/bales', HANDS], 'logBale', 'Log an output', baleActs.BaleBody, logBale),
  bale(
    [200, '/bales/:id/press', HANDS],
    'pressBale',
    'An output is out of its press',
    baleActs.BalePressBody,
    pressBale,
  ),
  bale(
    [200, '/bales/:id/weigh', HANDS],
    'weighBale',
    'Weigh an output: first, again, or set right',
    baleActs.BaleWeighBody,
    weighBale,
  ),
  bale(
    [200, '/bales/:id/label', HANDS],
    'labelBale',
    'Print a label, or bind a pre-printed one',
    baleActs.BaleLabelBody,
    labelBale,
  ),
  bale(
    [200, '/bales/:id/place', HANDS],
    'placeBale',
    'Put an output into a zone',
    parts.PlaceBody,
    placeBale,
  ),
  bale(
    [200, '/bales/:id/reclassify', HANDS],
    'reclassifyBale',
    'An output is of another outlet',
    baleActs.BaleReclassifyBody,
    reclassifyBale,
  ),
  bale(
    [200, '/bales/:id/open', HANDS],
    'openBale',
    'Open an output and put it back',
    baleActs.BaleOpenBody,
    openBale,
  ),
  bale([200, '/bales/:id/void', HANDS], 'voidBale', 'An output never was', parts.ReasonBody, voidBale),
  bale(
    [200, '/bales/:id/damage', HANDS],
    'damageBale',
    'An output is damaged',
    baleActs.BaleDamageBody,
    damageBale,
  ),
  bale(
    [200, '/bales/:id/examine', HANDS],
    'examineBale',
    'Say the moisture or the condition of an output',
    baleActs.BaleExamineBody,
    examineBale,
  ),
  bale([200, '/bales/:id/missing', HANDS], 'loseBale', 'An output is missing', parts.ReasonBody, loseBale),
  bale([200, '/bales/:id/found', HANDS], 'findBale', 'It is found again', baleActs.BaleFoundBody, findBale),
  bale(
    [201, '/bales/repress', HANDS],
    'repressBales',
    'Press outputs again into one',
    baleActs.RepressBody,
    repressBales,
  ),
];
