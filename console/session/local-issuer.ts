import * as z from 'zod';
import { problemSchema } from '#core/contract/api/http.ts';
import { roleSchema } from '#core/contract/api/roles.ts';
import type { IssuedToken, Issuer } from './issuer.ts';

const choiceSchema = z.object({
  role: roleSchema.optional(),
  tenant: z.string().optional(),
  user: z.string().optional(),
});
/** The chosen identity: a role, with a tenant if it is a tenant role, or a tenant's user. */
export type LocalChoice = z.infer<typeof choiceSchema>;

const minutes = 15;
const storageKey = 'tenantry-local-choice';

/** The choice, not the token, survives a reload, as an issuer's session would. */
const keptChoice = (): LocalChoice | undefined => {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? undefined : choiceSchema.safeParse(JSON.parse(text)).data;
};

const issue = async (choice: LocalChoice): Promise<IssuedToken> => {
  const response = await fetch('/_local/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...choice, minutes }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(problemSchema.parse(answer).detail);
  const { token } = z.object({ token: z.string() }).parse(answer);
  return { token, expiresAt: Date.now() + minutes * 60_000 };
};

export interface LocalIssuer extends Issuer {
  /** Rejects with the reason if sign-in is refused. */
  choose(choice: LocalChoice): Promise<IssuedToken>;
}

const renew = async (): Promise<IssuedToken> => {
  const choice = keptChoice();
  if (!choice) throw new Error('Not signed in.');
  return issue(choice);
};

const forget = () => sessionStorage.removeItem(storageKey);

/** The local run's issuer, which issues tokens to anyone on this machine. */
export const localIssuer = (): LocalIssuer => ({
  renew,
  resume: async () => {
    if (!keptChoice()) return undefined;
    try {
      return await renew();
    } catch {
      // The chosen user or tenant may be gone; then the user chooses again.
      forget();
      return undefined;
    }
  },
  choose: async (choice) => {
    const held = await issue(choice);
    sessionStorage.setItem(storageKey, JSON.stringify(choice));
    return held;
  },
  signOut: async () => forget(),
});
