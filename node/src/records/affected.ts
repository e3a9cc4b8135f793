import { toHex } from '@comity/digest';
import { delegatorsOf } from '@comity/identity';
import { headerOf } from '@comity/record';
import type { Sovereign } from '../sovereign.ts';

/** A key that is to end, and when. */
export interface EndingKey {
  /** Hexadecimal. */
  readonly kid: string;
  /** UTC seconds. */
  readonly fromSeconds: number;
}

export interface AffectedByKey {
  readonly kid: string;
  /** Records of this state that it has signed, or a key that it has certified. */
  readonly records: number;
  /** Those of them that are dated from its end on. */
  readonly since: number;
}

const PAGE_RECORDS = 1_000;

/** How many records of this state rest on each of these keys, and on those that a delegate among them has certified. */
export async function affectedBy(
  { self, store }: Pick<Sovereign, 'self' | 'store'>,
  endings: readonly EndingKey[],
): Promise<AffectedByKey[]> {
  const above = new Map<string, ReadonlySet<string>>();
  for (const certificate of self.certificates) {
    const kid = toHex(certificate.kid);
    const chain = [certificate, ...delegatorsOf(certificate)].map((each) => toHex(each.kid));
    above.set(kid, new Set([...(above.get(kid) ?? []), ...chain]));
  }
  const counts = endings.map(({ kid, fromSeconds }) => ({ kid, fromSeconds, records: 0, since: 0 }));
  let after: string | undefined;
  do {
    const page = await store.records('real').list({
      issuer: self.state,
      limit: PAGE_RECORDS,
      ...(after !== undefined && { after }),
    });
    for (const { bytes } of page.records) {
      const { kid, issuedAtSeconds } = headerOf(bytes);
      const name = toHex(kid);
      for (const count of counts) {
        if (count.kid !== name && above.get(name)?.has(count.kid) !== true) continue;
        count.records += 1;
        if (issuedAtSeconds >= count.fromSeconds) count.since += 1;
      }
    }
    after = page.next;
  } while (after !== undefined);
  return counts.map(({ kid, records, since }) => ({ kid, records, since }));
}
