import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LogFileOptions {
  path: string;
  /** A file that has grown beyond this is put aside. */
  maxBytes?: number;
  /** How many files put aside are kept: `functions.1.ndjson` is the latest of them. */
  kept?: number;
}

const numbered = (path: string, number: number) =>
  number === 0 ? path : path.replace(/(\.[^./]+)?$/, (extension) => `.${number}${extension}`);

/** A log of lines on disk: written in batches off the caller's path, bounded by rotation. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #kept: number;
  #lines: string[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  private constructor({ path, maxBytes = 16_777_216, kept = 3 }: LogFileOptions, bytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#kept = kept;
    this.#bytes = bytes;
  }

  /** Opens the file to append to it, making its folder where it is missing. */
  static async open(options: LogFileOptions): Promise<LogFile> {
    await mkdir(dirname(options.path), { recursive: true });
    const found = await stat(options.path).catch(() => undefined);
    return new LogFile(options, found?.size ?? 0);
  }

  /** Takes a line, without waiting for the disk. */
  write(line: string): void {
    this.#lines.push(line);
    this.#writing ??= this.#drain();
  }

  /** Resolves when every line taken is on disk; rejects when one could not be written. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure;
  }

  async #drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#lines.length > 0) await this.#append(`${this.#lines.splice(0).join('\n')}\n`);
    } catch (error) {
      this.#failure = new Error(`The log ${this.#path} cannot be written.`, { cause: error });
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    if (this.#bytes > this.#maxBytes) await this.#rotate();
    await appendFile(this.#path, text);
    this.#bytes += Buffer.byteLength(text);
  }

  async #rotate(): Promise<void> {
    for (let number = this.#kept; number > 0; number -= 1) {
      await rename(numbered(this.#path, number - 1), numbered(this.#path, number)).catch((error: unknown) => {
        // The first files to be put aside have none before them.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
    }
    this.#bytes = 0;
  }
}
