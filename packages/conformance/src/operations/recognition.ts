import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  assertFingerprint,
  FINGERPRINT_LANGUAGES,
  fingerprintCode,
  fingerprintDigits,
  fingerprintWords,
  shortFingerprint,
} from '@comity/fingerprint';
import {
  assertAgreed,
  type VerifiedCharter,
  verifyCharter,
  verifyCharterChain,
  verifyRecognition,
} from '@comity/identity';
import type { Input } from '../input.ts';
import type { Operations } from '../operation.ts';
import { levelsAsJson } from './charter.ts';

/** recognition.md §6. */
export const recognitionOperations: Operations = {
  'fingerprint.show': (input) => {
    const charter = lastCharterIn(input);
    const fingerprint = shortFingerprint(charter);
    const words = FINGERPRINT_LANGUAGES.map(
      (language) => [language, fingerprintWords(fingerprint, language).join(' ')] as const,
    );
    return {
      short: toHex(fingerprint),
      words: Object.fromEntries(words),
      digits: fingerprintDigits(fingerprint).join(' '),
      arabicDigits: fingerprintDigits(fingerprint, 'arab').join(' '),
      code: fingerprintCode(fingerprint, charter.code),
    };
  },

  'fingerprint.compare': (input) => {
    const charter = lastCharterIn(input);
    assertFingerprint(charter, input.text('told'));
    return { state: charter.state };
  },

  'recognition.agree': (input) => {
    const [issuer, subject] = [verifyCharter(input.hex('issuer')), verifyCharter(input.hex('subject'))];
    const own = verifyRecognition(input.hex('own'), issuer, subject);
    assertAgreed(own, verifyRecognition(input.hex('other'), subject, issuer));
    return { outbound: levelsAsJson(own.outbound), inbound: levelsAsJson(own.inbound) };
  },
};

function lastCharterIn(input: Input): VerifiedCharter {
  const charters = input.hexes('charters');
  if (charters.length === 0) throw new Fault('conformance.bad-input', 'in.charters is empty');
  return verifyCharterChain(charters);
}
