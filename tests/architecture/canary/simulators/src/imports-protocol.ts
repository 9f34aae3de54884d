import { tag } from '@trame/protocol/tag';
export const importsProtocol = tag;
