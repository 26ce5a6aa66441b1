import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';

export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  /** Base64. */
  BinaryValue?: string | undefined;
}

export interface Message {
  id: string;
  body: string;
  attributes: Readonly<Record<string, MessageAttribute>>;
  sentAt: number;
  receives: number;
  firstReceivedAt?: number;
}

/** A message handed out: nobody else gets it before `until`. */
interface Lease {
  key: string;
  until: number;
}

export interface Received extends Message {
  receiptHandle: string;
}

const dayMs = 86_400_000;
/** As the dead-letter queue in AWS keeps its messages. */
export const retentionMs = 14 * dayMs;

/** One queue, kept on disk: after a restart every message that was not deleted can be received again. */
export class MessageQueue {
  readonly #section: Section<Message>;
  readonly #clock: VirtualClock;
  /** Oldest first. */
  readonly #messages = new Map<string, Message>();
  readonly #leases = new Map<string, Lease>();
  readonly #arrivals = new EventEmitter();
  #next = 0;

  private constructor(section: Section<Message>, clock: VirtualClock) {
    this.#section = section;
    this.#clock = clock;
    this.#arrivals.setMaxListeners(0);
  }

  static async open(name: string, state: State, clock: VirtualClock): Promise<MessageQueue> {
    const queue = new MessageQueue(state.section<Message>(`queue-${name}`), clock);
    for await (const [key, message] of queue.#section.entries()) {
      queue.#messages.set(key, message);
      queue.#next = Number(key) + 1;
    }
    return queue;
  }

  async send(body: string, attributes: Readonly<Record<string, MessageAttribute>> = {}): Promise<Message> {
    const key = String(this.#next++).padStart(16, '0');
    const message = { id: randomUUID(), body, attributes, sentAt: this.#clock.now(), receives: 0 };
    await this.#keep(key, message);
    this.#arrivals.emit('message');
    return message;
  }

  /** Up to `most` messages, hidden from others for `hiddenMs`; waits up to `waitMs` of real time for the first. */
  async receive(most: number, hiddenMs: number, waitMs: number): Promise<Received[]> {
    const found = await this.#take(most, hiddenMs);
    if (found.length > 0 || waitMs === 0) return found;
    const arrived = once(this.#arrivals, 'message', { signal: AbortSignal.timeout(waitMs) });
    return arrived.then(
      () => this.#take(most, hiddenMs),
      () => [],
    );
  }

  /** Deletes what a receive handed out; a handle that is no longer good changes nothing, as on AWS. */
  async delete(receiptHandle: string): Promise<void> {
    const lease = this.#leases.get(receiptHandle);
    if (lease) await this.#remove(lease.key);
  }

  async purge(): Promise<void> {
    await Promise.all([...this.#messages.keys()].map((key) => this.#remove(key)));
  }

  /** Messages that can be received, and those handed out and not deleted yet. */
  counts(): { visible: number; hidden: number } {
    const hidden = this.#hiddenKeys().size;
    return { visible: this.#messages.size - hidden, hidden };
  }

  async #take(most: number, hiddenMs: number): Promise<Received[]> {
    await this.#expire();
    const hidden = this.#hiddenKeys();
    const now = this.#clock.now();
    const free = [...this.#messages].filter(([key]) => !hidden.has(key)).slice(0, most);
    return Promise.all(
      free.map(async ([key, message]) => {
        const receiptHandle = randomUUID();
        this.#leases.set(receiptHandle, { key, until: now + hiddenMs });
        const received = {
          ...message,
          receives: message.receives + 1,
          firstReceivedAt: message.firstReceivedAt ?? now,
        };
        await this.#keep(key, received);
        return { ...received, receiptHandle };
      }),
    );
  }

  #hiddenKeys(): Set<string> {
    const now = this.#clock.now();
    return new Set([...this.#leases.values()].filter(({ until }) => until > now).map(({ key }) => key));
  }

  async #expire(): Promise<void> {
    const oldest = this.#clock.now() - retentionMs;
    const expired = [...this.#messages].filter(([, { sentAt }]) => sentAt < oldest);
    await Promise.all(expired.map(([key]) => this.#remove(key)));
  }

  async #keep(key: string, message: Message): Promise<void> {
    this.#messages.set(key, message);
    await this.#section.put(key, message);
  }

  async #remove(key: string): Promise<void> {
    this.#messages.delete(key);
    for (const [handle, lease] of this.#leases) if (lease.key === key) this.#leases.delete(handle);
    await this.#section.delete(key);
  }
}
