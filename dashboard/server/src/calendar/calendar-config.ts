/** `calendar:` of dashboard.yaml: when the line is open. */
import { Type, type Static } from 'typebox';

/** Up to 24:00; one that ends before it begins ends on the next day. */
const HOURS = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/u;

/** @returns whether these are hours such as `08:00-12:00`. */
export function isHours(text: string): boolean {
  return HOURS.test(text);
}

/** Their form is checked with words of its own. */
const Hours = Type.String({ maxLength: 40 });
const Ranges = Type.Array(Hours, { maxItems: 12 });

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const CalendarSettings = Type.Object(
  {
    /** Of each weekday; a day that is not named is closed. */
    open: Type.Object(
      {
        monday: Type.Optional(Ranges),
        tuesday: Type.Optional(Ranges),
        wednesday: Type.Optional(Ranges),
        thursday: Type.Optional(Ranges),
        friday: Type.Optional(Ranges),
        saturday: Type.Optional(Ranges),
        sunday: Type.Optional(Ranges),
      },
      { additionalProperties: false },
    ),
    /** Days `YYYY-MM-DD` on which it is closed all the same. */
    closed: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 2_000 }),
    ),
    /** Of every open day, within its hours. */
    breaks: Type.Optional(Ranges),
  },
  { additionalProperties: false },
);
export type CalendarSettings = Static<typeof CalendarSettings>;
