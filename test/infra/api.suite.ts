import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { routeTable } from '#core/contract/api/routes.ts';
import { type Limits, publicRouteLimits, stageLimits } from '#core/contract/model/limits.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { ControlPlaneApi } from '#lib/control-plane/http-api.ts';
import { anApp, asText, synthesised, target } from './synthesised.ts';

const made = synthesised();
const all = (type: string) => made.resources(made.controlPlane, `AWS::ApiGatewayV2::${type}`);
const routes = all('Route').map(([, { Properties }]) => Properties);

test('the API has the routes of the route table, and no other', () => {
  expect(routes.map(({ RouteKey }) => RouteKey as string).toSorted()).toEqual(
    routeTable.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
});

test('every route but the public ones takes only a valid token', () => {
  const [authorizer, ...others] = all('Authorizer');
  expect(others).toEqual([]);
  expect(authorizer![1].Properties).toMatchObject({
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
  });
  for (const { method, path, access } of routeTable) {
    const route = routes.find(({ RouteKey }) => RouteKey === `${method} ${path}`);
    expect(route.AuthorizationType, path).toBe(access === 'public' ? 'NONE' : 'JWT');
    if (access !== 'public') expect(target(route.AuthorizerId)).toBe(authorizer![0]);
  }
});

test("the tokens of the product's own user pool are taken, and only those meant for its clients", () => {
  const { JwtConfiguration } = all('Authorizer')[0]![1].Properties;
  const [poolId] = made.resources(made.controlPlane, 'AWS::Cognito::UserPool')[0]!;
  const clientIds = made.resources(made.controlPlane, 'AWS::Cognito::UserPoolClient').map(([id]) => `<${id}>`);
  expect(asText(JwtConfiguration.Issuer)).toBe(`<${poolId}.ProviderURL>`);
  expect(JwtConfiguration.Audience.map(asText).toSorted()).toEqual(clientIds.toSorted());
});

test('each operation is answered by the function the manifest gives it to', () => {
  const integrations = new Map(all('Integration'));
  const functions = new Map(made.resources(made.controlPlane, 'AWS::Lambda::Function'));
  for (const name of functionNames) {
    const { trigger } = functionSpecs[name];
    if (trigger.kind !== 'http') continue;
    for (const { method, path, operationId } of routeTable) {
      if (!trigger.operations.includes(operationId)) continue;
      const { Target } = routes.find(({ RouteKey }) => RouteKey === `${method} ${path}`);
      const integration = integrations.get(asText(Target).replace(/^integrations\/<(.*)>$/, '$1'))!;
      const handler = functions.get(target(integration.Properties.IntegrationUri))!;
      expect(handler.Properties.FunctionName, operationId).toBe(`tenantry-${name}`);
      expect(integration.Properties.PayloadFormatVersion).toBe('2.0');
    }
  }
});

const throttle = ({ requestsPerSecond, burst }: Limits) => ({
  ThrottlingRateLimit: requestsPerSecond,
  ThrottlingBurstLimit: burst,
});

test('the stage is throttled, its public routes closer, and its log holds neither headers nor bodies; no other site may call the API', () => {
  const { DefaultRouteSettings, AccessLogSettings, RouteSettings } = all('Stage')[0]![1].Properties;
  expect(DefaultRouteSettings).toMatchObject(throttle(stageLimits));
  expect(RouteSettings).toEqual(
    Object.fromEntries(
      routeTable
        .filter(({ access }) => access === 'public')
        .map(({ method, path }) => [`${method} ${path}`, throttle(publicRouteLimits)]),
    ),
  );
  expect(Object.values(JSON.parse(AccessLogSettings.Format) as object)).not.toContainEqual(
    expect.stringMatching(/header|body|authorization/i),
  );
  expect(all('Api')[0]![1].Properties.CorsConfiguration).toBeUndefined();
});

test('an API with pages of its own lets those in, and pages of no other origin', () => {
  const webOrigins = ['https://console.example.com'];
  const props = { issuer: 'https://issuer.example', audience: ['tenantry'], handlers: [] };
  const { stage } = new ControlPlaneApi(new Stack(anApp(), 'Pages'), 'Http', { ...props, webOrigins });
  const [api] = Object.values(Template.fromStack(Stack.of(stage)).findResources('AWS::ApiGatewayV2::Api'));
  expect(api!['Properties'].CorsConfiguration).toMatchObject({ AllowOrigins: webOrigins });
  expect(api!['Properties'].CorsConfiguration.AllowCredentials ?? false).toBe(false);
});
