// A link's part after "#" as bytes of a document, and never more than a document may have.

import { Fault } from './fault.js';

// Pieces this small let no more through at once than a few megabytes, whatever they unpack to.
const PIECE = 4096;

// "d1.deflate.…": version and codec stand in front, so that a link opens for ever.
export async function unpackLink(fragment, rules) {
  if (fragment.length > rules.characters) throw new Fault('TooLong', fragment.length, rules.characters);
  const [version, codec, packed, ...more] = fragment.split('.');
  if (!/^d\d+$/.test(version) || !codec || packed === undefined || more.length) throw new Fault(fragment ? 'NoDemo' : 'Nothing');
  if (version !== rules.version) throw new Fault('NewerLink', version, rules.version);
  if (codec !== rules.codec) throw new Fault('Codec', plain(codec), rules.codec);
  return inflate(fromBase64Url(packed), rules.bytes);
}

export function fromBase64Url(text) {
  if (!/^[\w-]*$/.test(text)) throw new Fault('Damaged');
  if (text.length % 4 === 1) throw new Fault('Cut');
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
}

// zlib's format: its checksum tells a changed character, which raw DEFLATE would show as another number.
export async function inflate(packed, most) {
  if (!('DecompressionStream' in globalThis)) throw new Fault('OldBrowser');
  const stream = new DecompressionStream('deflate');
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  let isFed = false;
  const feeding = feed(writer, packed).then(() => { isFed = true; return writer.close(); });
  feeding.catch(() => { /* The reader hears of it too. */ });
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) throw new Fault('TooLarge', most);
      parts.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => { /* It has failed already. */ });
    throw error instanceof Fault ? error : new Fault(isFed ? 'Cut' : 'Damaged');
  }
  const document = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    document.set(part, at);
    at += part.length;
  }
  return document;
}

async function feed(writer, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await writer.ready;
    await writer.write(bytes.subarray(at, at + PIECE));
  }
}

// The beginning of a stranger's name, its plain letters and digits alone.
function plain(name) {
  return name.slice(0, 16).replace(/[^A-Za-z0-9]/g, '?');
}
