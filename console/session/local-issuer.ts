import * as z from 'zod';
import { problemSchema } from '#core/contract/api/http.ts';
import { roleSchema } from '#core/contract/api/roles.ts';
import type { HeldToken, Issuer } from './issuer.ts';

const choiceSchema = z.object({
  role: roleSchema.optional(),
  tenant: z.string().optional(),
  user: z.string().optional(),
});
/** Who somebody at this machine wants to be: a role, of a tenant where it is a tenant's, or a tenant's user. */
export type LocalChoice = z.infer<typeof choiceSchema>;

const minutes = 15;
const kept = 'tenantry-local-choice';

/** The choice, not the token, outlives a reload, as an issuer's own session would. */
const keptChoice = (): LocalChoice | undefined => {
  const text = sessionStorage.getItem(kept);
  return text === null ? undefined : choiceSchema.safeParse(JSON.parse(text)).data;
};

const issue = async (choice: LocalChoice): Promise<HeldToken> => {
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
  /** Rejects, saying why, when nobody like that is let in. */
  choose(choice: LocalChoice): Promise<HeldToken>;
}

const renew = async (): Promise<HeldToken> => {
  const choice = keptChoice();
  if (!choice) throw new Error('Nobody is signed in.');
  return issue(choice);
};

const forget = () => sessionStorage.removeItem(kept);

/** The local run's issuer, which gives a token to whoever asks from this machine. */
export const localIssuer = (): LocalIssuer => ({
  renew,
  resume: async () => {
    if (!keptChoice()) return undefined;
    try {
      return await renew();
    } catch {
      // Who was chosen may be gone, as its tenant: then somebody must choose again.
      forget();
      return undefined;
    }
  },
  choose: async (choice) => {
    const held = await issue(choice);
    sessionStorage.setItem(kept, JSON.stringify(choice));
    return held;
  },
  signOut: async () => forget(),
});
