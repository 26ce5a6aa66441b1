import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';

/** `token` must be that of a tenant-member: anyone who can read the page can read the token. */
export const showFlags = async (baseUrl: string, token: string, show: (text: string) => void) => {
  const provider = new OFREPWebProvider({ baseUrl, headers: [['Authorization', `Bearer ${token}`]] });
  await OpenFeature.setProviderAndWait(provider as Provider, { targetingKey: 'user-42' });
  const flags = OpenFeature.getClient();

  const render = () => show(`new-editor ${flags.getBooleanValue('new-editor', false)}`);
  render();
  // The provider listens to the event stream that the first response announced.
  flags.addHandler(ProviderEvents.ConfigurationChanged, render);
};
