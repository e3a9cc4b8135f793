import { toHex } from '@comity/digest';
import { fingerprint } from '@comity/identity';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import type { Sovereign } from '../sovereign.ts';
import { formatTime, stateCode } from './shapes.ts';

export const stateShow = operation({
  name: 'state.show',
  summary: 'this state: charter, classification scheme, keys',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({
    code: stateCode,
    name: z.string(),
    state: z.string(),
    fingerprint: z.string(),
    charterVersion: z.int(),
    threshold: z.int(),
    rootKeys: z.int(),
    scheme: z.object({
      id: z.string(),
      levels: z.array(z.object({ id: z.string(), name: z.string(), rank: z.int() })),
    }),
    keys: z.array(
      z.object({ usage: z.string(), kid: z.string(), validFrom: z.string(), validUntil: z.string() }),
    ),
    card: z.string().describe('state card, base64'),
  }),
  run: async ({ self, home: _home }: Sovereign) => ({
    code: self.charter.code,
    name: self.name,
    state: self.charter.state,
    fingerprint: fingerprint(self.charter.state),
    charterVersion: self.charter.version,
    threshold: self.charter.threshold,
    rootKeys: self.charter.rootKeys.length,
    scheme: {
      id: self.charter.scheme.id,
      levels: self.charter.scheme.levels.map((level) => ({
        id: level.id,
        name: level.name.get('en') ?? level.id,
        rank: level.rank,
      })),
    },
    keys: self.certificates.map((certificate) => ({
      usage: certificate.usage,
      kid: toHex(certificate.kid),
      validFrom: formatTime(certificate.notBeforeSeconds),
      validUntil: formatTime(certificate.notAfterSeconds),
    })),
    card: Buffer.from(self.card).toString('base64'),
  }),
});
