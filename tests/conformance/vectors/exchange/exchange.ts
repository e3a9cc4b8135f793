import type { VectorFile } from '../vector.ts';
import { refusedEncodingsAndBodies } from './bodies-refused.ts';
import { refusedFrameFiles } from './frames-refused.ts';
import { messageFiles } from './messages.ts';
import { refusedMessageFiles } from './messages-refused.ts';
import { largeMessages, refusedInPieces } from './pieces.ts';
import { refusingFile } from './refusing.ts';
import { streamFiles } from './streams.ts';
import { refusedStreamFiles } from './streams-refused.ts';

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
