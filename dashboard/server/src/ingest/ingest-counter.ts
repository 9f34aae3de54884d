/** Everything that arrives and is not taken is counted under one of these names. */
export const REJECTIONS = [
  /** Not a Sparkplug topic, or one that a host does not read. */
  'topic',
  /** Bytes that are not a Sparkplug payload. */
  'payload',
  /** A retained birth or data message: the specification forbids it, and its values are old. */
  'retained',
  /** A site, line, device or metric name that cannot be used. */
  'name',
  /** More lines than are taken. */
  'too-many-lines',
  'too-many-devices',
  'too-many-metrics',
  /** A line of that name belongs to another site, or this server hears one site only. */
  'foreign-site',
  /** Data of a line or device that has not been born. */
  'before-birth',
  /** An alias or name that the birth did not declare. */
  'unknown-metric',
  /** A type that cannot be shown (arrays, data sets, templates). */
  'type',
  /** NaN, infinity, or bytes that do not fit the declared type. */
  'not-a-value',
  'text-too-long',
  /** A stamp that cannot be true; the time of arrival was taken. */
  'stamp',
  /** A message that must carry a sequence number and does not. */
  'no-sequence',
  /** Messages given up because an earlier one never came. */
  'sequence-gap',
  /** A death certificate of an earlier session. */
  'old-death',
  'line-description',
  /** An MQTT packet past the bound of the embedded broker; its client was cut off. */
  'packet-too-large',
  /** A message on which the server itself failed; its log says how. */
  'failure',
] as const;
export type Rejection = (typeof REJECTIONS)[number];
