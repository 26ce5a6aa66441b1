/** What is typed as a number; `Number` alone would take nothing for 0. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
