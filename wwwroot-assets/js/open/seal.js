// Encryption that the server has no key for: AES-GCM with 256 bits, the nonce before what it sealed, the key after "#" and nowhere else.

import { Fault } from './fault.js';
import { fromBase64Url, inflate } from './unpack.js';

const VERSION = 'k1';
const ALGORITHM = 'AES-GCM';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

// Browsers encrypt on secure pages only: HTTPS, or this machine itself.
export function canSeal() {
  return isSecureContext && 'subtle' in crypto && 'CompressionStream' in globalThis;
}

// Compressed first: what is encrypted has no pattern left.
export async function seal(document) {
  const packed = await new Response(new Blob([document]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer();
  const [key, nonce] = [KEY_BYTES, NONCE_BYTES].map(length => crypto.getRandomValues(new Uint8Array(length)));
  const sealed = await crypto.subtle.encrypt({ name: ALGORITHM, iv: nonce }, await imported(key, 'encrypt'), packed);
  return { key: `${VERSION}.${toBase64Url(key)}`, sealed: await new Blob([nonce, sealed]).arrayBuffer().then(bytes => new Uint8Array(bytes)) };
}

export async function unseal(fetched, fragment, most) {
  if (!isSecureContext || !('subtle' in crypto)) throw new Fault('Insecure');
  const [version, text, ...more] = fragment.split('.');
  if (!/^k\d+$/.test(version) || !text || more.length) throw new Fault('NoKey');
  if (version !== VERSION) throw new Fault('NewerKey', version, VERSION);
  const bytes = await fetched();
  return inflate(await opened(bytes, text), most);
}

async function opened(bytes, text) {
  try {
    const key = fromBase64Url(text);
    if (key.length !== KEY_BYTES) throw new Fault('WrongKey');
    return new Uint8Array(await crypto.subtle.decrypt({ name: ALGORITHM, iv: bytes.subarray(0, NONCE_BYTES) }, await imported(key, 'decrypt'), bytes.subarray(NONCE_BYTES)));
  } catch {
    throw new Fault('WrongKey');
  }
}

function imported(key, use) {
  return crypto.subtle.importKey('raw', key, ALGORITHM, false, [use]);
}

function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
