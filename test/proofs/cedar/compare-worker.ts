import { parentPort, workerData } from 'node:worker_threads';
import { seeded } from '#test/proofs/seeded.ts';
import { compare } from './oracle.ts';

const { seed, asked } = workerData as { seed: number; asked: number };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(compare(seeded(seed), asked));
