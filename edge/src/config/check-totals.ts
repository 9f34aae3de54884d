/** What is counted must be a mass, and counted once. */
import { gramsPerUnit } from '@trame/protocol/unit';
import type { DeviceConfig, LineConfig } from '../domain/line-config.ts';
import type { ConfigNode } from './config-node.ts';
import { findTag } from './find-tag.ts';
import { MAX_OUTLETS } from './limits.ts';

/** Reports totals of `roles` without a unit of mass, and outlets that share one total. */
export function checkTotals(roles: ConfigNode, config: LineConfig): void {
  const input = config.roles.infeedScale?.total ?? null;
  const inputNode = roles.peek('infeedScale')?.peek('total') ?? null;
  if (input !== null && inputNode !== null) checkMass(inputNode, config.devices, input.device, input.tag);
  const firstPlaces = new Map<string, string>();
  const nodes = roles.peek('outlets')?.items('outlets', MAX_OUTLETS) ?? [];
  for (const [index, { device, total }] of config.roles.description.outlets.entries()) {
    const node = nodes[index]?.peek('total') ?? null;
    if (node === null || device === undefined || total === undefined) continue;
    checkMass(node, config.devices, device, total);
    const key = `${device}/${total}`;
    const first = firstPlaces.get(key);
    if (first === undefined) firstPlaces.set(key, node.place);
    else node.fail(`${key} is already the total of the outlet at ${first}: its kilograms would count twice`);
  }
}

function checkMass(node: ConfigNode, devices: readonly DeviceConfig[], device: string, tag: string): void {
  const unit = findTag(devices, device, tag)?.unit ?? null;
  if (unit !== null && gramsPerUnit(unit) !== null) return;
  const has = unit === null ? 'has no unit' : `is in ${unit}`;
  node.fail(`a total is a mass, but ${device}/${tag} ${has}: give the tag unit g, kg or t`);
}
