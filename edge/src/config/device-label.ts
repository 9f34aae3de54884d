/** `label: Automate` of a device: what people call it. The birth tells it, so that a page shows it in the place of the id. */
import type { DeviceLabel } from '@trame/protocol/line-description';
import type { RolesConfig } from '../domain/line-config.ts';
import type { ConfigNode } from './config-node.ts';
import { text } from './scalar-readers.ts';

const LABEL_CHARACTERS_MAX = 40;
const label = text('a label', LABEL_CHARACTERS_MAX);

/** @returns null when the device has none; undefined when it is wrong. */
export function readDeviceLabel(node: ConfigNode): string | null | undefined {
  const at = node.peek('label');
  return at === null ? null : label(at);
}

/** @returns the roles with what people call these devices in their description. */
export function withDeviceLabels(roles: RolesConfig, devices: readonly DeviceLabel[]): RolesConfig {
  if (devices.length === 0) return roles;
  return { ...roles, description: { ...roles.description, devices: [...devices] } };
}
