import { measureStatus } from '@comity/registry';
import type { z } from 'zod';
import type { measureEntry } from '../operations/measure.ts';
import { formatTime, timeOrNull } from '../operations/shapes.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';

type Measure = z.input<typeof measureEntry>;

/**
 * The emergency measures that are held here, of whatever state, with what has become of them by a time (record-types.md §29): those
 * that end first come first, and those that have ended last. Those of exercises are not among them.
 *
 * @param atSeconds UTC seconds
 */
export async function listMeasures(sovereign: Sovereign, atSeconds: number): Promise<Measure[]> {
  const { registry } = sovereign;
  const measures = (await registry.views(await registry.idsOfType('measure'))).filter(
    ({ header }) => header.issuedAtSeconds <= atSeconds,
  );
  const listed: { readonly entry: Measure; readonly isOver: boolean; readonly endsAtSeconds: number }[] = [];
  for (const measure of measures) {
    const { id, subject, issuer } = measure.header;
    const others = await registry.about(`record ${id}`);
    const status = measureStatus({ measure, others }, atSeconds);
    listed.push({
      isOver: status.status !== 'active' && status.status !== 'proclaimed',
      endsAtSeconds: status.expiresAtSeconds ?? Number.POSITIVE_INFINITY,
      entry: {
        ...{ id, subject, issuer: codeOrId(sovereign, issuer), status: status.status },
        title: titleText(measure),
        since: formatTime(status.sinceSeconds),
        expiresAt: timeOrNull(status.expiresAtSeconds),
        reviewBy: timeOrNull(status.reviewBySeconds),
        reviewOverdue: status.reviewOverdue,
        reviews: status.reviews.map(({ id, issuer, issuedAtSeconds }) => ({
          ...{ id, issuer: codeOrId(sovereign, issuer), at: formatTime(issuedAtSeconds) },
        })),
        ...{ renewedBy: [...status.renewedBy], unknown: [...status.unknown] },
      },
    });
  }
  return listed
    .sort((a, b) => Number(a.isOver) - Number(b.isOver) || a.endsAtSeconds - b.endsAtSeconds)
    .map(({ entry }) => entry);
}
