/** Names the minute of an event: within it, whoever wants the same roll-back starts it once. */
export const runKey = ({ time }: { time: string }) => time.slice(0, 16).replaceAll(/[-:T]/g, '');
