export { type Clock, systemClock } from './clock.ts';
export type { BatchSizes } from './context.ts';
export { createExchange, type ExchangeOptions } from './create-exchange.ts';
export type { ExchangeEvent, ExchangeListener } from './events.ts';
export type { Exchange } from './exchange.ts';
export type { FetchedItem } from './fetch/client.ts';
export { MAX_FETCH_INDEXES } from './fetch/constants.ts';
export { itemBytes } from './ledger/batcher.ts';
export { DEFAULT_BATCHES, MAX_BATCH_ENTRIES } from './ledger/constants.ts';
export { judgeHead, type OfferedHead } from './ledger/judge.ts';
export { MAX_ITEM_BYTES } from './limits.ts';
export { listensLocally } from './local-address.ts';
export { peerIdOf } from './peer-address.ts';
export { checkPeerEntry, type PeerEntry, type PeerTransport } from './peer-entry.ts';
export type { PeerState, PeerStatus } from './peer-status.ts';
export { PEER_TEST_STAGES, type PeerTestReport, type PeerTestStage, type StageReport } from './peer-test.ts';
export type {
  ExchangeAlarm,
  ExchangePorts,
  FetchPort,
  Hello,
  HelloPort,
  HelloStatement,
  LedgerBatch,
  LedgerHead,
  LedgerItem,
  LedgerPosition,
  LedgerSinkPort,
  LedgerSourcePort,
  QueryAnswer,
  QueryEnd,
  QueryPort,
  ReturnPort,
  WitnessAnswer,
  WitnessPort,
  WitnessRequest,
} from './ports.ts';
export { MAX_QUESTION_BYTES } from './query/constants.ts';
export { codeForQuestion, Refusal } from './refusal.ts';
export { MESSAGE_NAMES, type MessageName, reencodeMessage } from './replay/reencode-message.ts';
export { type RecordedSide, type Replayed, replayStream } from './replay/replay-stream.ts';
export { DEFAULT_TIMINGS, type Timings } from './timings.ts';
export { MAX_WITNESS_TEXTS } from './witness/constants.ts';
