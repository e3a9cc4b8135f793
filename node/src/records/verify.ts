import { toHex } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import { delegatorsOf, type VerifiedKeyCertificate } from '@comity/identity';
import { grantOf } from '@comity/ledger';
import {
  type AuthorisedRecord,
  authoriseRecord,
  checkWellFormed,
  type DecodedRecord,
  decodeRecord,
  openView,
  type VerifiedRecord,
  verifyRecord,
  type WellFormedRecord,
} from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import { keyStateShown } from '../peers/own-card.ts';
import type { Sovereign } from '../sovereign.ts';
import { findStored } from './find-record.ts';
import { heldSince } from './stored-view.ts';
import { statusOfRecord } from './summary.ts';

const DAY_SECONDS = 86_400;

interface Step {
  readonly step: string;
  readonly result: 'passed' | 'failed' | 'not-done';
  readonly code: FaultCode | null;
  readonly detail: string;
}

interface Verdict {
  readonly verdict: 'VALID' | 'INVALID' | 'INDETERMINATE';
  readonly id: string | null;
  readonly issuer: string | null;
  readonly steps: Step[];
}

/**
 * Checks a held record from its stored bytes, in the order of the ladder. Once a step has failed nothing after it is
 * shown as checked.
 */
export async function verifyHeld(sovereign: Sovereign, id: string): Promise<Verdict> {
  const stored = await findStored(sovereign, id);
  const { directory, self, peers } = sovereign;
  const steps: Step[] = [];
  let failed = false;
  const run = <T>(step: string, detail: (result: T) => string, act: () => T): T | undefined => {
    if (failed) {
      steps.push({ step, result: 'not-done', code: null, detail: 'an earlier step failed' });
      return undefined;
    }
    try {
      const result = act();
      steps.push({ step, result: 'passed', code: null, detail: detail(result) });
      return result;
    } catch (error) {
      if (!isFault(error)) throw error;
      failed = true;
      steps.push({ step, result: 'failed', code: error.code, detail: error.message });
      return undefined;
    }
  };
  const decoded = run(
    'decoded',
    () => `${stored.bytes.length} bytes of deterministic CBOR, COSE_Sign1`,
    () => decodeRecord(stored.bytes),
  );
  const wellFormed = run(
    'well-formed',
    ({ header }: WellFormedRecord) => `closed headers and claims; ${header.subject}`,
    () => checkWellFormed(decoded as DecodedRecord),
  );
  run(
    'record id',
    () => 'the id is the digest of these bytes',
    () => requireId(wellFormed as WellFormedRecord, stored.id),
  );
  const certificate = run(
    'key certificate',
    (found: VerifiedKeyCertificate) =>
      `record key ${toHex(found.kid).slice(0, 16)} of ${codeOf(found.issuer)}, ${signedBy(found)}, valid when the record was issued${ofStanding(found)}`,
    () =>
      directory.resolve(
        (wellFormed as WellFormedRecord).header.kid,
        'record',
        (wellFormed as WellFormedRecord).header.issuedAtSeconds,
        undefined,
        heldSince(stored),
      ),
  );
  const verified = run(
    'signature',
    () => 'Ed25519 over the protected header and the payload',
    () => verifyRecord(wellFormed as WellFormedRecord, (certificate as VerifiedKeyCertificate).publicKey),
  );
  const authorised = run(
    'authority',
    () => 'issuer, usage, validity, scope and label fit the certificate',
    () =>
      authoriseRecord(
        verified as VerifiedRecord,
        grantOf(certificate as VerifiedKeyCertificate, directory),
        sovereign.now(),
      ),
  );
  const view = run(
    'disclosures',
    (opened: ReturnType<typeof openView>) =>
      `${opened.parts.length} parts match signed digests; ${opened.withheldCount} digests without content`,
    () => openView(authorised as AuthorisedRecord, stored.disclosures),
  );
  const notDone = (step: string, detail: string): number =>
    steps.push({ step, result: 'not-done', code: null, detail });
  if (view === undefined) notDone('withdrawal', 'an earlier step failed');
  else {
    const status = await statusOfRecord(sovereign, view);
    steps.push({
      step: 'withdrawal',
      result: 'passed',
      code: null,
      detail: `${status}, as far as this node knows`,
    });
  }
  steps.push(keyStateStep(certificate === undefined ? undefined : certificate.issuer));
  notDone('trusted time', 'the time of issue is the issuer’s own claim; no witness has cosigned it');
  return {
    verdict: failed ? 'INVALID' : 'VALID',
    id: stored.id,
    issuer: certificate === undefined ? null : codeOf(certificate.issuer),
    steps,
  };

  /** By which word of the issuer its key counts, and how old that is: what was revoked since is not in it. */
  function keyStateStep(issuer: VerifiedKeyCertificate['issuer'] | undefined): Step {
    const step = (result: Step['result'], detail: string): Step => ({
      ...{ step: 'key state', result, detail },
      code: null,
    });
    if (issuer === undefined) return step('not-done', 'an earlier step failed');
    const shown = keyStateShown(directory.keyStateOf(issuer), sovereign.now());
    if (shown === null)
      return step('not-done', 'the issuer has shown no key state: nothing is known of revocations');
    const age = `version ${shown.version}, ${Math.floor(shown.ageSeconds / DAY_SECONDS)} days old`;
    if (shown.stale) return step('not-done', `${age}: there should be a newer one, which is not known here`);
    return step('passed', `${age}, names the key`);
  }

  /** What the state says of a key by now, where that is something else than that it is in use. */
  function ofStanding({ kid }: VerifiedKeyCertificate): string {
    const known = directory.standingOf(kid);
    if (known?.standing !== 'superseded' && known?.standing !== 'revoked') return '';
    const held = known.standing === 'revoked' ? ', and the record was held here before' : '';
    return `; ${known.standing} from ${formatTime(known.fromSeconds)}${held}`;
  }

  function codeOf(state: VerifiedKeyCertificate['issuer']): string {
    return state === self.state ? self.charter.code : (peers.codeOf(state) ?? state.slice(0, 12));
  }
}

function requireId({ header }: WellFormedRecord, id: string): void {
  if (header.id !== id)
    throw new Fault('store.record-id-mismatch', 'the bytes are not those that the id is of');
}

/** Who has certified a key: the root keys of its state, or one delegate below the other. */
function signedBy(certificate: VerifiedKeyCertificate): string {
  const above = delegatorsOf(certificate);
  if (above.length === 0) return 'signed by its root keys';
  const names = above.map(({ subject, kid }) => `${subject} (key ${toHex(kid).slice(0, 16)})`);
  return `held by ${certificate.subject}, delegated by ${names.join(', by ')}, by its root keys`;
}
