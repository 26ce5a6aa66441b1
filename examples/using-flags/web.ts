import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';

/** `token` is a tenant-member's: whoever reads the page can read it. */
export const showFlags = async (baseUrl: string, token: string, show: (text: string) => void) => {
  const provider = new OFREPWebProvider({ baseUrl, headers: [['Authorization', `Bearer ${token}`]] });
  await OpenFeature.setProviderAndWait(provider as Provider, { targetingKey: 'user-42' });
  const flags = OpenFeature.getClient();

  const render = () => show(`new-editor ${flags.getBooleanValue('new-editor', false)}`);
  render();
  // Changes arrive by themselves: the provider listens to the stream that the first answer announced.
  flags.addHandler(ProviderEvents.ConfigurationChanged, render);
};
