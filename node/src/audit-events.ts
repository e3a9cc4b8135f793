/**
 * The events of the audit chain and what a line of each tells. A line holds ids, codes, counts, times and names of rules; never
 * content of a record, never a secret.
 */
export const AUDIT_EVENTS: Readonly<Record<string, string>> = {
  'record-issued': 'a record was signed: record, type',
  released: 'an entry of the ledger of a peer: peer, record, parts, mode, purpose, policy',
  held: 'parts wait for a person: peer, record, parts, mode, purpose, rule, reason',
  'release-approved': 'an officer approved: peer, record, officer, rule, parts',
  'release-rejected': 'an officer rejected: peer, record, officer, rule, parts',
  'sent-without-content': 'an entry went out bare, as the rules no longer allowed it: peer, index, record',
  'question-answered': 'a question of a peer was answered: peer, question, purpose, records',
  'question-refused': 'a question of a peer was refused: peer, code',
  'questions-refused': 'more questions of a peer in a minute than have a line each: peer, count',
  'question-asked': 'a question left for a peer: peer, question, purpose',
  'question-ended': 'a question to a peer ended: peer, question, purpose, records, code',
  'record-read': 'a record was shown to somebody here: record, user, operation',
  'policy-applied': 'a policy was put in force: version, digest',
  'peer-added': 'a state was recognised: peer, code, ceiling',
  'peer-renewed': 'a recognition was renewed, or new keys taken: peer, code, ceiling',
  'peer-suspended': 'a peer is no longer served: peer',
  'peer-resumed': 'a peer is served again: peer',
  'recognition-received': 'a peer showed a new recognition: peer',
  'officer-enrolled': 'an officer of this state got keys: state, officer, roles, kid',
  'officer-imported': 'an officer of a peer became known: state, officer, roles, kid',
  'officer-ended': 'nothing counts any more that an officer signs: state, officer, roles, kid',
  'batch-accepted': 'entries of the ledger of a peer were taken: peer, from, to, rejected',
  'item-rejected': 'one of them did not pass: peer, index, code',
  'missing-fetched': 'content that was missing came: peer, items',
  'clock-held': 'the clock deviates, and nothing is released: deviation, clock, trusted',
  'clock-returned': 'the clock is right again: deviation, clock, trusted',
  'clock-accepted': 'somebody said that the clock is right: deviation, clock, trusted',
};
