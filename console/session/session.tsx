import { createContext, useContext } from 'react';
import type { ConsoleConfig } from '#core/contract/api/console.ts';
import type { OperationId } from '#core/contract/api/routes.ts';
import type { Api, Me } from './api.ts';

/** The signed-in user, the user's permissions, and the API client. */
export interface Session {
  config: ConsoleConfig;
  me: Me;
  api: Api;
  /** Whether the role may call the operation; actions without permission are hidden. */
  can: (operationId: OperationId) => boolean;
  signOut: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session here.');
  return session;
};
