/** The application's database: the only one of a cluster that tenants may connect to. */
export const applicationDatabase = 'app';
export const superuser = 'postgres';

/** The local clusters' settings are those of a production shard, but TLS: traffic stays on the loopback interface. */
export const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // Reserved for the control plane when tenants have used up the rest.
  reserved_connections: '10',
  // A prepared transaction would hold its locks after its session was ended.
  max_prepared_transactions: '0',
  password_encryption: 'scram-sha-256',
  log_lock_waits: 'on',
  // 64 MB: a tenant that notifies without end fills its queue, not the disk.
  max_notify_queue_pages: '8192',
};

/** Logins: tenants to the application's database only, the control plane to any, nobody else. */
export const hostRules = [
  `host ${applicationDatabase} +tenantry_tenant 127.0.0.1/32 scram-sha-256`,
  `host ${applicationDatabase} tenantry_migrator 127.0.0.1/32 scram-sha-256`,
  `host all +tenantry_admin 127.0.0.1/32 scram-sha-256`,
  `host all ${superuser} 127.0.0.1/32 scram-sha-256`,
  'host all all all reject',
  '',
].join('\n');

export const initialiseFlags = [
  `--username=${superuser}`,
  // `hostRules` take the place of what it writes.
  '--auth=reject',
  '--encoding=UTF8',
  '--locale=C',
  // A language's collation as default, as managed services have it: "C" everywhere would hide a column that lacks it.
  '--locale-provider=icu',
  '--icu-locale=en-US',
  '--no-sync',
  '--no-instructions',
] as const;
