export { decode } from './decode.ts';
export { diagnose } from './diagnose.ts';
export { encode } from './encode.ts';
export { type CborLimits, DEFAULT_LIMITS, DEPTH_CEILING } from './limits.ts';
export { type CborKey, type CborValue, REDACTED, Tagged, type TagNumber } from './model.ts';
export { lazy, type UnionCase, union, variant } from './shape/choice.ts';
export { array, type DictionaryOptions, dictionary, tuple } from './shape/collections.ts';
export {
  type DocumentOf,
  document,
  type Field,
  field,
  type OptionalField,
  optionalField,
  type UnknownEntries,
} from './shape/document.ts';
export { anyValue, bool, int, type Literal, literal, nothing, oneOf, uint } from './shape/scalars.ts';
export { decodeWith, defineShape, encodeWith, type Infer, refuseShape, type Shape } from './shape/shape.ts';
export { type ByteCount, bytes, type TextOptions, text } from './shape/strings.ts';
