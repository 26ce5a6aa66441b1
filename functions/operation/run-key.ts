/** Names the minute of an event: all callers within it start the same roll-back once. */
export const runKey = ({ time }: { time: string }) => time.slice(0, 16).replaceAll(/[-:T]/g, '');
