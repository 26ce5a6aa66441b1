import type { Session } from '#console/session/session.tsx';
import type { OperationId } from '#core/contract/api/routes.ts';

interface Place {
  type: 'link';
  text: string;
  href: string;
}

const places: readonly { text: string; href: string; needs: OperationId }[] = [
  { text: 'Fleet', href: '/fleet', needs: 'getFleet' },
  { text: 'Tenants', href: '/tenants', needs: 'listTenants' },
  { text: 'Operations', href: '/operations', needs: 'listAllOperations' },
  { text: 'Flags', href: '/flags', needs: 'listFlags' },
  { text: 'Platform audit', href: '/audit', needs: 'listSystemAudit' },
];

/** The navigation links that the role has permission for. */
export const navigationOf = ({ me, can }: Pick<Session, 'me' | 'can'>): Place[] => [
  ...(me.tenantId === undefined ? [] : [link('My tenant', `/tenants/${me.tenantId}`)]),
  ...places.filter(({ needs }) => can(needs)).map(({ text, href }) => link(text, href)),
];

const link = (text: string, href: string): Place => ({ type: 'link', text, href });
