import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const { TENANTRY_URL = '', TENANTRY_TOKEN = '' } = process.env;

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: TENANTRY_URL,
    // Called for each request, so that a token can be renewed.
    headersFactory: async () => [['Authorization', `Bearer ${TENANTRY_TOKEN}`]],
  }),
);
const flags = OpenFeature.getClient();

// Depends on the tenant: its tier, its region or an override.
console.log('max-agents', await flags.getNumberValue('max-agents', 1));

// Enabled for a share of the tenant's users, identified by `targetingKey`; each user always gets the same value.
console.log('new-editor', await flags.getBooleanValue('new-editor', false, { targetingKey: 'user-42' }));
