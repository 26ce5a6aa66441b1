/** The account and region that every local resource is in; the account is one that AWS gives to nobody. */
export const localAccount = '000000000000';
export const localRegion = 'us-east-1';
export const localUserPool = 'us-east-1_tenantry';

/** `arnOf('events', 'event-bus/tenantry')`: the ARN of a local resource. */
export const arnOf = (service: string, resource: string, region = localRegion, account = localAccount) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** The ARN of a role; a function's role has the function's name. */
export const roleArnOf = (name: string) => arnOf('iam', `role/${name}`, '');

/** The last part of an ARN, a URL or a path; a plain name is its own last part. */
export const lastPartOf = (nameOrArn: string) => nameOrArn.slice(nameOrArn.search(/[^:/]*$/));
