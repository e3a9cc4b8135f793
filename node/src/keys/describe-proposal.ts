import { keyThumbprint } from '@comity/cose';
import { toHex } from '@comity/digest';
import { fingerprint, type KeyCertificate, type KeyState, type VerifiedStateCard } from '@comity/identity';
import { formatTime } from '../operations/shapes.ts';
import { fingerprintForms } from '../peers/fingerprint-forms.ts';
import { levelsInOrder } from '../peers/recognition-terms.ts';
import type { KeyProposal, Proposal, RecognitionProposal } from './proposal.ts';

/** So many digits of a key id are shown: enough to tell the keys of a state apart, few enough to be read out. */
const SHOWN_DIGITS = 16;

export function shortKey(kid: Uint8Array): string {
  return toHex(kid).slice(0, SHOWN_DIGITS);
}

/** What a proposal says and changes, in lines for the people who are to sign it. Texts of it are escaped by the caller. */
export function describeProposal(proposal: Proposal): string[] {
  return proposal.action === 'recognise' ? describeRecognition(proposal) : describeKeys(proposal);
}

/** Whom, up to which level, and which levels of one are treated as which of the other. */
function describeRecognition({ base, subject, recognition }: RecognitionProposal): string[] {
  const { charter } = subject;
  const { ceiling, community, categories, notBeforeSeconds, notAfterSeconds, outbound, inbound } =
    recognition;
  const rows = (levels: Record<string, string>, direction: string): string[] =>
    Object.entries(levels).map(([from, to]) => `  ${direction} ${from} is treated as ${to}`);
  return [
    `state ${base.charter.code}, fingerprint ${fingerprint(base.charter.state)}`,
    `recognises ${charter.code} ${charter.names.get('en') ?? ''}, ${formatTime(notBeforeSeconds)} to ${formatTime(notAfterSeconds)}`,
    `  its fingerprint, as it is read out there: ${fingerprintForms(charter).digits}`,
    `  up to ${ceiling}, ${community ? 'in the TLP:GREEN community' : 'not in the TLP:GREEN community'}`,
    ...categories.map(({ set, values }) => `  it holds ${values.join(', ')} of ${set}`),
    ...rows(levelsInOrder(outbound, base.charter), 'there, our'),
    ...rows(levelsInOrder(inbound, charter), 'here, their'),
  ];
}

/** What a certificate says, in a line. */
export function describeCertificate(certificate: KeyCertificate): string {
  const { usage, publicKey, subject, scope, depth, notBeforeSeconds, notAfterSeconds } = certificate;
  const { recordTypes, maxClassification } = scope;
  const limits = [
    ...(recordTypes === undefined ? [] : [`for ${recordTypes.join(', ')}`]),
    ...(maxClassification === undefined ? [] : [`up to ${maxClassification}`]),
    ...(depth === undefined ? [] : [depth === 1 ? 'may certify record keys' : 'may certify delegates too']),
  ];
  const line = `certifies ${usage} key ${shortKey(keyThumbprint(publicKey))} of ${subject}, ${formatTime(notBeforeSeconds)} to ${formatTime(notAfterSeconds)}`;
  return [line, ...limits].join(', ');
}

function describeKeys({ base, charter, keyState, certificates }: KeyProposal): string[] {
  const usageOf = (kid: Uint8Array): string =>
    [
      ...base.certificates,
      ...certificates.map((each) => ({ ...each, kid: keyThumbprint(each.publicKey) })),
    ].find((each) => toHex(each.kid) === toHex(kid))?.usage ?? 'unknown';
  const before = standings(base);
  const changes = (list: readonly { readonly kid: Uint8Array }[], standing: string) =>
    list.filter(({ kid }) => before.get(toHex(kid)) !== standing);
  return [
    `state ${base.charter.code}, fingerprint ${fingerprint(base.charter.state)}`,
    // Two ceremonies upon one card would be a contradiction: whoever signs knows which card was in force.
    `goes on from charter version ${base.charter.version}, key state ${base.keyState === undefined ? 'none' : `version ${base.keyState.version}`}`,
    ...(charter === undefined
      ? []
      : [
          `charter version ${charter.version}, ${charter.threshold} of ${charter.rootKeys.length} root keys sign from then on:`,
          ...charter.rootKeys.map((key) => `  root key ${shortKey(keyThumbprint(key))}`),
          `  commits to ${charter.nextThreshold} of ${charter.nextKeyDigests.length} next root keys:`,
          ...charter.nextKeyDigests.map((kid) => `  next root key ${shortKey(kid)}`),
        ]),
    ...certificates.map(describeCertificate),
    `key state version ${keyState.version}, current until ${formatTime(keyState.expiresAtSeconds)}: ${keyState.live.length} keys live, ${keyState.superseded.length} superseded, ${keyState.revoked.length} revoked`,
    ...endedNow(base, keyState),
    ...changes(
      keyState.live.map((kid) => ({ kid })),
      'live',
    ).map(({ kid }) => `  live from now on: ${usageOf(kid)} key ${shortKey(kid)}`),
    ...keyState.superseded
      .filter(({ kid }) => before.get(toHex(kid)) !== 'superseded')
      .map(
        ({ kid, fromSeconds }) =>
          `  SUPERSEDES ${usageOf(kid)} key ${shortKey(kid)} from ${formatTime(fromSeconds)}: what it signed before goes on counting`,
      ),
    ...keyState.revoked
      .filter(({ kid }) => before.get(toHex(kid)) !== 'revoked')
      .map(
        ({ kid, fromSeconds, reason }) =>
          `  REVOKES ${usageOf(kid)} key ${shortKey(kid)} from ${formatTime(fromSeconds)} (${reason}): nothing of it counts that nobody else has seen before then`,
      ),
  ];
}

/** What a key state ends of the log, beside what the card says. */
function endedNow({ keyState: before }: VerifiedStateCard, { endedLogs = [] }: KeyState): string[] {
  const known = before?.endedLogs?.length ?? 0;
  return endedLogs.slice(known).map(({ end, endedAtSeconds, reason }, place) => {
    const stands =
      end === null
        ? 'nothing of it stands'
        : `it stands up to size ${end.size} with root ${toHex(end.root)}, and nothing beyond that`;
    return `  ENDS log ${known + place + 1} of this state at ${formatTime(endedAtSeconds)} (${reason}): ${stands}`;
  });
}

/** How each key stands by a card. Without a key state all that are certified are live. */
function standings({ keyState, certificates }: VerifiedStateCard): ReadonlyMap<string, string> {
  if (keyState === undefined) return new Map(certificates.map(({ kid }) => [toHex(kid), 'live']));
  return new Map([
    ...keyState.live.map((kid) => [toHex(kid), 'live'] as const),
    ...keyState.superseded.map(({ kid }) => [toHex(kid), 'superseded'] as const),
    ...keyState.revoked.map(({ kid }) => [toHex(kid), 'revoked'] as const),
  ]);
}
