import { EventSource } from 'eventsource';

/** The web provider looks for the browser's; Node has none. */
export const offerEventSource = () => {
  Object.assign(globalThis, { EventSource });
};
