import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { config } from '#config';
import { type Limits, stageLimits } from '#core/contract/model/limits.ts';

/** The options of `npm start`. */
export interface Options {
  port: number;
  awsPort: number;
  folder: string;
  schema: string;
  fresh: boolean;
  examples: boolean;
  console: boolean;
  webOrigins: string[];
  throttle: Limits;
}

export const usage = `npm start -- [options]

  --fresh            delete all state first
  --no-examples      do not onboard the tenants of examples/onboarding-events.json
  --no-console       serve the API alone, without the web console
  --port <n>         port of the API and the console (8787; 0 takes a free one)
  --aws-port <n>     port of the AWS-shaped endpoint (4566; 0 takes a free one)
  --schema <folder>  the application's migrations (${config.schema})
  --folder <folder>  where state is stored (.tenantry)
  --origin <url>     origin of a web page that may call the API, beside those of tenantry.config.ts; may be repeated
  --throttle <n>     requests a second that the API takes of all callers together (${stageLimits.requestsPerSecond}, as deployed)
  --help             show this`;

const portOf = (text: string, name: string) => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`--${name} must be a port number, not "${text}".`);
  return port;
};

/** An account's own quota may be another than the one that every account begins with: the burst grows alike. */
const throttleOf = (text: string): Limits => {
  const requestsPerSecond = Number(text);
  if (!Number.isInteger(requestsPerSecond) || requestsPerSecond < 1 || requestsPerSecond > 1_000_000)
    throw new TypeError(`--throttle must be a number of requests from 1 to 1000000, not "${text}".`);
  return {
    requestsPerSecond,
    burst: Math.ceil((requestsPerSecond * stageLimits.burst) / stageLimits.requestsPerSecond),
  };
};

const originOf = (text: string) => {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new TypeError(`--origin must be an origin such as http://localhost:5173, not "${text}".`);
};

/** Reads the arguments; throws a TypeError that says what is wrong with them, and gives `undefined` for `--help`. */
export const readOptions = (args: string[]): Options | undefined => {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      port: { type: 'string', default: '8787' },
      'aws-port': { type: 'string', default: '4566' },
      folder: { type: 'string', default: '.tenantry' },
      schema: { type: 'string', default: config.schema },
      fresh: { type: 'boolean', default: false },
      examples: { type: 'boolean', default: true },
      console: { type: 'boolean', default: true },
      throttle: { type: 'string', default: String(stageLimits.requestsPerSecond) },
      origin: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    port: portOf(values.port, 'port'),
    awsPort: portOf(values['aws-port'], 'aws-port'),
    folder: resolve(values.folder),
    schema: resolve(values.schema),
    fresh: values.fresh,
    examples: values.examples,
    console: values.console,
    webOrigins: [...config.webOrigins, ...values.origin.map(originOf)],
    throttle: throttleOf(values.throttle),
  };
};
