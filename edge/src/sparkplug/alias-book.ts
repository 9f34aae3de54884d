/**
 * The alias of every metric of this edge node. An alias names one metric for as long as the process lives,
 * through rebirths and changed definitions, and is never given to another.
 */
import { dataTypeOf, type DataType } from '@trame/protocol/sparkplug/data-type';
import type { TagType } from '@trame/protocol/tag';
import type { TagDefinition } from '../domain/reading.ts';

export interface AliasEntry {
  readonly alias: number;
  /** As the last birth announced it. */
  readonly type: DataType;
  readonly tagType: TagType;
}

export class AliasBook {
  readonly #devices = new Map<string, Map<string, AliasEntry>>();
  #nextAlias = 1;

  /** Notes what a birth announces. Bounded by the tags of the configuration. */
  announce(device: string, definition: TagDefinition): AliasEntry {
    const tags = this.#devices.get(device) ?? new Map<string, AliasEntry>();
    this.#devices.set(device, tags);
    const alias = tags.get(definition.name)?.alias ?? this.#nextAlias++;
    const entry = { alias, type: dataTypeOf(definition.type), tagType: definition.type };
    tags.set(definition.name, entry);
    return entry;
  }

  /** @returns null when no birth announced this tag. */
  of(device: string, tag: string): AliasEntry | null {
    return this.#devices.get(device)?.get(tag) ?? null;
  }
}
