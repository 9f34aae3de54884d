import { link } from '../mqtt/link.ts';
export const usesMqtt = link;
