import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

/** A log of lines on disk. A file that has grown too large is renamed to end in `.1`, in place of the one before it. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #stream: WriteStream;
  #bytes: number;

  /** Appends to the file, making it and its folder where they are missing. */
  constructor(path: string, maxBytes = 16_777_216) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    mkdirSync(dirname(path), { recursive: true });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.#stream = createWriteStream(path, { flags: 'a' });
  }

  /** Accepts a line, without waiting for the disk. */
  write(line: string): void {
    if (this.#bytes > this.#maxBytes) {
      this.#stream.end();
      renameSync(this.#path, `${this.#path}.1`);
      this.#bytes = 0;
      this.#stream = createWriteStream(this.#path, { flags: 'a' });
    }
    this.#stream.write(`${line}\n`);
    this.#bytes += Buffer.byteLength(line) + 1;
  }

  /** Resolves when every line is on disk. */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}
