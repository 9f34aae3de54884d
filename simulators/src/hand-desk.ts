/** What the control API offers of the hands of a line: what stands where, and what they can be asked to do. */
import { Type, type Static, type TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { dispatch, putOnLine, putOnScale, sendAway, takeOff, type Done } from './hand/hand-acts.ts';
import type { HandPlant } from './hand/hand-state.ts';

const name = Type.String({ minLength: 1, maxLength: 40 });
const nameOnly = Type.Object({ what: name }, { additionalProperties: false });

/** Requests by the last part of their path, with their bodies. */
const handActs = {
  lead: Type.Object(
    { forMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }) },
    { additionalProperties: false },
  ),
  'put-on-scale': Type.Object({ what: name, scale: Type.Optional(name) }, { additionalProperties: false }),
  'take-off': Type.Object(
    {
      scale: Type.Optional(name),
      to: Type.Optional(Type.Union([Type.Literal('in'), Type.Literal('truck')])),
    },
    { additionalProperties: false },
  ),
  'put-on-line': Type.Object(
    { what: name, table: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) },
    { additionalProperties: false },
  ),
  'send-away': nameOnly,
  dispatch: nameOnly,
} as const satisfies Record<string, TSchema>;
export type HandAct = keyof typeof handActs;

/** Whoever asks for something leads for at least so long, in wall-clock ms: the hands wait for what comes next. */
const leadAfterActMs = 120_000;

export interface HandAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface HandDesk {
  readonly view: () => unknown;
  /** @param json the body as it came. */
  readonly act: (does: HandAct, json: unknown) => HandAnswer;
}

export function isHandAct(text: string): text is HandAct {
  return Object.hasOwn(handActs, text);
}

/** The hands of an automatic line are seen, and take no requests: its scales weigh what passes. */
export function automaticHand(view: () => unknown): HandDesk {
  const error = 'the people of an automatic line act by themselves';
  return { view, act: () => ({ status: 409, body: { code: 'not-led', error } }) };
}

export interface LedHand {
  readonly plant: HandPlant;
  readonly view: () => unknown;
  /** The end of the time for which somebody leads, monotonic ms; it never moves back but by `lead`. */
  readonly lead: { untilMs: number };
  readonly monotonicMs: () => number;
  /** Saves what was done. False when the disk refuses. */
  readonly commit: () => boolean;
}

function carryOut(plant: HandPlant, does: Exclude<HandAct, 'lead'>, json: unknown): Done {
  switch (does) {
    case 'put-on-scale': {
      const { what, scale } = json as Static<(typeof handActs)['put-on-scale']>;
      return putOnScale(plant, what, scale ?? null);
    }
    case 'take-off': {
      const { scale, to } = json as Static<(typeof handActs)['take-off']>;
      return takeOff(plant, scale ?? null, to ?? 'in');
    }
    case 'put-on-line': {
      const { what, table } = json as Static<(typeof handActs)['put-on-line']>;
      return putOnLine(plant, what, table ?? null);
    }
    case 'send-away':
      return sendAway(plant, (json as Static<typeof nameOnly>).what);
    case 'dispatch':
      return dispatch(plant, (json as Static<typeof nameOnly>).what);
  }
}

/** The hands of a hand line: what they are asked is done between two steps, and saved before it is answered. */
export function ledHand(led: LedHand): HandDesk {
  const { plant, lead, view } = led;
  const act = (does: HandAct, json: unknown): HandAnswer => {
    const wrong = Errors(handActs[does], json)[0];
    if (wrong !== undefined) {
      const place = wrong.instancePath === '' ? '/' : wrong.instancePath;
      return { status: 400, body: { error: `${place}: ${wrong.message}` } };
    }
    const nowMs = led.monotonicMs();
    if (does === 'lead') {
      lead.untilMs = nowMs + (json as Static<(typeof handActs)['lead']>).forMs;
      return { status: 200, body: view() };
    }
    const result = carryOut(plant, does, json);
    if (result.kind === 'refused') {
      return { status: 409, body: { code: result.code, error: result.error } };
    }
    lead.untilMs = Math.max(lead.untilMs, nowMs + leadAfterActMs);
    if (!led.commit())
      return { status: 503, body: { code: 'not-saved', error: 'the plant cannot be saved' } };
    return { status: 200, body: view() };
  };
  return { view, act };
}
