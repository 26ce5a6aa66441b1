import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TenantRole, tenantRoles } from '#core/contract/api/roles.ts';
import { type OperationId, routeTable } from '#core/contract/api/routes.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { Random } from '#test/proofs/seeded.ts';
import type { Answer, System } from './harness.ts';
import { requestOf, type Target } from './matrix-requests.ts';

/** A tenant with a token for each of its roles. */
export interface Party extends Target {
  slug: string;
  tokens: Readonly<Record<TenantRole, string>>;
}

/** What an answer or a line of the log held that it should not have. */
export interface Leak {
  what: string;
  found: string[];
}

export interface Interleaved {
  reads: number;
  byStatus: Record<string, number>;
  /** Operations that were read by each role. */
  operations: string[];
  leaks: Leak[];
  /** Request → tenant that asked. */
  askedBy: ReadonlyMap<string, string>;
}

export const aParty = async (system: System): Promise<Party> => {
  const { body } = await system.onboard();
  await system.untilOperation(body.operation.id, 'succeeded');
  const { tenantId, slug, adminEmail }: Tenant = body.tenant;
  // How often it may read is not what is tried here.
  const limits = { requestsPerSecond: 10_000, burst: 10_000 };
  await system.call(`/v1/tenants/${tenantId}`, { method: 'PATCH', body: { limits } });
  const [admin, member] = await Promise.all(tenantRoles.map((role) => system.token(role, tenantId)));
  const tokens = { 'tenant-admin': admin ?? '', 'tenant-member': member ?? '' };
  return { tenantId, slug, adminEmail, operationId: body.operation.id, tokens };
};

/** The flag that `requestOf` evaluates. */
const tellingFlag = '/v1/flags/legacy-export';

/** Gives every tenant its own slug by that flag: an answer from another's overrides, or from a cache, names another. */
export const defineTellingFlag = async (system: System, parties: readonly Party[]) => {
  const variants = Object.fromEntries(parties.map(({ slug }) => [slug, slug]));
  const put = (url: string, body: object) => system.call(url, { method: 'PUT', body });
  const answers = [await put(tellingFlag, { state: 'ENABLED', variants, defaultVariant: null })];
  for (const { tenantId, slug } of parties) {
    answers.push(await put(`${tellingFlag}/tenants/${tenantId}`, { variant: slug, reason: 'tells whose it is' }));
  }
  const refused = answers.filter(({ status }) => status >= 300);
  if (refused.length > 0) throw new Error(`The flag is not defined: ${JSON.stringify(refused[0]?.body)}`);
};

/** Whatever names a tenant: its id, its operation, or its slug, which its name and its addresses hold as well. */
const namesIn = (text: string): string[] => text.match(/tn_[0-9a-z]{26}|op_[0-9a-z]{26}|\bt-\d+-\d+\b/g) ?? [];
/** Whose a name is. An operation of the platform, such as the change of a flag, is of none, and may be told to all. */
const ownersOf = (parties: readonly Party[]) =>
  new Map(parties.flatMap((party) => [party.tenantId, party.slug, party.operationId].map((name) => [name, party])));
type Owners = ReturnType<typeof ownersOf>;

const foreignTo = (party: Party, owners: Owners, names: readonly string[]) =>
  names.filter((name) => (owners.get(name) ?? (name.startsWith('op_') ? party : undefined)) !== party);

/** Exports and verifications are long: they are asked for less often. */
const weights: Partial<Record<OperationId, number>> = { exportTenantAudit: 1, verifyTenantAudit: 2 };

const evaluates = new Set<OperationId>(['evaluateFlag', 'evaluateFlags']);
/** These are about the caller, whatever is asked for. */
const ofCaller = new Set<OperationId>(['getMe', ...evaluates]);

/** Every operation that a tenant's role may read, as often as it is to be asked for. */
const readable = routeTable.flatMap(({ operationId, method, access, answer }) =>
  tenantRoles
    .filter(
      (role) =>
        (method === 'GET' || evaluates.has(operationId)) &&
        access !== 'public' &&
        access[role] &&
        answer.contentType !== 'text/event-stream',
    )
    .flatMap((role) => Array.from({ length: weights[operationId] ?? 8 }, () => ({ operationId, role }))),
);

/** Answers that name no tenant. */
const nameless = new Set<OperationId>(['verifyTenantAudit']);

const paged = new Set<OperationId>(
  routeTable
    .filter(({ query }) => query && 'cursor' in query.shape && 'limit' in query.shape)
    .map((route) => route.operationId),
);

/** Reads as all parties at once, in an order that mixes them, and looks at every answer for what is another's. */
export const interleave = async (
  system: System,
  parties: readonly Party[],
  random: Random,
  { reads, atOnce }: { reads: number; atOnce: number },
): Promise<Interleaved> => {
  const cursors: string[] = [];
  const owners = ownersOf(parties);
  const leaks: Leak[] = [];
  const byStatus: Record<string, number> = {};
  const operations = new Set<string>();
  const askedBy = new Map<string, string>();
  let left = reads;

  const readOnce = async () => {
    const party = random.pick(parties);
    const { operationId, role } = random.pick(readable);
    const asked = random.chance(4) ? random.pick(parties) : party;
    const { path: base, body } = requestOf(operationId, asked);
    // Now and then with a cursor that some list gave, mostly another tenant's.
    const cursor = random.chance(15) && cursors.length > 0 ? `&cursor=${random.pick(cursors)}` : '';
    const url = paged.has(operationId) ? `${base}${base.includes('?') ? '&' : '?'}limit=2${cursor}` : base;
    const answer = await system.call<unknown>(url, {
      token: party.tokens[role],
      ...(evaluates.has(operationId) && { method: 'POST', body }),
    });
    const status = String(answer.status);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    operations.add(`${operationId} by ${role}`);
    askedBy.set(answer.headers.get('x-request-id') ?? '', party.tenantId);
    const next = cursorOf(answer);
    if (next !== undefined) cursors[random.int(200)] = next;
    const names = namesOf(answer);
    const found = foreignTo(party, owners, names);
    if (answer.status === 200 && !cursor && !names.length && !nameless.has(operationId)) found.push('nobody at all');
    const expected = asked === party || ofCaller.has(operationId) ? [200, ...(cursor ? [400] : [])] : [404];
    if (!expected.includes(answer.status)) found.push(`status ${answer.status}, not ${expected.join(' or ')}`);
    if (found.length > 0) leaks.push({ what: `${operationId} as ${role} of ${party.tenantId}: ${url}`, found });
  };
  const reader = async () => {
    while (left > 0) {
      left -= 1;
      await readOnce();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return { reads, byStatus, operations: [...operations].toSorted(), leaks, askedBy };
};

/** The operations and roles that `interleave` reads by. */
export const readableBy = [...new Set(readable.map(({ operationId, role }) => `${operationId} by ${role}`))].toSorted();

const cursorOf = ({ body, headers }: Answer<unknown>): string | undefined => {
  const next = typeof body === 'object' && body !== null && 'nextCursor' in body ? body.nextCursor : undefined;
  return typeof next === 'string' ? next : (headers.get('x-next-cursor') ?? undefined);
};

/** What an answer names: in its body, its headers, and in what its cursor encodes. */
const namesOf = (answer: Answer<unknown>): string[] =>
  namesIn(
    JSON.stringify([answer.body, [...answer.headers]]) + Buffer.from(cursorOf(answer) ?? '', 'base64url').toString(),
  );

/** Every line that the functions printed, with what it names of tenants other than the one it is of. */
export const leaksInLogs = async (
  { folder }: System,
  parties: readonly Party[],
  askedBy: ReadonlyMap<string, string>,
): Promise<{ lines: number; judged: number; leaks: Leak[] }> => {
  const files = (await readdir(path.join(folder, 'logs'))).filter((file) => file.startsWith('functions'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, 'logs', file), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  const owners = ownersOf(parties);
  const leaks: Leak[] = [];
  let judged = 0;
  for (const line of lines) {
    const { requestId, tenantId } = JSON.parse(line) as { requestId?: string; tenantId?: string };
    const party = owners.get(askedBy.get(requestId ?? '') ?? tenantId ?? '');
    const names = namesIn(line);
    const first = party ?? names.map((name) => owners.get(name)).find((one) => one !== undefined);
    if (names.length > 0) judged += 1;
    const found = first ? foreignTo(first, owners, names) : [];
    if (found.length > 0) leaks.push({ what: line, found });
  }
  return { lines: lines.length, judged, leaks };
};
