export const account = '111122223333';
export const region = 'us-east-1';

export const arn = (service: string, resource: string, of: { account?: string; region?: string } = {}) =>
  `arn:aws:${service}:${of.region ?? region}:${of.account ?? account}:${resource}`;

export const iamArn = (resource: string) => `arn:aws:iam::${account}:${resource}`;

export const userPoolArn = arn('cognito-idp', 'userpool/us-east-1_tenantry');

/** The stream of one of the product's tables. */
export const streamArn = (table: string) => arn('dynamodb', `table/tenantry-${table}/stream/2026-01-01T00:00:00.000`);
