/** Crockford's base 32, as type ids write it: in the order of its values. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 26;

/** The id that comes before all ids made from that moment on (ms since 1970): ids begin with the time they were made. */
export const firstIdAt = (prefix: string, ms: number): string => {
  let rest = BigInt(ms) << 80n;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = (digits[Number(rest & 31n)] ?? '') + text;
    rest >>= 5n;
  }
  return `${prefix}_${text}`;
};
