import { decode, diagnose } from '@comity/cbor';
import type { DecodedRecord } from './decode-record.ts';

/**
 * A record in CBOR diagnostic notation (RFC 8949 §8, RFC 8610 G.3 for embedded items), with its disclosures below, for
 * people who look at bytes. It contains the content: not for logs.
 */
export function diagnoseRecord(
  record: DecodedRecord,
  disclosures: Iterable<Uint8Array> = record.disclosures,
): string {
  const { protectedHeader, signature } = record.sign1;
  const lines = [
    '18([',
    `  << ${diagnose(protectedHeader)} >>,`,
    '  {},',
    `  << ${diagnose(record.claims)} >>,`,
    `  ${diagnose(signature)}`,
    '])',
  ];
  for (const disclosure of disclosures) lines.push(`<< ${diagnose(decode(disclosure))} >>`);
  return lines.join('\n');
}
