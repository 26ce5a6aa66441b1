import type { VirtualClock } from './clock.ts';

export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** Beyond this the oldest goes. */
const mostMessages = 1_000;

/** E-mail that would have been sent, newest last; it is gone when the run ends. */
export class Outbox {
  readonly #clock: VirtualClock;
  #messages: (Message & { time: string })[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  send(message: Message): void {
    const sent = { time: new Date(this.#clock.now()).toISOString(), ...message };
    this.#messages = [...this.#messages.slice(1 - mostMessages), sent];
  }

  list() {
    return this.#messages;
  }
}
