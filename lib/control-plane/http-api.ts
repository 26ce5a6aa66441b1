import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { cors, type Route } from '#core/contract/api/http.ts';
import { type OperationId, routes } from '#core/contract/api/routes.ts';
import { publicRouteLimits, stageLimits } from '#core/contract/model/limits.ts';
import type { ManifestFunction } from './manifest-function.ts';

export interface ControlPlaneApiProps {
  /** The accepted OpenID Connect issuer and audience. */
  issuer: string;
  audience: readonly string[];
  /** Origins of the web pages that may call the API. */
  webOrigins: readonly string[];
  /** The functions, and the operations that each serves. */
  handlers: readonly { target: ManifestFunction; operations: readonly OperationId[] }[];
}

/** The HTTP API, with exactly the routes of the route table; all but the public ones require a token. */
export class ControlPlaneApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  private readonly publicRoutes = new Map<string, HttpRoute>();

  constructor(scope: Construct, id: string, { issuer, audience, webOrigins, handlers }: ControlPlaneApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: 'tenantry',
      createDefaultStage: false,
      ...(webOrigins.length > 0 && { corsPreflight: preflightOf(webOrigins) }),
    });
    const authorizer = new HttpJwtAuthorizer('Tokens', issuer, { jwtAudience: [...audience] });
    for (const { target, operations } of handlers) {
      const integration = new HttpLambdaIntegration(target.node.id, target.lambda);
      for (const operation of operations) {
        const route: Route = routes[operation];
        const isPublic = route.access === 'public';
        const made = this.api.addRoutes({
          path: route.path,
          methods: [HttpMethod[route.method]],
          integration,
          ...(!isPublic && { authorizer }),
        });
        if (isPublic) {
          acknowledgePublic(made, operation);
          for (const one of made) this.publicRoutes.set(`${route.method} ${route.path}`, one);
        }
      }
    }
    this.stage = this.addStage();
  }

  private addStage(): HttpStage {
    const logs = new LogGroup(this, 'AccessLog', {
      logGroupName: '/aws/vendedlogs/apigateway/tenantry',
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stageLimits.requestsPerSecond, burstLimit: stageLimits.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    this.throttlePublicRoutes(stage);
    return stage;
  }

  /** The construct has no property for route throttling; the routes must exist before the stage refers to them. */
  private throttlePublicRoutes(stage: HttpStage) {
    const { requestsPerSecond, burst } = publicRouteLimits;
    const settings = { ThrottlingRateLimit: requestsPerSecond, ThrottlingBurstLimit: burst };
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = Object.fromEntries([...this.publicRoutes.keys()].map((key) => [key, settings]));
    stage.node.addDependency(...this.publicRoutes.values());
  }
}

const preflightOf = (webOrigins: readonly string[]) => ({
  allowOrigins: [...webOrigins],
  allowMethods: cors.methods.map((method) => CorsHttpMethod[method]),
  allowHeaders: [...cors.requestHeaders],
  exposeHeaders: [...cors.answerHeaders],
  maxAge: Duration.seconds(cors.maxAgeSeconds),
});

/** The fields of an access log line. Headers and bodies are excluded, since they may contain secrets. */
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  subject: '$context.authorizer.claims.sub',
  ip: '$context.identity.sourceIp',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
};

const acknowledgePublic = (made: readonly Construct[], operation: OperationId) => {
  for (const route of made) {
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: `${operation} is public in the route table: it reveals nothing about tenants.`,
    });
  }
};
