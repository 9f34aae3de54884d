/** Every address that reads material. */
import { addAuditRoutes } from '../audits/audit-routes.ts';
import { addBalanceRoutes } from '../balance/balance-routes.ts';
import { addBaleRoutes } from '../bales/bale-routes.ts';
import { addProposalRoutes } from '../bales/proposal-routes.ts';
import { addCompositionRoutes, type CompositionRouteOptions } from '../classification/composition-routes.ts';
import { addContainerRoutes } from '../containers/container-routes.ts';
import { addGenealogyRoutes } from '../genealogy/genealogy-routes.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { addLotClassRoutes } from '../lot-class/lot-class-routes.ts';
import { addLotRoutes } from '../lots/lot-routes.ts';
import { addPartnerRoutes } from '../partners/partner-routes.ts';
import { addShipmentRoutes } from '../shipments/shipment-routes.ts';
import { addDocumentListRoutes } from '../notes/document-list-routes.ts';
import { addNoteListRoutes } from '../notes/note-list-routes.ts';
import { addScaleRoutes } from '../scales/scale-routes.ts';
import { addRestartRoutes } from '../shifts/restart-routes.ts';
import { addShiftRoutes } from '../shifts/shift-routes.ts';
import { addStockRoutes } from '../stock/stock-routes.ts';

export function addMaterialReadRoutes(app: TypedApp, options: CompositionRouteOptions): void {
  addLotRoutes(app, options);
  addLotClassRoutes(app, options);
  addContainerRoutes(app, options);
  addPartnerRoutes(app, options);
  addBaleRoutes(app, options);
  addProposalRoutes(app, options);
  addCompositionRoutes(app, options);
  addShipmentRoutes(app, options);
  addGenealogyRoutes(app, options);
  addBalanceRoutes(app, options);
  addAuditRoutes(app, options);
  addStockRoutes(app, options);
  addShiftRoutes(app, options);
  addRestartRoutes(app, options);
  addScaleRoutes(app, options);
  addDocumentListRoutes(app, options);
  addNoteListRoutes(app, options);
}
