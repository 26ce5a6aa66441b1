import { chunked, forwardWorkflow } from './asl.ts';

const tellTenants = chunked('tell-tenants', {
  parameters: {
    'operationId.$': '$.operationId',
    'requestId.$': '$.requestId',
    'flagSetVersion.$': '$.flagSetVersion',
  },
  answer: 'carried',
});

export const spreadFlagChange = forwardWorkflow([tellTenants], {
  comment: 'Tells every tenant that a change of flags touches, in its own audit stream: some hundred tenants a step.',
  seconds: 7200,
  done: 'carried',
});
