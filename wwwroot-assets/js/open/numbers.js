// Numbers as the server writes them: fifteen digits, then halves away from zero.

export function fixed(value, digits) {
  const [mantissa, exponent] = Math.abs(value).toExponential(14).split('e');
  const all = mantissa.replace('.', '');
  const kept = Number(exponent) + 1 + digits;
  let whole = BigInt(kept > 0 ? all.slice(0, kept).padEnd(kept, '0') : 0);
  if (kept >= 0 && kept < all.length && all[kept] >= '5') whole++;
  const text = whole.toString().padStart(digits + 1, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + (digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text);
}

export function trimmed(value, digits) {
  const text = fixed(value, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function count(value) {
  return value.toLocaleString('en');
}

export function bits(value) {
  return fixed(value, 2);
}

export function logit(value) {
  return fixed(value, 2).replaceAll('-', '−');
}

export function cell(share) {
  return share === 0 ? '0' : share < 0.0005 ? '<0.1' : fixed(share * 100, 1);
}

export function percent(share) {
  return `${cell(share)} %`;
}

export function detail(share) {
  return share > 0 && share < 0.00005 ? '<0.01 %' : `${fixed(share * 100, 2)} %`;
}

export function heat(probability) {
  return [0.7, 0.5, 0.3, 0.15, 0.07].filter(bound => !(probability >= bound)).length;
}

// A share as js/demo.js shows it, which rounds otherwise: where the two would differ it is what the server shows.
export function share(value) {
  return value < 0.0005 || (value * 100).toFixed(1) === cell(value) ? value : Number(cell(value)) / 100;
}
