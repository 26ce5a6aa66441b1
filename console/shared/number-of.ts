/** Parses a typed number; `Number` alone would parse an empty field as 0. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
