import { z } from 'zod';
import type { Permissions } from './roles.ts';

/** The largest request body taken, in bytes: far above any request of the route table. */
export const maxBodyBytes = 262_144;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One route of the HTTP API: the router, the gateway's routes, OpenAPI, the docs and the client are made from it. */
export interface Route {
  method: Method;
  /** In API Gateway's form: `/v1/tenants/{tenant}`. */
  path: string;
  summary: string;
  /** `public` needs no token; everything else is refused unless the caller's role is listed. */
  access: Permissions | 'public';
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Status of the ordinary answer and its body. */
  answer: { status: number; body: z.ZodType; contentType?: string };
}

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2048).optional(),
};

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });
