import { Fault } from '@comity/fault';
import type { TokenFailure } from './token-process.ts';

const CKR_DEVICE_ERROR = 0x30;
const CKR_DEVICE_REMOVED = 0x32;
const CKR_MECHANISM_INVALID = 0x70;
const CKR_OBJECT_HANDLE_INVALID = 0x82;
const CKR_PIN_INCORRECT = 0xa0;
const CKR_PIN_INVALID = 0xa1;
const CKR_PIN_LEN_RANGE = 0xa2;
const CKR_PIN_EXPIRED = 0xa3;
const CKR_PIN_LOCKED = 0xa4;
const CKR_SESSION_CLOSED = 0xb0;
const CKR_SESSION_HANDLE_INVALID = 0xb3;
const CKR_TOKEN_NOT_PRESENT = 0xe0;
const CKR_USER_NOT_LOGGED_IN = 0x101;

/** What a return value means where it is more than a failure; the rest is keys.token-failed. */
const MEANINGS = new Map<
  number,
  'keys.token-wrong-pin' | 'keys.token-pin-locked' | 'keys.token-absent' | 'keys.token-mechanism'
>([
  [CKR_PIN_INCORRECT, 'keys.token-wrong-pin'],
  [CKR_PIN_INVALID, 'keys.token-wrong-pin'],
  [CKR_PIN_LEN_RANGE, 'keys.token-wrong-pin'],
  [CKR_PIN_EXPIRED, 'keys.token-pin-locked'],
  [CKR_PIN_LOCKED, 'keys.token-pin-locked'],
  [CKR_DEVICE_REMOVED, 'keys.token-absent'],
  [CKR_TOKEN_NOT_PRESENT, 'keys.token-absent'],
  [CKR_MECHANISM_INVALID, 'keys.token-mechanism'],
]);

/** After these the session is worth nothing: another has to be opened. */
const LOST: ReadonlySet<number> = new Set([
  CKR_DEVICE_ERROR,
  CKR_DEVICE_REMOVED,
  CKR_OBJECT_HANDLE_INVALID,
  CKR_SESSION_CLOSED,
  CKR_SESSION_HANDLE_INVALID,
  CKR_TOKEN_NOT_PRESENT,
  CKR_USER_NOT_LOGGED_IN,
]);

/** What a failure of the process that holds a token is called here. */
export function faultOf(
  { reason, message, call, returned }: TokenFailure,
  { module, label }: { readonly module: string; readonly label: string },
): Fault {
  switch (reason) {
    case 'module':
      return new Fault('keys.token-module', `the PKCS#11 module ${module} cannot be used: ${message}`, {
        fields: { module },
      });
    case 'absent':
      return new Fault('keys.token-absent', message, { fields: { label } });
    case 'key':
      return new Fault('keys.token-key-missing', message, { fields: { label } });
    case 'call': {
      const code = (returned === undefined ? undefined : MEANINGS.get(returned)) ?? 'keys.token-failed';
      const isLost = returned !== undefined && LOST.has(returned);
      return new Fault(code, `the token ${label} cannot: ${message}`, {
        fields: {
          label,
          ...(call !== undefined && { call }),
          ...(returned !== undefined && { returned }),
          ...(isLost && { isLost }),
        },
      });
    }
  }
}

/** Whether the token has to be opened anew before it can do anything. */
export function isLost(fault: Fault): boolean {
  return fault.fields.isLost === true;
}
