export const account = '111122223333';
export const region = 'us-east-1';

export const arn = (service: string, resource: string, of: { account?: string; region?: string } = {}) =>
  `arn:aws:${service}:${of.region ?? region}:${of.account ?? account}:${resource}`;

export const auditStreamArn = arn('dynamodb', 'table/tenantry-audit/stream/2026-01-01T00:00:00.000');
