/** How fibres are told apart in a drawing: colour and hatch together are each fibre's own. */
import { RECOGNISED_FIBRES, type RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import { outletLook, type OutletLook } from '../line/outlet-look.ts';

export function fibreLook(fibre: RecognisedFibre): OutletLook {
  return outletLook(RECOGNISED_FIBRES.indexOf(fibre));
}
