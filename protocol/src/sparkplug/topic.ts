/** Sparkplug B 3.0 §4: topic namespace. */

const NAMESPACE = 'spBv1.0';

export const NODE_MESSAGES = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'] as const;
export const DEVICE_MESSAGES = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const;
export type NodeMessage = (typeof NODE_MESSAGES)[number];
export type DeviceMessage = (typeof DEVICE_MESSAGES)[number];

export type SparkplugTopic =
  | { readonly kind: 'node'; readonly message: NodeMessage; readonly group: string; readonly node: string }
  | {
      readonly kind: 'device';
      readonly message: DeviceMessage;
      readonly group: string;
      readonly node: string;
      readonly device: string;
    }
  | { readonly kind: 'state'; readonly host: string };

export function nodeTopic(message: NodeMessage, group: string, node: string): string {
  return `${NAMESPACE}/${group}/${message}/${node}`;
}

export function deviceTopic(message: DeviceMessage, group: string, node: string, device: string): string {
  return `${NAMESPACE}/${group}/${message}/${node}/${device}`;
}

export function stateTopic(host: string): string {
  return `${NAMESPACE}/STATE/${host}`;
}

/** Everything that a host application listens to. */
export const HOST_SUBSCRIPTION = `${NAMESPACE}/#`;

/** @returns the parts of a Sparkplug topic, or null when it is not one. */
export function parseTopic(topic: string): SparkplugTopic | null {
  const parts = topic.split('/');
  if (parts.some((part) => part === '')) return null;
  const [namespace, group, message, node, device, ...rest] = parts;
  if (namespace !== NAMESPACE || rest.length > 0 || group === undefined || message === undefined) return null;
  if (group === 'STATE') return node === undefined ? { kind: 'state', host: message } : null;
  if (node === undefined) return null;
  if (isOneOf(NODE_MESSAGES, message))
    return device === undefined ? { kind: 'node', message, group, node } : null;
  if (!isOneOf(DEVICE_MESSAGES, message) || device === undefined) return null;
  return { kind: 'device', message, group, node, device };
}

function isOneOf<T extends string>(names: readonly T[], text: string): text is T {
  return names.some((name) => name === text);
}
