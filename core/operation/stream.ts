import { flagSetStream, systemStream } from '#core/contract/events/catalogue.ts';
import type { Subject } from '#core/contract/model/operation.ts';

/** The audit stream of what is done to a subject. */
export const streamOf = ({ type, id }: Subject): string => {
  switch (type) {
    case 'tenant':
      return id;
    case 'flagset':
      return flagSetStream;
    case 'shard':
    case 'fleet':
      return systemStream;
    default:
      return type satisfies never;
  }
};
