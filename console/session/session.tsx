import { createContext, useContext } from 'react';
import type { ConsoleConfig } from '#core/contract/api/console.ts';
import type { OperationId } from '#core/contract/api/routes.ts';
import type { Api, Me } from './api.ts';

/** Who is signed in, what it may do, and how it asks the API. */
export interface Session {
  config: ConsoleConfig;
  me: Me;
  api: Api;
  /** Whether the role may call the operation: what it may not do is not shown. */
  can: (operationId: OperationId) => boolean;
  signOut: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Nobody is signed in here.');
  return session;
};
