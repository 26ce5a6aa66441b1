/** Names the minute: within it, whoever wants the same roll-back starts it once. */
export const turnOf = (now: string) => now.slice(0, 16).replaceAll(/[-:T]/g, '');
