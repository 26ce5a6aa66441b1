/** Crockford's base 32, as type ids write it: in the order of its values. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 26;

/** A type id: its prefix, and 128 bits as text that sorts as they do. */
export const typeId = (prefix: string, bits: bigint): string => {
  let rest = bits;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = (digits[Number(rest & 31n)] ?? '') + text;
    rest >>= 5n;
  }
  return `${prefix}_${text}`;
};

/** The bits of a UUIDv7 (RFC 9562): 48 of time (ms since 1970), then version, variant, and the rest of 80 random ones. */
export const uuidv7 = (ms: number, random: bigint): bigint =>
  (BigInt(ms) << 80n) | (7n << 76n) | (2n << 62n) | (random & 0x0fff_3fff_ffff_ffff_ffffn);

/** The id that sorts before every id made from that moment on (ms since 1970). */
export const firstIdAt = (prefix: string, ms: number): string => typeId(prefix, BigInt(ms) << 80n);
