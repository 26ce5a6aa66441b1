import type { VirtualClock } from './clock.ts';

export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** Older messages go when there are more than this. */
const mostMessages = 1_000;

/** What would have been sent by e-mail, newest last: kept until the run ends. */
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
