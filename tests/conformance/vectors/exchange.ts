import { refusedEncodingsAndBodies } from './exchange-bodies-refused.ts';
import { refusedFrameFiles } from './exchange-frames-refused.ts';
import { messageFiles } from './exchange-messages.ts';
import { refusedMessageFiles } from './exchange-messages-refused.ts';
import { largeMessages, refusedInPieces } from './exchange-pieces.ts';
import { refusingFile } from './exchange-refusing.ts';
import { streamFiles } from './exchange-streams.ts';
import { refusedStreamFiles } from './exchange-streams-refused.ts';
import type { VectorFile } from './vector.ts';

/** Vectors of exchange.md. */
export function exchangeVectors(): readonly VectorFile[] {
  return [
    ...messageFiles(),
    largeMessages(),
    ...refusedMessageFiles(),
    refusedInPieces(),
    ...refusedEncodingsAndBodies(),
    ...streamFiles(),
    refusingFile(),
    ...refusedFrameFiles(),
    ...refusedStreamFiles(),
  ];
}
