import { sha256Hex, toHex } from '@comity/digest';
import {
  MESSAGE_NAMES,
  type MessageName,
  type RecordedSide,
  reencodeMessage,
  replayStream,
} from '@comity/exchange';
import { Fault } from '@comity/fault';
import type { Input } from '../input.ts';
import type { Operations } from '../operation.ts';
import { bytesIn } from '../pieces.ts';

/** exchange.md §10. */
export const exchangeOperations: Operations = {
  'exchange.message': (input) => {
    const name = nameIn(input);
    const reencoded = reencodeMessage(name, bytesIn(input, 'bytes'));
    return typeof input.json('bytes') === 'string'
      ? { reencoded: toHex(reencoded) }
      : { digest: sha256Hex(reencoded) };
  },

  'exchange.stream': async (input) => {
    const side = sideIn(input);
    const { messages, refused, more } = await replayStream(side, bytesIn(input, 'bytes'));
    return { messages, ...(refused !== undefined && { refused }), ...(more === true && { more }) };
  },
};

function nameIn(input: Input): MessageName {
  const text = input.text('message');
  const name = MESSAGE_NAMES.find((each) => each === text);
  if (name === undefined) throw new Fault('conformance.bad-input', 'in.message is no rule of a message');
  return name;
}

/** @throws Fault conformance.bad-input */
function ascending(input: Input, name: string): number[] {
  const ends = input.naturals(name);
  if (ends.some((end, index) => index > 0 && end <= (ends[index - 1] as number)))
    throw new Fault('conformance.bad-input', `in.${name} does not ascend`);
  return ends;
}

function sideIn(input: Input): RecordedSide {
  const protocol = input.text('protocol');
  const side = input.text('side');
  if (side !== 'asking' && side !== 'answering')
    throw new Fault('conformance.bad-input', 'in.side is no side of a stream');
  if (protocol === 'hello')
    return { protocol, federation: input.text('federation'), era: input.natural('era') };
  if (protocol === 'query') return { protocol, side };
  if (protocol === 'fetch' || protocol === 'witness')
    return side === 'asking'
      ? { protocol, side }
      : { protocol, side, askedCount: input.natural('askedCount') };
  if (protocol === 'return')
    return side === 'asking' ? { protocol, side } : { protocol, side, heldSize: input.natural('heldSize') };
  if (protocol === 'ledger')
    return side === 'asking'
      ? { protocol, side, batchEnds: ascending(input, 'batchEnds') }
      : { protocol, side, heldSize: input.natural('heldSize') };
  throw new Fault('conformance.bad-input', 'in.protocol is no protocol');
}
