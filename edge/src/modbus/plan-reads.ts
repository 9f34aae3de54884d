/** From tags to as few requests as a device allows. */
import type { ModbusLimits, ModbusRegister, ModbusTag } from '../domain/line-config.ts';
import { isBitRegister, wordsOf } from '../domain/modbus-width.ts';

/** «MODBUS Application Protocol» 1.1b3 §6.1: coils or discrete inputs in one answer. */
const MAX_BITS = 2000;
const BITS_PER_WORD = 16;

/** Addresses that one value takes, and the tags that are read from them (several bits of one register). */
export interface ReadBlock {
  readonly address: number;
  /** Registers, or 1 for a coil or discrete input. */
  readonly width: number;
  readonly tags: readonly ModbusTag[];
}

/** One read: `count` addresses of one table from `address` on. Blocks are in order of address. */
export interface ReadRequest {
  readonly register: ModbusRegister;
  readonly address: number;
  readonly count: number;
  readonly blocks: readonly ReadBlock[];
}

/**
 * Tags that lie near each other are read together: no request is longer than `maxWords` (16 times as many
 * bits, at most 2000), none reads more than `maxGap` unused registers in a row, none cuts a value in two.
 */
export function planReads(
  tags: readonly ModbusTag[],
  limits: Pick<ModbusLimits, 'maxWords' | 'maxGap'>,
): ReadRequest[] {
  const requests: ReadRequest[] = [];
  for (const register of new Set(tags.map((tag) => tag.register))) {
    const isBits = isBitRegister(register);
    const maxCount = isBits ? Math.min(limits.maxWords * BITS_PER_WORD, MAX_BITS) : limits.maxWords;
    const maxGap = isBits ? limits.maxGap * BITS_PER_WORD : limits.maxGap;
    let open: ReadBlock[] = [];
    for (const block of blocksOf(tags.filter((tag) => tag.register === register))) {
      const first = open[0]?.address ?? block.address;
      const end = endOf(open);
      const fits = Math.max(end, block.address + block.width) - first <= maxCount;
      if (open.length > 0 && fits && block.address - end <= maxGap) {
        open.push(block);
        continue;
      }
      if (open.length > 0) requests.push(requestOf(register, open));
      open = [block];
    }
    requests.push(requestOf(register, open));
  }
  return requests;
}

/**
 * Two requests in place of one that the device refused: cut where it reads the most unused addresses, which
 * are the likeliest to be illegal, else in the middle.
 * @returns null when it holds a single block.
 */
export function splitRequest(request: ReadRequest): readonly [ReadRequest, ReadRequest] | null {
  const { blocks, register } = request;
  if (blocks.length < 2) return null;
  let cut = Math.floor(blocks.length / 2);
  let widest = 0;
  blocks.forEach((block, index) => {
    if (index === 0) return;
    const gap = block.address - endOf(blocks.slice(0, index));
    if (gap <= widest) return;
    widest = gap;
    cut = index;
  });
  return [requestOf(register, blocks.slice(0, cut)), requestOf(register, blocks.slice(cut))];
}

/** @returns every tag that a request reads. */
export function tagsOf(request: ReadRequest): readonly ModbusTag[] {
  return request.blocks.flatMap((block) => block.tags);
}

function blocksOf(tags: readonly ModbusTag[]): ReadBlock[] {
  const blocks = new Map<string, { address: number; width: number; tags: ModbusTag[] }>();
  for (const tag of tags) {
    const width = wordsOf(tag);
    const key = `${tag.address}+${width}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, { address: tag.address, width, tags: [tag] });
    else block.tags.push(tag);
  }
  return [...blocks.values()].sort((a, b) => a.address - b.address || a.width - b.width);
}

/** First address after all blocks. */
function endOf(blocks: readonly ReadBlock[]): number {
  return blocks.reduce((end, block) => Math.max(end, block.address + block.width), 0);
}

function requestOf(register: ModbusRegister, blocks: readonly ReadBlock[]): ReadRequest {
  const [first] = blocks;
  if (first === undefined) throw new Error('a Modbus request reads nothing');
  return { register, address: first.address, count: endOf(blocks) - first.address, blocks };
}
