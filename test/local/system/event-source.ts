import { EventSource } from 'eventsource';

let cut = new AbortController();

/** A browser's EventSource, which Node has none of; its connections can be cut as a bad network would. */
class CuttableEventSource extends EventSource {
  constructor(url: string) {
    super(url, {
      fetch: (input, init) =>
        fetch(input, { ...init, signal: AbortSignal.any([init.signal as AbortSignal, cut.signal]) }),
    });
  }
}

/** Lets the web provider find it where it looks for the browser's. */
export const offerEventSource = () => {
  Object.assign(globalThis, { EventSource: CuttableEventSource });
};

/** Every stream that is open breaks; it may be opened again. */
export const cutStreams = () => {
  cut.abort(new TypeError('the network is away'));
  cut = new AbortController();
};
