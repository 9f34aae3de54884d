import { Type } from 'typebox';
import { Errors } from 'typebox/value';
import type { PanelRequest, PlcDesk } from './plc-desk.ts';

/** The panel of a line that has one, for the control API. */
export interface PanelApi {
  readonly view: () => unknown;
  readonly change: (json: unknown) => { readonly status: number; readonly body: unknown };
}

const schema = Type.Object(
  {
    remote: Type.Optional(Type.Boolean()),
    press: Type.Optional(Type.Literal('enable')),
    restarts: Type.Optional(Type.Boolean()),
    reset: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);

/** Reads what somebody does at the panel, and has it done. */
export function panelApi(desk: PlcDesk): PanelApi {
  return {
    view: () => desk.panel(),
    change(json) {
      const error = Errors(schema, json)[0];
      if (error !== undefined) {
        const place = error.instancePath === '' ? '/' : error.instancePath;
        return {
          status: 400,
          body: { error: `${place}: ${error.message}; known: remote, press, restarts, reset` },
        };
      }
      const refusal = desk.changePanel(json as PanelRequest);
      if (refusal !== null)
        return { status: 409, body: { error: `the PLC refuses: ${refusal}`, code: refusal } };
      return { status: 200, body: desk.panel() };
    },
  };
}
