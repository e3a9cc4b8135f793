import { encodeWith } from '@comity/cbor';
import { equalBytes } from '@comity/digest';
import { type ClassificationScheme, schemeShape } from '@comity/label';

/**
 * Whether two schemes that differ go by one id. Labels name their scheme by its id, so a state that gave its scheme the
 * id of another state's could have its labels read by the other's ranks. States may share one scheme, word for word.
 */
export function schemesConflict(a: ClassificationScheme, b: ClassificationScheme): boolean {
  return a.id === b.id && !equalBytes(encodeWith(schemeShape, a), encodeWith(schemeShape, b));
}
