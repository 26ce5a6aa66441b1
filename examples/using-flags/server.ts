import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const { TENANTRY_URL = '', TENANTRY_TOKEN = '' } = process.env;

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: TENANTRY_URL,
    // Asked for each request, so that a token can be renewed.
    headersFactory: async () => [['Authorization', `Bearer ${TENANTRY_TOKEN}`]],
  }),
);
const flags = OpenFeature.getClient();

// What the tenant has, by its tier, its region or an override.
console.log('max-agents', await flags.getNumberValue('max-agents', 1));

// A share of the tenant's users: each of them is named by `targetingKey`, and always gets the same.
console.log('new-editor', await flags.getBooleanValue('new-editor', false, { targetingKey: 'user-42' }));
