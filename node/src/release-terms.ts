import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { factOf, type View } from '@comity/record';

/** Which record, and whose, a request or a grant is about. */
export interface Terms {
  readonly record: string;
  readonly parts: 'all' | readonly string[];
  readonly thirdParty: StateId;
}

/** What a request or a grant says about which record; undefined where any of it is withheld. */
export function termsIn(view: View): Terms | undefined {
  const record = wordIn(view, 'record');
  const parts = factOf(view, 'parts', (value) => value as unknown as Terms['parts']);
  const thirdParty = wordIn(view, 'thirdParty');
  if (record === undefined || thirdParty === undefined || parts.status !== 'known') return undefined;
  return { record, parts: parts.value, thirdParty: thirdParty as StateId };
}

export function wordIn(view: View, field: string): string | undefined {
  const fact = factOf(view, field, (value) => value);
  return fact.status === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
}

/** @throws Fault record.no-such-part */
export function digestsOf(view: View, paths: readonly string[]): string[] {
  return paths.map((path) => {
    const part = view.parts.find(({ pathText }) => pathText === path);
    if (part === undefined)
      throw new Fault('record.no-such-part', `the record has no part ${path}`, { fields: { part: path } });
    return part.digest;
  });
}
