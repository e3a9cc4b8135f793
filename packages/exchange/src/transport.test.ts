import { expect, test } from 'vitest';
import { assertEnvironment, handshakePrologue } from './transport.ts';

test('the handshake prologue tells federations and eras apart', () => {
  const seen = new Set(
    [
      ['a', 1],
      ['a', 11],
      ['a1', 1],
      ['b', 1],
    ].map(([federation, era]) =>
      Buffer.from(handshakePrologue(federation as string, era as number)).toString('hex'),
    ),
  );
  expect(seen.size).toBe(4);
});

test('an environment in which it would fail or leak is refused', () => {
  assertEnvironment({ node: '22.12.0' }, {});
  assertEnvironment({ node: '24.21.0' }, {});
  for (const node of ['22.11.0', '20.20.2', '18.0.0']) {
    expect(() => assertEnvironment({ node }, {})).toThrow(
      expect.objectContaining({ code: 'exchange.node-too-old' }),
    );
  }
  for (const value of ['', '1']) {
    expect(() => assertEnvironment({ node: '24.0.0' }, { DUMP_SESSION_KEYS: value })).toThrow(
      expect.objectContaining({ code: 'exchange.session-keys-dumped' }),
    );
  }
});
