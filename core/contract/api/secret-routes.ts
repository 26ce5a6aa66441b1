import { rotationStartedSchema, secretSchema } from '#core/contract/model/secret.ts';
import { listOf, type Route } from './http.ts';

export const secretRoutes = {
  listSecrets: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/secrets',
    summary: "List a tenant's secrets: versions and dates, never values",
    tag: 'secrets',
    access: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
    answer: { status: 200, body: listOf(secretSchema) },
  },
  rotateSecrets: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/secrets/rotate',
    summary: "Rotate an active tenant's database password",
    tag: 'secrets',
    access: { 'platform-admin': 'any', 'tenant-admin': 'own' },
    sets: ['Location'],
    errors: ['invalid_transition', 'version_conflict'],
    answer: { status: 202, body: rotationStartedSchema },
  },
} as const satisfies Record<string, Route>;
