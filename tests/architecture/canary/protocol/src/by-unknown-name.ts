export { nothing } from '@trame/edge/no-such-file';
