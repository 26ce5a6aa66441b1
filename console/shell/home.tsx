import { Navigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';

/** Where each role begins: at the fleet, at its tenants, or at its own tenant. */
export const Home = () => {
  const { me, can } = useSession();
  if (me.tenantId !== undefined) return <Navigate to={`/tenants/${me.tenantId}`} replace />;
  return <Navigate to={can('listShards') ? '/fleet' : '/tenants'} replace />;
};
