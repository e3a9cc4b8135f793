/**
 * The events of the audit chain and what a line of each tells. A line holds ids, codes, counts, times, names of rules and names of
 * fields; never content of a record, never a secret.
 */
export const AUDIT_EVENTS: Readonly<Record<string, string>> = {
  'record-issued': 'a record was signed: record, type, user, author (who is said to have written it)',
  'record-claimed': 'an officer signed that he wrote a record: record, officer',
  released:
    'an entry of the ledger of a peer: peer, record, parts, mode, purpose, policy, rules, grants, officers; of the record stays here, for whatever reason but a person: withheld (how many parts), paths (which, why, how many of each)',
  held: 'parts wait for a person: peer, record, parts, mode, purpose, rule, reason',
  kept: 'nothing of a record that this state has just issued goes to a peer: peer, record, reason',
  'release-approved': 'an officer approved: peer, record, officer, rule, parts',
  'release-rejected': 'an officer rejected: peer, record, officer, rule, parts',
  'order-issued':
    'this state took back a record, or barred a state: order, kind, reason, record, peers, user',
  'order-sent': 'an order went into the ledger of a peer: peer, order, kind',
  'order-received': 'an order came: peer, order, kind, issuer, reason, record',
  'order-acknowledged': 'an order waits for a person, as the record is retained: order, kind, issuer, record',
  'order-applied': 'an order was obeyed: order, kind, issuer, record',
  'order-refused': 'an order was refused: order, kind, issuer, record, reason',
  'order-reported': 'a peer said what it did about an order: peer, order, outcome, reason',
  'store-put-back':
    'the store was put back to an older copy, and somebody goes on with it: sequence, hash, user, because',
  'put-back-noticed':
    'a peer holds what this state has signed and does not have: nothing is released: peer, size',
  'ledger-taken-back': 'entries of the own ledger for a peer came back from it: peer, from, to',
  'order-taken-back':
    'an order came back from the ledger that a peer holds, and is in force: peer, order, kind, issuer, reason, record',
  'peer-heard': 'a peer has given back what it holds, and this state holds what it has released: peer, whole',
  'peer-not-awaited': 'somebody said that releases to others do not wait for a peer: peer, user',
  'put-back-confirmed':
    'somebody said that policy, suspensions and rejections are as they should be after the store was put back: user, policy',
  'recalled-kept-out': 'what was taken back came again, and was not stored: peer, index',
  'record-retained': 'a record is kept though it be recalled: record, user',
  'record-retention-ended': 'it need not be kept any longer: record, user',
  'sent-without-content': 'an entry went out bare, as the rules no longer allowed it: peer, index, record',
  'question-answered': 'a question of a peer was answered: peer, question, purpose, records',
  'question-refused': 'a question of a peer was refused: peer, code',
  'questions-refused': 'more questions of a peer in a minute than have a line each: peer, count',
  'question-asked': 'a question left for a peer: peer, question, purpose',
  'question-ended': 'a question to a peer ended: peer, question, purpose, records, code',
  'record-read':
    'a record was shown to somebody here, or taken away in a file: record, user, operation, officer (where he has signed that he reads)',
  'policy-applied': 'a policy was put in force: version, digest, user',
  'peer-added': 'a state was recognised: peer, code, ceiling, user',
  'peer-renewed': 'a recognition was renewed, or new keys taken: peer, code, ceiling, user',
  'peer-suspended': 'a peer is no longer served: peer, user',
  'peer-removed': 'a state is no peer any more, and what it gave stays: peer, code, user',
  'peer-resumed': 'a peer is served again: peer, user',
  'card-applied': 'this state has a new card: charter, keyState, revoked, user',
  'keys-learnt': 'a peer showed a new charter or key state: peer, charter, keyState, revoked',
  'keys-contradict': 'a peer has signed two that cannot both be true, and the evidence is kept: peer, code',
  'recognition-received': 'a peer showed a new recognition: peer',
  'officer-enrolled': 'an officer of this state got keys: state, officer, roles, kid',
  'officer-confirmed':
    'somebody signed that he is an officer of this state: officer, kid, by (who has signed so far), isProven (whether he is one now)',
  'officer-imported': 'an officer of a peer became known: state, officer, roles, kid',
  'officer-ended':
    'nothing counts any more that an officer signs or has approved: state, officer, roles, kid',
  'letter-sent': 'a letter to an officer of a peer: peer, officer, letter, record, parts, purpose, policy',
  'letter-received': 'a letter to an officer of this state came: peer, officer, letter, index',
  'letter-opened': 'a letter was given out to be opened: officer, letter, user',
  'letter-dropped': 'a letter was destroyed here: officer, letter, by (the officer who did), user',
  'dossier-exported':
    'a file was made for readers of a peer: peer, records, notifications, purpose, sha256, policy',
  'batch-accepted': 'entries of the ledger of a peer were taken: peer, from, to, rejected',
  'item-rejected': 'one of them did not pass: peer, index, code',
  'missing-fetched': 'content that was missing came: peer, items',
  'log-alarm':
    'a log is not what it should be: peer, kind (two-histories, rolled-back, does-not-continue, frozen, witness-lost, own-log-lost, keys-not-logged, ended-otherwise), size',
  'log-ended': 'a peer has ended its log and begun another: peer, log, size, cosigned',
  'log-renewed': 'this state goes on with another log: log',
  'evidence-kept': 'evidence that a log keeps two histories: peer, size, from',
  'clock-held': 'the clock deviates, and nothing is released: deviation, clock, trusted',
  'clock-returned': 'the clock is right again: deviation, clock, trusted',
  'clock-accepted': 'somebody said that the clock is right: deviation, clock, trusted',
};
