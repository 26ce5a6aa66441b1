import Spinner from '@cloudscape-design/components/spinner';
import { lazy, type ReactNode, Suspense, useMemo, useSyncExternalStore } from 'react';
import type { ConsoleConfig } from '#core/contract/api/console.ts';
import { type Session, SessionProvider } from './session.tsx';
import type { SessionStore } from './session-store.ts';

const LocalSignIn = lazy(async () => ({ default: (await import('./local-sign-in.tsx')).LocalSignIn }));
const OidcSignIn = lazy(async () => ({ default: (await import('./oidc-sign-in.tsx')).OidcSignIn }));

interface GateProps {
  config: ConsoleConfig;
  store: SessionStore;
  children: ReactNode;
}

/** Shows its content only to signed-in users. */
export const SessionGate = ({ config, store, children }: GateProps) => {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const session = useMemo<Session | undefined>(
    () =>
      state.kind === 'in'
        ? {
            config,
            me: state.me,
            api: store.api,
            can: (operationId) => state.me.operations.includes(operationId),
            signOut: store.signOut,
          }
        : undefined,
    [config, state, store],
  );
  if (session) return <SessionProvider value={session}>{children}</SessionProvider>;
  if (state.kind === 'starting') return <Waiting />;
  return (
    <Suspense fallback={<Waiting />}>
      <Door store={store} {...(state.kind === 'out' && { reason: state.reason })} />
    </Suspense>
  );
};

const Door = ({ store, reason }: { store: SessionStore; reason?: string | undefined }) =>
  store.door.kind === 'local' ? (
    <LocalSignIn issuer={store.door.issuer} reason={reason} enter={(token) => store.enter(token)} />
  ) : (
    <OidcSignIn issuer={store.door.issuer} reason={reason} />
  );

const Waiting = () => (
  <div className="waiting" role="status">
    <Spinner size="large" /> One moment …
  </div>
);
