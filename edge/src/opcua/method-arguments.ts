/** What a method is called with. */
import type { TagValue } from '@trame/protocol/tag';
import { rawToWrite, shown } from '../domain/write-value.ts';
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { MethodArgument } from './node-access.ts';
import { toVariant, writableType, type VariantToWrite } from './write-variant.ts';

type Arguments =
  | { readonly kind: 'inputs'; readonly inputs: readonly VariantToWrite[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Each value in the type that the method declares for it; what does not fit is refused in words. */
export function toArguments(
  method: string,
  declared: readonly MethodArgument[],
  args: readonly TagValue[],
): Arguments {
  if (declared.length !== args.length) {
    return refused(WRITE_WORDS.argumentCount(method, declared.length, args.length));
  }
  const given: VariantToWrite[] = [];
  for (const [index, value] of args.entries()) {
    const { name = '', dataType = null, isScalar = false } = declared[index] ?? {};
    const type = dataType === null || !isScalar ? null : writableType(dataType);
    if (dataType === null || type === null) {
      return refused(WRITE_WORDS.argument(method, name, WRITE_WORDS.unwritableArgument()));
    }
    const converted = rawToWrite(value, type, { scale: 1, offset: 0, range: null });
    if (converted.kind === 'refused') return refused(WRITE_WORDS.argument(method, name, converted.reason));
    const variant = toVariant(converted.raw, dataType);
    if (variant === null) {
      return refused(WRITE_WORDS.argument(method, name, WRITE_WORDS.doesNotFit(shown(value), type)));
    }
    given.push(variant);
  }
  return { kind: 'inputs', inputs: given };
}

function refused(reason: string): Arguments {
  return { kind: 'refused', reason };
}
