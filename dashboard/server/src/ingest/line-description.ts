import { LINE_DESCRIPTION_METRIC, LineDescription } from '@trame/protocol/line-description';
import { valueOf, type InPayload } from '@trame/protocol/sparkplug/payload';
import { Value } from 'typebox/value';

export type DescriptionReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'described'; readonly description: LineDescription };

export const EMPTY_DESCRIPTION: LineDescription = { stations: [], outlets: [] };

/** @returns what a node birth says its line is made of; a line of plain tags says nothing. */
export function readDescription(payload: InPayload): DescriptionReading {
  const metric = payload.metrics.find(({ name }) => name === LINE_DESCRIPTION_METRIC);
  if (metric === undefined) return { kind: 'absent' };
  const text = valueOf(metric);
  return typeof text === 'string' ? parseDescription(text) : { kind: 'invalid' };
}

/** @returns a description kept or received as JSON. */
export function parseDescription(text: string): DescriptionReading {
  try {
    const parsed: unknown = JSON.parse(text);
    return Value.Check(LineDescription, parsed)
      ? { kind: 'described', description: parsed }
      : { kind: 'invalid' };
  } catch {
    return { kind: 'invalid' };
  }
}
