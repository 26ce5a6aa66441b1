import { expect, test } from 'vitest';
import { workflowNames } from '#core/contract/platform/names.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { synthesised, target } from '#test/infra/synthesised.ts';
import { collidingIds } from './colliding-ids.ts';
import { arn } from './policies/arns.ts';
import { allows, type NamedPolicy, type Question } from './policies/evaluate.ts';
import { functionRule } from './policies/function-rule.ts';
import { rolesOf } from './policies/role-policies.ts';
import { groups } from './policies/vocabulary.ts';
import { report, seeded } from './seeded.ts';

const made = synthesised();
const random = seeded(50_000);
const roles = new Map(rolesOf(made, made.controlPlane).map((role) => [role.id, role]));
const lambdas = made.resources(made.controlPlane, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

const roleOf = (name: string) => {
  const role = roles.get(target(lambdas.find(({ FunctionName }) => FunctionName === `tenantry-${name}`)?.Role));
  if (!role) throw new Error(`${name} has no role.`);
  return role;
};

/** What a request may carry beside action and resource; none of it may change what a function is allowed. */
const anyContext = (name: string): Question['context'] => ({
  ...(random.chance(50) && { 'lambda:SourceFunctionArn': arn('lambda', `function:tenantry-${name}`) }),
  ...(random.chance(50) && { 'dynamodb:LeadingKeys': [`TENANT#${random.pick(collidingIds)}`] }),
  ...(random.chance(50) && { 'aws:PrincipalTag/tenant': random.pick(collidingIds) }),
});

interface Found {
  asked: number;
  allowed: number;
  wrongAllows: Question[];
  wrongDenials: Question[];
}

/** Asks for every action on every resource of its kind, and compares with the rule. */
const askEverything = async (
  policies: readonly NamedPolicy[],
  rule: (question: Question) => boolean,
  context: () => Question['context'],
): Promise<Found> => {
  const found: Found = { asked: 0, allowed: 0, wrongAllows: [], wrongDenials: [] };
  for (const { actions, resources } of groups) {
    for (const action of actions) {
      for (const resource of resources) {
        const question = { action, resource, context: context() };
        const [expected, answer] = [rule(question), await allows(policies, question)];
        found.asked += 1;
        if (answer) found.allowed += 1;
        if (answer && !expected) found.wrongAllows.push(question);
        if (!answer && expected) found.wrongDenials.push(question);
      }
    }
  }
  return found;
};

const told = (name: string, roleCount: number, found: readonly Found[]) => {
  const sum = (count: (one: Found) => number) => found.reduce((all, one) => all + count(one), 0);
  report(name, {
    roles: roleCount,
    asked: sum(({ asked }) => asked),
    allowed: sum(({ allowed }) => allowed),
    wrongAllows: sum(({ wrongAllows }) => wrongAllows.length),
    wrongDenials: sum(({ wrongDenials }) => wrongDenials.length),
  });
};

test('every function may do what the manifest says, and nothing else', async () => {
  const found: Found[] = [];
  for (const name of functionNames) {
    found.push(await askEverything(roleOf(name).policies, functionRule(name), () => anyContext(name)));
  }
  told('roles of functions', functionNames.length, found);
  for (const [index, name] of functionNames.entries()) {
    expect(found[index]?.allowed, name).toBeGreaterThan(0);
    expect(found[index]?.wrongAllows, name).toEqual([]);
    expect(found[index]?.wrongDenials, name).toEqual([]);
  }
});

test('roles of workflows may call their own tasks and write traces; other roles touch nothing', async () => {
  const stacks = [made.data, made.controlPlane, made.shards, made.operations];
  const ofFunctions = new Set(functionNames.map((name) => roleOf(name).id));
  const workflowOf = new Map(
    made
      .resources(made.controlPlane, 'AWS::StepFunctions::StateMachine')
      .map(([, { Properties }]) => [target(Properties.RoleArn), String(Properties.StateMachineName)]),
  );
  const found: Found[] = [];
  for (const { id, policies } of stacks.flatMap((stack) => rolesOf(made, stack))) {
    if (ofFunctions.has(id)) continue;
    const workflow = workflowOf.get(id);
    const one = await askEverything(
      policies,
      (question) => isTaskOrTrace(workflow, question),
      () => ({}),
    );
    found.push(one);
    expect(one.wrongAllows, id).toEqual([]);
    expect(one.wrongDenials, id).toEqual([]);
  }
  told('other roles', found.length, found);
  expect(workflowOf.size).toBe(workflowNames.length);
});

const isTaskOrTrace = (workflow: string | undefined, { action, resource }: Question) => {
  if (workflow === undefined) return false;
  if (action === 'xray:PutTraceSegments' || action === 'xray:PutTelemetryRecords') return true;
  return (
    action === 'lambda:InvokeFunction' &&
    functionNames.some((name) => {
      const { trigger } = functionSpecs[name];
      return (
        resource === arn('lambda', `function:tenantry-${name}`) &&
        trigger.kind === 'task' &&
        trigger.workflows.some((known) => known === workflow)
      );
    })
  );
};
