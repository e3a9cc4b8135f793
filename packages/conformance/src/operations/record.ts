import { type CborValue, encode, REDACTED } from '@comity/cbor';
import { equalBytes, toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import {
  KeyDirectory,
  type VerifiedKeyCertificate,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { type Label, labelShape } from '@comity/label';
import {
  authoriseRecord,
  type Content,
  checkWellFormed,
  decodeRecord,
  encodeView,
  lookup,
  mergeViews,
  narrowView,
  openView,
  type View,
  verifyRecord,
} from '@comity/record';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** record.md §11. */
export const recordOperations: Operations = {
  'record.verify': (input) => viewAsJson(viewIn(input)),

  'record.lookup': (input) => {
    const found = lookup(viewIn(input), input.text('path'));
    if (found.status !== 'known') return { status: found.status };
    const { value, part } = found;
    return {
      status: 'known',
      ...(part !== undefined && { part: part.digest }),
      ...(isComplete(value) && { content: toHex(encode(value as CborValue)) }),
    };
  },

  'record.narrow': (input) => {
    const digests = input.hexes('digests').map(toHex);
    return bytesAsJson(narrowView(viewIn(input), new Set(digests)));
  },

  'record.merge': (input) => {
    const keys = keysIn(input);
    const nowSeconds = input.optionalSeconds('nowSeconds');
    const views = input.hexes('views').map((bytes) => openedWith(keys, bytes, [], nowSeconds));
    if (views.length === 0) throw new Fault('conformance.bad-input', 'in.views is empty');
    return bytesAsJson(views.reduce(mergeViews));
  },
};

/** The keys of one state. */
interface KnownKeys {
  readonly certificates: readonly VerifiedKeyCertificate[];
  readonly directory: KeyDirectory;
}

function keysIn(input: Input): KnownKeys {
  const charter = verifyCharter(input.hex('charter'));
  const certificates = input.hexes('certificates').map((bytes) => verifyKeyCertificate(bytes, charter));
  const directory = new KeyDirectory();
  directory.add(charter, certificates);
  return { certificates, directory };
}

function viewIn(input: Input): View {
  const disclosures = input.has('disclosures') ? input.hexes('disclosures') : [];
  return openedWith(keysIn(input), input.hex('record'), disclosures, input.optionalSeconds('nowSeconds'));
}

/** The ladder of record.md §6, and what is disclosed inside the bytes and beside them. */
function openedWith(
  keys: KnownKeys,
  bytes: Uint8Array,
  disclosures: readonly Uint8Array[],
  nowSeconds: number | undefined,
): View {
  const wellFormed = checkWellFormed(decodeRecord(bytes));
  const { kid, issuedAtSeconds } = wellFormed.header;
  const certificate = certificateFor(keys, kid, issuedAtSeconds);
  const verified = verifyRecord(wellFormed, certificate.publicKey);
  const authorised = authoriseRecord(verified, certificate, nowSeconds);
  return openView(authorised, [...authorised.disclosures, ...disclosures]);
}

const JUDGED_BY_THE_LADDER: ReadonlySet<string> = new Set([
  'identity.wrong-usage',
  'identity.not-yet-valid',
  'identity.expired',
]);

/** Record.md 11.2: a certificate that does not fit is left to the ladder, which says why. */
function certificateFor(keys: KnownKeys, kid: Uint8Array, atSeconds: number): VerifiedKeyCertificate {
  try {
    return keys.directory.resolve(kid, 'record', atSeconds);
  } catch (thrown) {
    const last = keys.certificates
      .filter((certificate) => equalBytes(certificate.kid, kid))
      .reduce<VerifiedKeyCertificate | undefined>(laterOf, undefined);
    if (last === undefined || !isFault(thrown) || !JUDGED_BY_THE_LADDER.has(thrown.code)) throw thrown;
    return last;
  }
}

function laterOf(a: VerifiedKeyCertificate | undefined, b: VerifiedKeyCertificate): VerifiedKeyCertificate {
  return a === undefined || b.notBeforeSeconds > a.notBeforeSeconds ? b : a;
}

function viewAsJson(view: View): Json {
  const { header, record, disclosed } = view;
  const { id, issuer, subject, type, issuedAtSeconds, exercise, supersedes, retracts } = header;
  const { expiresAtSeconds } = header;
  const decoys = [...disclosed.values()].filter(({ decoy }) => decoy);
  return {
    ...{ id, issuer, subject, type, issuedAtSeconds, supersedes },
    keyId: toHex(header.kid),
    label: labelAsHex(header.label),
    ...(exercise !== undefined && { exercise }),
    ...(retracts !== undefined && { retracts }),
    ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
    unknownClaims: Object.fromEntries([...header.unknown].map(([claim, value]) => [claim, asHex(value)])),
    fields: Object.fromEntries(
      [...record.claims].flatMap(([key, value]) => (typeof key === 'string' ? [[key, asHex(value)]] : [])),
    ),
    parts: partsAsJson(view),
    decoys: decoys.map(({ digest }) => digest),
    undisclosed: view.withheldCount,
  };
}

/** Disclosures are in ascending order of their digests. */
function partsAsJson(view: View): Json {
  return [...view.disclosed.values()].flatMap((disclosure) => {
    const part = view.partOf(disclosure.digest);
    if (disclosure.decoy || part === undefined) return [];
    return {
      digest: part.digest,
      path: part.pathText,
      label: labelAsHex(part.label),
      inherited: disclosure.label === undefined,
      content: asHex(disclosure.content),
    };
  });
}

function bytesAsJson(view: View): Json {
  return { id: view.header.id, view: toHex(encodeView(view)) };
}

function labelAsHex(label: Label): string {
  return asHex(labelShape.encode(label));
}

function asHex(value: CborValue): string {
  return toHex(encode(value));
}

/** Whether nothing is left out of content. */
function isComplete(content: Content): boolean {
  if (content === REDACTED) return false;
  if (typeof content !== 'object' || content === null || content instanceof Uint8Array) return true;
  if (Array.isArray(content)) return content.every(isComplete);
  const map = content as ReadonlyMap<unknown, Content>;
  return !map.has(REDACTED) && [...map.values()].every(isComplete);
}
