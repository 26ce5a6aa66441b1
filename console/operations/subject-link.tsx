import { TextLink } from '#console/shared/text-link.tsx';
import type { Subject } from '#core/contract/model/operation.ts';

const placeOf = ({ type, id }: Subject): string => {
  switch (type) {
    case 'tenant':
      return `/tenants/${id}/operations`;
    case 'flagset':
      return '/flags';
    case 'shard':
    case 'fleet':
      return '/fleet';
    default:
      return type satisfies never;
  }
};

/** The subject of an operation, linked to its page. */
export const SubjectLink = ({ subject }: { subject: Subject }) => (
  <TextLink to={placeOf(subject)}>{subject.type === 'flagset' ? 'flag set' : subject.id}</TextLink>
);
