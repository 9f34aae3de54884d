import {
  DataType,
  LocalizedText,
  NodeId,
  QualifiedName,
  StatusCodes,
  Variant,
  VariantArrayType,
} from 'node-opcua';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tagTypeOfDataType, valueOfVariant } from './read-variant.ts';

/** As the library makes it. */
function scalar(dataType: DataType, value: unknown): Variant {
  return new Variant({ dataType, arrayType: VariantArrayType.Scalar, value });
}

test.each([
  [DataType.String, 'lin', 'lin'],
  [DataType.LocalizedText, new LocalizedText({ text: 'marche', locale: 'fr' }), 'marche'],
  [DataType.QualifiedName, new QualifiedName({ name: 'Speed', namespaceIndex: 2 }), 'Speed'],
  [DataType.StatusCode, StatusCodes.BadNodeIdUnknown, 'BadNodeIdUnknown'],
  [DataType.NodeId, new NodeId(NodeId.NodeIdType.NUMERIC, 85, 0), 'ns=0;i=85'],
  [DataType.Guid, '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'],
])('data type %i becomes text', (dataType, value, text) => {
  expect(valueOfVariant(scalar(dataType, value))).toBe(text);
});

test.each([
  ['nothing', new Variant({ dataType: DataType.Null })],
  ['a byte string', new Variant({ dataType: DataType.ByteString, value: Buffer.from('x') })],
  ['an array', new Variant({ dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: [1] })],
  ['an empty text', new Variant({ dataType: DataType.String, value: null })],
])('%s is no value', (_what, variant) => {
  expect(valueOfVariant(variant)).toBeNull();
});

test('every 64-bit integer keeps all its digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bits) => {
      const words = [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
      expect(valueOfVariant(scalar(DataType.UInt64, words))).toBe(bits);
      expect(valueOfVariant(scalar(DataType.Int64, words))).toBe(BigInt.asIntN(64, bits));
    }),
  );
});

test('the type that the server tells and the type of its values agree', () => {
  for (const dataType of [
    DataType.Boolean,
    DataType.SByte,
    DataType.UInt32,
    DataType.Float,
    DataType.DateTime,
  ]) {
    expect(tagTypeOfDataType(dataType)).not.toBeNull();
  }
  expect(tagTypeOfDataType(DataType.ByteString)).toBeNull();
  expect(tagTypeOfDataType(DataType.ExtensionObject)).toBeNull();
  expect(tagTypeOfDataType(DataType.Variant)).toBeNull();
});
