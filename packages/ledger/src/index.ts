// What a recipient verifies of a release ledger, and a sender of the receipts for it, and the orders that it carries
// (protocol/ledger.md): pure, without store and network.

export { barsInForce } from './bars.ts';
export { type LedgerKeys, openLedgerCheckpoint } from './checkpoint.ts';
export { extendLedger, type LedgerRun } from './extend-ledger.ts';
export { type Judgement, judgeItem, type ReceivedItem } from './judge-item.ts';
export { authoriseBytes, authoriseKept, grantOf } from './ladder.ts';
export {
  issueOrder,
  type Order,
  type OrderDraft,
  type OrderSubject,
  readOrder,
  verifyOrder,
} from './order.ts';
export { ORDER_REASONS, REPORT_REASONS } from './reasons.ts';
export { verifyReceipt } from './receipt.ts';
export {
  decodeLetter,
  encodeLetter,
  joinLetter,
  LETTER_SIZES,
  MAX_LETTER_BYTES,
  piecesOfLetter,
  type SealedLetter,
  sizeOf as sizeOfLetter,
} from './sealed-letter.ts';
