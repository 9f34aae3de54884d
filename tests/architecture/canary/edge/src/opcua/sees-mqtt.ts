import { link } from '../mqtt/link.ts';
export const seesMqtt = link;
