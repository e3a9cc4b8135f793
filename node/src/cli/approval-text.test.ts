import { expect, test } from 'vitest';
import { pendingText, rejectedText, stillWaitsText } from './approval-text.ts';

const about = {
  record: 'ab'.repeat(32),
  type: 'retraction',
  title: 'The victim has asked us to',
  peer: 'XBB',
  recipient: 'cd'.repeat(32),
  mode: 'push',
  purpose: 'incident-response',
  addressee: null,
  rule: 'two-of-us',
  ruleDigest: 'ef'.repeat(32),
} as const;

test('a retraction that waits, or was rejected, is not taken for a record that is called as its reason', () => {
  const waits = {
    ...{ ...about, since: '2026-03-01T00:00:00Z', reason: 'approval-needed', role: 'officer', parts: [] },
    ...{ persons: 2, ruleAsks: 2, approvedBy: [], author: null, isAuthorProven: false },
  } as const;
  const pending = pendingText({ state: 'aa'.repeat(32), total: 1, pending: [waits], next: null, full: [] });
  expect(pending).toMatch(/^record +type +to .*\nabababababab +retraction +XBB /);
  const rejected = {
    ...{ ...about, parts: [], officer: 'dora', reason: null },
    ...{ rejectedAt: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z' },
  };
  expect(rejectedText({ rejected: [rejected], next: null })).toMatch(
    /^record +type +to .*\nabababababab +retraction +XBB /,
  );
});

test('one release waits, and two wait', () => {
  expect(stillWaitsText(1)).toBe('1 release still waits: comity release pending');
  expect(stillWaitsText(2)).toBe('2 releases still wait: comity release pending');
});
