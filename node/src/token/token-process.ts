import process from 'node:process';
import { type Attribute, type Cryptoki, CryptokiError, loadModule } from './cryptoki.ts';

/*
 * The process that has a PKCS#11 module loaded, and the PIN. What a vendor's library does to a process (crash, block, handle
 * signals) it does to this one, not to the node. It answers one request after the other, and ends with the node.
 */

/** What the node asks of it. `id` comes back with the answer. */
export type TokenRequest = { readonly id: number } & (
  | { readonly ask: 'open'; readonly module: string; readonly label: string; readonly pin: Uint8Array }
  /** Makes an Ed25519 key that cannot be read out. */
  | { readonly ask: 'create'; readonly keyLabel: string; readonly keyId: Uint8Array }
  | { readonly ask: 'sign'; readonly keyId: Uint8Array; readonly message: Uint8Array }
  /** The public key of one that is on the token already. */
  | { readonly ask: 'adopt'; readonly keyId: Uint8Array }
  /** Whether there is one private key with this id. */
  | { readonly ask: 'find'; readonly keyId: Uint8Array }
);

export type TokenAnswer = { readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | { readonly failure: TokenFailure }
);

/** Why it could not. */
export interface TokenFailure {
  readonly reason: 'module' | 'absent' | 'key' | 'call';
  readonly message: string;
  /** Of `call`: the function of PKCS#11 and what it returned. */
  readonly call?: string;
  readonly returned?: number;
}

const CKO_PUBLIC_KEY = 2;
const CKO_PRIVATE_KEY = 3;
const CKK_EC_EDWARDS = 0x40;
const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
const CKM_EDDSA = 0x1057;
const CKA_CLASS = 0x0;
const CKA_TOKEN = 0x1;
const CKA_PRIVATE = 0x2;
const CKA_LABEL = 0x3;
const CKA_KEY_TYPE = 0x100;
const CKA_ID = 0x102;
const CKA_SENSITIVE = 0x103;
const CKA_SIGN = 0x108;
const CKA_VERIFY = 0x10a;
const CKA_EXTRACTABLE = 0x162;
const CKA_EC_PARAMS = 0x180;
const CKA_EC_POINT = 0x181;
const CKR_ATTRIBUTE_VALUE_INVALID = 0x13;
const CKR_CURVE_NOT_SUPPORTED = 0x140;
const CKR_DOMAIN_PARAMS_INVALID = 0x130;

/** The curve as PKCS#11 3.0 names it: by a printable string and, where a token does not take that, by its OID of RFC 8410. */
const CURVES: readonly Uint8Array[] = [
  Uint8Array.from([0x13, 12, ...new TextEncoder().encode('edwards25519')]),
  Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x70),
];
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
/** More than an octet string with a public key of 32 bytes takes. */
const MAX_POINT_BYTES = 256;

class Failed extends Error {
  readonly reason: 'module' | 'absent' | 'key';
  constructor(reason: 'module' | 'absent' | 'key', message: string) {
    super(message);
    this.reason = reason;
  }
}

let opened: { readonly cryptoki: Cryptoki; readonly session: number } | undefined;
const handles = new Map<string, number>();

function answer(request: TokenRequest): Uint8Array {
  if (request.ask === 'open') {
    open(request);
    return new Uint8Array();
  }
  if (opened === undefined) throw new Failed('absent', 'no token was opened');
  const { cryptoki, session } = opened;
  if (request.ask === 'create') return create(cryptoki, session, request);
  const key = handleOf(cryptoki, session, request.keyId);
  if (request.ask === 'find') return new Uint8Array();
  if (request.ask === 'adopt') return publicKeyOf(cryptoki, session, request.keyId);
  return cryptoki.sign(session, CKM_EDDSA, key, request.message, SIGNATURE_BYTES);
}

function open({ module, label, pin }: Extract<TokenRequest, { ask: 'open' }>): void {
  let cryptoki: Cryptoki;
  try {
    cryptoki = loadModule(module);
  } catch (error) {
    throw new Failed('module', error instanceof Error ? error.message : String(error));
  }
  cryptoki.initialize();
  const labels = cryptoki.slots().map((slot) => ({ slot, label: labelOf(cryptoki, slot) }));
  const found = labels.filter((each) => each.label === label);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Failed('absent', `${found.length} tokens of ${labels.length} have the label ${label}`);
  const session = cryptoki.openSession(first.slot);
  cryptoki.login(session, pin);
  pin.fill(0);
  opened = { cryptoki, session };
}

/** A slot whose token cannot be read has none with the label that is looked for. */
function labelOf(cryptoki: Cryptoki, slot: number): string | undefined {
  try {
    return cryptoki.labelOf(slot);
  } catch (error) {
    if (error instanceof CryptokiError) return undefined;
    throw error;
  }
}

/** The one private key with an id: of two nobody would know which is meant. */
function handleOf(cryptoki: Cryptoki, session: number, keyId: Uint8Array): number {
  const name = Buffer.from(keyId).toString('hex');
  const known = handles.get(name);
  if (known !== undefined) return known;
  const template: Attribute[] = [
    [CKA_CLASS, CKO_PRIVATE_KEY],
    [CKA_KEY_TYPE, CKK_EC_EDWARDS],
    [CKA_ID, keyId],
  ];
  const found = cryptoki.find(session, template, 2);
  const [key] = found;
  if (key === undefined || found.length > 1)
    throw new Failed(
      'key',
      `the token has ${found.length === 0 ? 'no key' : 'several keys'} with the id ${name}`,
    );
  handles.set(name, key);
  return key;
}

function create(
  cryptoki: Cryptoki,
  session: number,
  { keyLabel, keyId }: { readonly keyLabel: string; readonly keyId: Uint8Array },
): Uint8Array {
  const label = new TextEncoder().encode(keyLabel);
  const common: Attribute[] = [
    [CKA_TOKEN, true],
    [CKA_LABEL, label],
    [CKA_ID, keyId],
  ];
  const ofPrivate: Attribute[] = [
    ...common,
    [CKA_CLASS, CKO_PRIVATE_KEY],
    [CKA_KEY_TYPE, CKK_EC_EDWARDS],
    [CKA_PRIVATE, true],
    [CKA_SENSITIVE, true],
    [CKA_EXTRACTABLE, false],
    [CKA_SIGN, true],
  ];
  let refusal: unknown;
  for (const curve of CURVES) {
    const ofPublic: Attribute[] = [
      ...common,
      [CKA_CLASS, CKO_PUBLIC_KEY],
      [CKA_KEY_TYPE, CKK_EC_EDWARDS],
      [CKA_VERIFY, true],
      [CKA_EC_PARAMS, curve],
    ];
    try {
      const pair = cryptoki.generateKeyPair(session, CKM_EC_EDWARDS_KEY_PAIR_GEN, ofPublic, ofPrivate);
      return pointOf(cryptoki.attribute(session, pair.publicKey, CKA_EC_POINT, MAX_POINT_BYTES));
    } catch (error) {
      if (!(error instanceof CryptokiError) || !isAboutCurve(error)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** The public key beside a private key, under the same id. A token that has none does not say what it signs with. */
function publicKeyOf(cryptoki: Cryptoki, session: number, keyId: Uint8Array): Uint8Array {
  const template: Attribute[] = [
    [CKA_CLASS, CKO_PUBLIC_KEY],
    [CKA_KEY_TYPE, CKK_EC_EDWARDS],
    [CKA_ID, keyId],
  ];
  const [key, ...others] = cryptoki.find(session, template, 2);
  if (key === undefined || others.length > 0)
    throw new Failed('key', 'the token has no public key, or several, beside the key with this id');
  return pointOf(cryptoki.attribute(session, key, CKA_EC_POINT, MAX_POINT_BYTES));
}

function isAboutCurve({ returned }: CryptokiError): boolean {
  return (
    returned === CKR_ATTRIBUTE_VALUE_INVALID ||
    returned === CKR_CURVE_NOT_SUPPORTED ||
    returned === CKR_DOMAIN_PARAMS_INVALID
  );
}

/** The public key of a CKA_EC_POINT: an octet string, a bit string, or the 32 bytes alone, as tokens differ. */
function pointOf(point: Uint8Array): Uint8Array {
  const header = point.length - PUBLIC_KEY_BYTES;
  const isOctets = header === 2 && point[0] === 0x04 && point[1] === 32;
  const isBits = header === 3 && point[0] === 0x03 && point[1] === 33 && point[2] === 0;
  if (header !== 0 && !isOctets && !isBits)
    throw new Failed('key', `the token describes a public key by ${point.length} bytes that are none`);
  return point.subarray(header);
}

function failureOf(error: unknown): TokenFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Failed) return { reason: error.reason, message };
  if (error instanceof CryptokiError)
    return { reason: 'call', message, call: error.call, returned: error.returned };
  return { reason: 'call', message };
}

process.on('message', (request: TokenRequest) => {
  let reply: TokenAnswer;
  try {
    reply = { id: request.id, bytes: answer(request) };
  } catch (error) {
    reply = { id: request.id, failure: failureOf(error) };
  }
  process.send?.(reply);
});
// Signals go to the whole group of a terminal: what is asked for is still answered, and the node says when it is over.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
