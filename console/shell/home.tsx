import { Navigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';

/** Redirects to the start page of the role: the fleet, its tenants, or its own tenant. */
export const Home = () => {
  const { me, can } = useSession();
  if (me.tenantId !== undefined) return <Navigate to={`/tenants/${me.tenantId}`} replace />;
  return <Navigate to={can('listShards') ? '/fleet' : '/tenants'} replace />;
};
