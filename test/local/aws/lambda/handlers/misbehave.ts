import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#core/contract/api/errors.ts';

export const seen = { calls: 0, atOnce: 0, mostAtOnce: 0 };

interface Wish {
  does: 'nothing' | 'throw' | 'throw-text' | 'circular' | 'huge' | 'hang' | 'work';
  bytes?: number;
}

export const handler = async ({ does, bytes = 0 }: Wish): Promise<unknown> => {
  seen.calls += 1;
  switch (does) {
    case 'nothing':
      return undefined;
    case 'throw':
      throw new AppError('shard_unreachable', 'The shard is away.');
    case 'throw-text':
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- what careless code does
      throw 'just text';
    case 'circular': {
      const loop: Record<string, unknown> = {};
      loop['self'] = loop;
      return loop;
    }
    case 'huge':
      return 'x'.repeat(bytes);
    case 'hang':
      return await sleep(60_000, 'late', { ref: false });
    case 'work': {
      seen.atOnce += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
      await sleep(2);
      seen.atOnce -= 1;
      return 'done';
    }
    default:
      return does satisfies never;
  }
};
