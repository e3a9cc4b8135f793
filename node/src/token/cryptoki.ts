import { createRequire } from 'node:module';

/** What is used of koffi. Types of C are named, or made by it. */
interface Koffi {
  load(path: string): { func(definition: string): (...args: unknown[]) => unknown };
  sizeof(type: string): number;
  struct(name: string, members: Readonly<Record<string, string>>): object;
  pointer(type: CType): object;
  out(type: CType): object;
  inout(type: CType): object;
  proto(name: string, result: CType, parameters: readonly CType[]): object;
  decode(address: unknown, at: number, type: string): unknown;
  decode(address: unknown, type: object): unknown;
}
type CType = string | object;

/** A call of a PKCS#11 module that did not return CKR_OK. */
export class CryptokiError extends Error {
  readonly call: string;
  /** The return value, as in PKCS#11 §5.1. */
  readonly returned: number;

  constructor(call: string, returned: number) {
    super(`${call} returned 0x${returned.toString(16)}`);
    this.call = call;
    this.returned = returned;
  }
}

/** An attribute of a template; a number is a CK_ULONG, a boolean a CK_BBOOL. */
export type Attribute = readonly [type: number, value: number | boolean | Uint8Array];

/** What Comity calls of a PKCS#11 module. Handles are those of the module; every call throws a CryptokiError unless it returns CKR_OK. */
export interface Cryptoki {
  initialize(): void;
  /** Slots with a token in them. */
  slots(): number[];
  /** The label of a token, without the spaces it is padded with. */
  labelOf(slot: number): string;
  openSession(slot: number): number;
  login(session: number, pin: Uint8Array): void;
  find(session: number, template: readonly Attribute[], maxObjects: number): number[];
  attribute(session: number, object: number, type: number, maxBytes: number): Uint8Array;
  generateKeyPair(
    session: number,
    mechanism: number,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): { publicKey: number; privateKey: number };
  sign(session: number, mechanism: number, key: number, message: Uint8Array, maxBytes: number): Uint8Array;
}

const CKR_OK = 0;
const CKF_SERIAL_SESSION = 4;
const CKF_RW_SESSION = 2;
const CKU_USER = 1;
const MAX_SLOTS = 256;
/** CK_TOKEN_INFO has 204 bytes with 64-bit integers; some modules write more. */
const TOKEN_INFO_BYTES = 1_024;
const LABEL_BYTES = 32;

/** Where a function stands in CK_FUNCTION_LIST, of those behind its version (PKCS#11 §3.6). */
const ORDINALS = {
  C_Initialize: 0,
  C_GetSlotList: 4,
  C_GetTokenInfo: 6,
  C_OpenSession: 12,
  C_Login: 18,
  C_GetAttributeValue: 24,
  C_FindObjectsInit: 26,
  C_FindObjects: 27,
  C_FindObjectsFinal: 28,
  C_SignInit: 42,
  C_Sign: 43,
  C_GenerateKeyPair: 59,
};

/**
 * Loads a PKCS#11 module into this process, through koffi, which is an optional dependency.
 *
 * @throws Error where koffi is not installed, or the file is no module for this system
 */
export function loadModule(path: string): Cryptoki {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(path);
  const wordBytes = koffi.sizeof('unsigned long');
  const pointerBytes = koffi.sizeof('void *');
  const ATTRIBUTE = koffi.struct('CK_ATTRIBUTE', {
    type: 'unsigned long',
    pValue: 'void *',
    ulValueLen: 'unsigned long',
  });
  const MECHANISM = koffi.struct('CK_MECHANISM', {
    mechanism: 'unsigned long',
    pParameter: 'void *',
    ulParameterLen: 'unsigned long',
  });
  const template = koffi.pointer(ATTRIBUTE);
  const mechanismPointer = koffi.pointer(MECHANISM);

  const list: unknown[] = [null];
  const getFunctionList = library.func('unsigned long C_GetFunctionList(_Out_ void **list)');
  const listed = Number(getFunctionList(list));
  if (listed !== CKR_OK) throw new CryptokiError('C_GetFunctionList', listed);

  /** A function of the list, which throws unless it returns CKR_OK. */
  const bind = (name: keyof typeof ORDINALS, types: readonly CType[]) => {
    const at = pointerBytes * (1 + ORDINALS[name]);
    const address = koffi.decode(list[0], at, 'void *');
    const call = koffi.decode(address, koffi.proto(name, 'unsigned long', types)) as (
      ...args: unknown[]
    ) => number | bigint;
    return (...args: unknown[]): void => {
      const returned = Number(call(...args));
      if (returned !== CKR_OK) throw new CryptokiError(name, returned);
    };
  };
  const word = 'unsigned long';
  const words = koffi.out(koffi.pointer(word));
  const count = koffi.inout(koffi.pointer(word));
  const calls = {
    initialize: bind('C_Initialize', ['void *']),
    getSlotList: bind('C_GetSlotList', ['uint8_t', words, count]),
    getTokenInfo: bind('C_GetTokenInfo', [word, 'void *']),
    openSession: bind('C_OpenSession', [word, word, 'void *', 'void *', words]),
    login: bind('C_Login', [word, word, 'void *', word]),
    getAttributeValue: bind('C_GetAttributeValue', [word, word, koffi.inout(template), word]),
    findObjectsInit: bind('C_FindObjectsInit', [word, template, word]),
    findObjects: bind('C_FindObjects', [word, words, word, words]),
    findObjectsFinal: bind('C_FindObjectsFinal', [word]),
    signInit: bind('C_SignInit', [word, mechanismPointer, word]),
    sign: bind('C_Sign', [word, 'void *', word, 'void *', count]),
    generateKeyPair: bind('C_GenerateKeyPair', [
      word,
      mechanismPointer,
      template,
      word,
      template,
      word,
      words,
      words,
    ]),
  };

  const wordOf = (value: number): Uint8Array => {
    const bytes = Buffer.alloc(wordBytes);
    if (wordBytes === 8) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const written = (attributes: readonly Attribute[]): object[] =>
    attributes.map(([type, value]) => {
      const bytes =
        typeof value === 'boolean'
          ? Uint8Array.of(value ? 1 : 0)
          : typeof value === 'number'
            ? wordOf(value)
            : value;
      return { type, pValue: bytes, ulValueLen: bytes.length };
    });
  const plain = (mechanism: number): object => ({ mechanism, pParameter: null, ulParameterLen: 0 });

  return {
    initialize: () => calls.initialize(null),
    slots() {
      const slots = new Array<number>(MAX_SLOTS).fill(0);
      const found = [MAX_SLOTS];
      calls.getSlotList(1, slots, found);
      return slots.slice(0, Number(found[0]));
    },
    labelOf(slot) {
      const info = Buffer.alloc(TOKEN_INFO_BYTES);
      calls.getTokenInfo(slot, info);
      return info.subarray(0, LABEL_BYTES).toString('utf8').trimEnd();
    },
    openSession(slot) {
      const session = [0];
      calls.openSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, null, null, session);
      return Number(session[0]);
    },
    login: (session, pin) => calls.login(session, CKU_USER, pin, pin.length),
    find(session, attributes, maxObjects) {
      calls.findObjectsInit(session, written(attributes), attributes.length);
      try {
        const objects = new Array<number>(maxObjects).fill(0);
        const found = [0];
        calls.findObjects(session, objects, maxObjects, found);
        return objects.slice(0, Number(found[0])).map(Number);
      } finally {
        calls.findObjectsFinal(session);
      }
    },
    attribute(session, object, type, maxBytes) {
      const value = Buffer.alloc(maxBytes);
      const read = [{ type, pValue: value, ulValueLen: maxBytes }];
      calls.getAttributeValue(session, object, read, 1);
      return new Uint8Array(value.subarray(0, Number(read[0]?.ulValueLen)));
    },
    generateKeyPair(session, mechanism, publicTemplate, privateTemplate) {
      const publicKey = [0];
      const privateKey = [0];
      calls.generateKeyPair(
        session,
        plain(mechanism),
        written(publicTemplate),
        publicTemplate.length,
        written(privateTemplate),
        privateTemplate.length,
        publicKey,
        privateKey,
      );
      return { publicKey: Number(publicKey[0]), privateKey: Number(privateKey[0]) };
    },
    sign(session, mechanism, key, message, maxBytes) {
      calls.signInit(session, plain(mechanism), key);
      const signature = Buffer.alloc(maxBytes);
      const length = [maxBytes];
      calls.sign(session, message, message.length, signature, length);
      return new Uint8Array(signature.subarray(0, Number(length[0])));
    },
  };
}
