import { toHex } from '@comity/digest';
import { type Anchor, type NotificationReport, type RecordReport, verifyDossier } from '@comity/dossier';
import { isStateId } from '@comity/label';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** dossier.md §10. */
export const dossierOperations: Operations = {
  'dossier.verify': (input) => {
    const report = verifyDossier(input.hex('dossier'), {
      anchors: anchorsIn(input),
      atSeconds: input.seconds('atSeconds'),
      federation: input.optionalText('federation'),
    });
    return {
      verdict: report.verdict,
      federation: report.federation,
      documents: report.documents.map(withoutCause),
      known: withoutCause(report.known),
      records: report.records.map(recordAsJson),
      notifications: report.notifications.map(notificationAsJson),
    };
  },
};

/** 32 bytes are the id of a state, anything else is a charter. */
function anchorsIn(input: Input): readonly Anchor[] {
  return input.hexes('anchors').map((bytes) => {
    const id = toHex(bytes);
    return isStateId(id) ? id : bytes;
  });
}

function recordAsJson(report: RecordReport): Json {
  const { id, verdict, steps, header, view, logged, cosignatures, retractedBy, supersededBy } = report;
  return {
    ...{ id, verdict, retractedBy, supersededBy },
    steps: steps.map(withoutCause),
    cosignatures: cosignatures.map(({ state, atSeconds }) => ({ state, timeSeconds: atSeconds })),
    ...(header !== undefined && {
      issuer: header.issuer,
      subject: header.subject,
      issuedAtSeconds: header.issuedAtSeconds,
      ...(header.exercise !== undefined && { exercise: header.exercise }),
      ...(header.expiresAtSeconds !== undefined && { expiresAtSeconds: header.expiresAtSeconds }),
    }),
    ...(view !== undefined && { disclosed: view.disclosed.size, undisclosed: view.withheldCount }),
    ...(logged !== undefined && { index: logged.index, size: logged.size }),
  };
}

function notificationAsJson(report: NotificationReport): Json {
  const { sender, recipient, verdict, steps, released, receivedAtSeconds } = report;
  return {
    ...{ sender, recipient, verdict },
    steps: steps.map(withoutCause),
    ...(released !== undefined && {
      recordId: released.recordId,
      digests: released.digests,
      told: released.told,
      timeSeconds: released.atSeconds,
      mode: released.mode,
      purpose: released.purpose,
    }),
    ...(receivedAtSeconds !== undefined && { receivedAtSeconds }),
  };
}

/** Which rule of another chapter was found broken first is open; the code of the step is not. */
function withoutCause(report: object): Json {
  return Object.fromEntries(Object.entries(report).filter(([name]) => name !== 'cause')) as Json;
}
