// What a peer may make this process spend. Everything here is judged before the bytes it is about are kept.

/** Bytes of the big-endian length in front of each frame. A fixed width: a varint can be made endless. */
export const FRAME_LENGTH_BYTES = 4;

/** Bytes of the frame kind, the first byte of what the length counts. */
export const FRAME_KIND_BYTES = 1;

/** Largest frame, its kind included. Judged when the four bytes of its length are there. */
export const MAX_FRAME_BYTES = 1_048_576;

/** Largest body of one frame; a part of a longer message is exactly as long. */
export const MAX_BODY_BYTES = MAX_FRAME_BYTES - FRAME_KIND_BYTES;

/** Largest ledger item: entry, record and disclosures. A record of 64 KiB with 512 disclosures of 8 KiB fits. */
export const MAX_ITEM_BYTES = 4 * 1_048_576;

/** Largest message, which spans several frames where needed: one largest item, its checkpoint and CBOR heads. */
export const MAX_MESSAGE_BYTES = MAX_ITEM_BYTES + 65_536;

/**
 * A stream with a whole frame waiting and more than this unread is paused. Below the window, so that the sender stalls
 * before the buffer is worth attacking; above a TCP segment burst, so that fast readers are not paused all the time.
 */
export const READ_HIGH_WATER_BYTES = 262_144;

/** Largest receive window of a stream. 1 MiB: auto-tuning to 16 MiB overruns `STREAM_BUFFER_BYTES` when paused. */
export const STREAM_WINDOW_BYTES = 1_048_576;

/** Read buffer and write buffer of a stream. Four windows, as the muxer may have granted one while another was queued. */
export const STREAM_BUFFER_BYTES = 4 * STREAM_WINDOW_BYTES;

/** A muxer frame that declares more is an attack: no honest sender exceeds the window. Twice the window for slack. */
export const MAX_MUXER_FRAME_BYTES = 2 * STREAM_WINDOW_BYTES;

/** Streams of one connection, all protocols together, that a peer may hold open. */
export const MAX_INBOUND_STREAMS = 64;

/** Streams of one connection that this node may hold open. */
export const MAX_OUTBOUND_STREAMS = 256;

/** Connections that one peer may hold open: two, because two simultaneous dials leave two. */
export const MAX_CONNECTIONS_PER_PEER = 2;

/** Connections that all peers together may not use up: room for handshakes of peers that are reconnecting. */
export const SPARE_CONNECTIONS = 64;

/** Handshakes in progress from addresses that are not on the allow list. Well above the peer count (`===`, not `>=`). */
export const MAX_PENDING_CONNECTIONS = 256;

/** New connections per second from one address that is not on the allow list. */
export const MAX_CONNECTIONS_PER_SECOND = 10;

/** Sockets the listener holds, before anything is known about them. */
export const MAX_SOCKETS = 1_024;

/** Accept queue of the listener. */
export const LISTEN_BACKLOG = 511;

/** Dials in progress. */
export const MAX_PARALLEL_DIALS = 32;

/** Transport keys of one peer state: the current one, its successor, and those of standby nodes. */
export const MAX_TRANSPORTS_PER_PEER = 8;

/** Addresses of one transport key. */
export const MAX_ADDRESSES_PER_TRANSPORT = 8;

/** A signed note with its checkpoint and cosignatures. */
export const MAX_NOTE_BYTES = 16_384;

/** One signature line of a note: name, key id and signature in base64. */
export const MAX_NOTE_LINE_BYTES = 1_024;

/** Identifier of a federation. */
export const MAX_FEDERATION_BYTES = 128;
