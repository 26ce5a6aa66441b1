let clock = () => Date.now();

/** The platform's time, in milliseconds since 1970: what is recorded, expires or falls due goes by it. */
export const now = () => clock();

/** The platform's time, in ISO 8601, UTC. */
export const timestamp = () => new Date(now()).toISOString();

/** The machine's time, in milliseconds since 1970: for rates, which a clock that jumps would falsify. */
export const machineTime = () => Date.now();

/** Sets the platform's clock, for a simulation; no function may call it, so that a bundle for AWS does not hold it. */
export const setClock = (other: () => number) => {
  clock = other;
};
