import { Fault } from '@comity/fault';
import type { Label } from '@comity/label';
import { type FieldPath, type View, writeContent } from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import type { Sovereign } from '../sovereign.ts';
import { findRecord } from './find-record.ts';
import { draftLabel } from './retract.ts';

/**
 * The draft of a record that supersedes one of this state, as it would be written by hand: the same words under the same labels,
 * for its author to change. Nothing is signed.
 *
 * @param id of the record, or its first digits
 * @throws Fault record.not-found, record.not-own, record.unknown-type
 */
export async function draftOf(sovereign: Sovereign, id: string): Promise<Record<string, unknown>> {
  const { self, peers } = sovereign;
  const { view } = await findRecord(sovereign, id);
  const { header } = view;
  if (header.issuer !== self.state) {
    throw new Fault('record.not-own', 'only the issuer may amend a record', {
      fields: { record: header.id },
    });
  }
  const content = writeContent(view, (state) =>
    state === self.state ? self.charter.code : peers.codeOf(state),
  );
  if (content === undefined) {
    const message = `a record of the type ${header.type} cannot be written here`;
    throw new Fault('record.unknown-type', message, { fields: { type: header.type } });
  }
  const overall = view.parts.find(({ pathText }) => pathText === 'overall')?.label ?? header.label;
  const envelope = overrideOf(sovereign, overall, header.label);
  const labels = labelsOf(sovereign, view, overall);
  const { exercise, retracts, expiresAtSeconds } = header;
  return {
    type: header.type,
    subject: header.subjectId,
    supersedes: [header.id],
    ...(retracts !== undefined && { retracts }),
    ...(exercise !== undefined && { exercise }),
    ...(expiresAtSeconds !== undefined && { expiresAt: formatTime(expiresAtSeconds) }),
    label: draftLabel(sovereign, overall),
    ...(envelope !== undefined && { envelope }),
    ...(Object.keys(labels).length > 0 && { labels }),
    content,
  };
}

/** By path what a part has another label in than what it stands in. */
function labelsOf(sovereign: Sovereign, view: View, overall: Label): Record<string, unknown> {
  const ofPath = new Map(view.parts.map(({ pathText, label }) => [pathText, label]));
  const labels: Record<string, unknown> = {};
  for (const { path, pathText, label } of view.parts) {
    if (pathText === 'overall') continue;
    const around = path.length === 1 ? overall : (ofPath.get(String(path[0])) ?? overall);
    const override = overrideOf(sovereign, around, label);
    if (override !== undefined) labels[writtenPath(view, path, pathText)] = override;
  }
  return labels;
}

/** Elements are counted as the draft has them: without decoys, which stand among them in the record. */
function writtenPath(view: View, [field, position, ...more]: FieldPath, pathText: string): string {
  if (typeof position !== 'number' || more.length > 0) return pathText;
  const before = view.parts.filter(({ path }) => path[0] === field && Number(path[1]) < position);
  return `${String(field)}[${before.length}]`;
}

/** What has to be written to make one label of another: what it has besides, and null for what it has not. */
function overrideOf(sovereign: Sovereign, from: Label, to: Label): Record<string, unknown> | undefined {
  const [before, after] = [draftLabel(sovereign, from), draftLabel(sovereign, to)];
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
  );
  const dropped = Object.keys(before).filter((key) => !(key in after));
  const override = Object.fromEntries([...changed, ...dropped.map((key) => [key, null] as const)]);
  return Object.keys(override).length === 0 ? undefined : override;
}
