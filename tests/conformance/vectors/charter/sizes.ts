// Charters at the limits of cbor.md 1.3: 65536 bytes, and 4096 items of a payload.

import type { Entries } from '../cbor-text.ts';
import { category, categorySet, identifiers, level, named, scheme } from '../label/forms.ts';
import { charterWith, contact, countItems, signedAs } from './forms.ts';

/** A scheme with sets of at most 128 values, each of this name. */
function crowded(count: number, name: string): Entries {
  const sets = identifiers('set', Math.ceil(count / 128)).map((id, index) =>
    categorySet(
      id,
      'informative',
      identifiers('v', Math.min(128, count - index * 128)).map((value) => category(value, name)),
    ),
  );
  return scheme('crowded', [level('open', 0)], sets, named('A crowded scheme'));
}

/** A charter of Arcadia that has exactly so many bytes, padded with names of categories and addresses of contacts. */
export function charterOfBytes(length: number): { readonly payload: Entries; readonly message: Buffer } {
  const withAddresses = (...lengths: readonly number[]): Entries =>
    charterWith(
      ['scheme', crowded(128, '水'.repeat(160))],
      ['contacts', lengths.map((each, index) => contact(`role-${index + 1}`, 'a'.repeat(each)))],
    );
  // Each address has 24 to 255 characters, so that none changes the length of a head.
  const count = 16;
  const shortest = signedAs('charter', withAddresses(...Array.from({ length: count }, () => 24)));
  let missing = length - shortest.length;
  const lengths = Array.from({ length: count }, () => {
    const more = Math.min(231, missing);
    missing -= more;
    return 24 + more;
  });
  const payload = withAddresses(...lengths);
  const message = signedAs('charter', payload);
  if (message.length !== length)
    throw new RangeError(`a charter of ${message.length} bytes, not of ${length}`);
  return { payload, message };
}

/** A charter of Arcadia whose payload has exactly so many items: categories of 7 each, and legal profiles of one. */
export function charterOfItems(count: number): { readonly payload: Entries; readonly message: Buffer } {
  const withProfiles = (profiles: number, categories: number): Entries =>
    charterWith(['scheme', crowded(categories, 'n')], ['legal', identifiers('profile', profiles)]);
  for (let categories = Math.floor(count / 8); categories <= 32 * 128; categories += 1) {
    const missing = count - countItems(withProfiles(0, categories));
    if (missing < 0 || missing > 32) continue;
    const payload = withProfiles(missing, categories);
    return { payload, message: signedAs('charter', payload) };
  }
  throw new RangeError('no charter has so many items');
}
