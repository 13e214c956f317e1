// A stranger's text as it may stand on a page, as the server writes it: what would hide, turn around or colour what stands beside it is named.

const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function unmasked(text) {
  return text.replace(HIDDEN, sign => sign < ' '
    ? String.fromCharCode(0x2400 + sign.charCodeAt(0))
    : `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

export function line(text, most) {
  const one = unmasked(text).replace(/[\n\t]/g, ' ').trim();
  if (one.length <= most) return one;
  return `${one.slice(0, /[\ud800-\udbff]/.test(one[most - 2]) ? most - 2 : most - 1)}…`;
}

export function token(text) {
  return piece(text).replaceAll(' ', '·');
}

export function piece(text) {
  return text.replaceAll('\n', '↵').replaceAll('\r', '␍').replaceAll('\t', '⇥');
}

// As people type and read it on one line.
export function escaped(text) {
  return text.replace(/[\\\0-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    sign => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' })[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
