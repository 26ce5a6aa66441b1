import * as z from 'zod';
import { tenantRoles } from '#core/contract/api/roles.ts';

/** `invited` until the first token is issued; a `disabled` user is refused at once, even with a valid token. */
const userStatuses = ['invited', 'active', 'disabled'] as const;

const emailSchema = z.email().max(254);

/** A user of one tenant; its id is its e-mail address in lower case. */
export const userSchema = z.object({
  userId: z.string(),
  email: z.string(),
  role: z.enum(tenantRoles),
  status: z.enum(userStatuses),
  invitedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().min(1),
});
export type User = z.infer<typeof userSchema>;

export const invitationSchema = z.strictObject({ email: emailSchema, role: z.enum(tenantRoles) });
export type Invitation = z.infer<typeof invitationSchema>;

export const userUpdateSchema = z
  .strictObject({ role: z.enum(tenantRoles), disabled: z.boolean() })
  .partial()
  .refine((update) => Object.keys(update).length > 0, 'must change at least one of role, disabled');
export type UserUpdate = z.infer<typeof userUpdateSchema>;
