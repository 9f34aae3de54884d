/** What a scale shows must be a mass, and its numbers must be numbers as they stand in the register. */
import { gramsPerUnit } from '@trame/protocol/unit';
import type { LineConfig } from '../domain/line-config.ts';
import type { ConfigNode } from './config-node.ts';
import { findTag } from './find-tag.ts';
import { MAX_SCALES } from './limits.ts';

const MASSES = ['gross', 'tare', 'alibiWeight', 'total'] as const;
const NUMBERS = ['alibi', 'weighings'] as const;

/** Reports tags of `roles.scales` without a unit of mass, and numbers that are scaled. */
export function checkScales(roles: ConfigNode, { roles: { scales }, devices }: LineConfig): void {
  const nodes = roles.peek('scales')?.items('scales', MAX_SCALES) ?? [];
  for (const [index, scale] of scales.entries()) {
    for (const key of MASSES) {
      const tag = scale[key] === null ? null : findTag(devices, scale.device, scale[key]);
      if (tag === null || (tag.unit !== null && gramsPerUnit(tag.unit) !== null)) continue;
      const has = tag.unit === null ? 'has no unit' : `is in ${tag.unit}`;
      const node = nodes[index]?.peek(key);
      node?.fail(`${key} is a mass, but ${scale.device}/${tag.name} ${has}: give the tag unit g, kg or t`);
    }
    for (const key of NUMBERS) {
      const tag = scale[key] === null ? null : findTag(devices, scale.device, scale[key]);
      if (tag === null || (tag.scale === 1 && tag.offset === 0)) continue;
      const node = nodes[index]?.peek(key);
      node?.fail(
        `${key} is a number as it stands in the register, but ${scale.device}/${tag.name} is scaled`,
      );
    }
  }
}
