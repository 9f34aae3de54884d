/** Metric and property names that the specification or this product fixes. */
export const BD_SEQ_METRIC = 'bdSeq';
/** Sparkplug B 3.0 §6.4.22: a host asks for a new birth by writing true to it. Never aliased. */
export const REBIRTH_METRIC = 'Node Control/Rebirth';
/** Property with the Sparkplug quality code. */
export const QUALITY_PROPERTY = 'Quality';
/** Property with Trame's exact quality, `bad:refused`. */
export const QUALITY_DETAIL_PROPERTY = 'trameQuality';
/** Property with the unit as a UCUM code. */
export const UNIT_PROPERTY = 'engUnit';
