import '@cloudscape-design/global-styles/index.css';
import './main.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { consoleConfigSchema } from '#core/contract/api/console.ts';
import { SessionStore } from './session/session-store.ts';
import { Console } from './shell/console.tsx';
import { StartFailure } from './shell/start-failure.tsx';
import { applyTheme, chosenTheme } from './shell/theme.ts';

// The Content-Security-Policy forbids eval, which zod would otherwise try.
z.config({ jitless: true });
applyTheme(chosenTheme());

const start = async () => {
  const response = await fetch('/config.json');
  if (!response.ok) throw new Error(`Loading /config.json failed with status ${response.status}.`);
  const config = consoleConfigSchema.parse(await response.json());
  const store = new SessionStore(config);
  // An authorization code can be used only once, so sign-in resumes here: React may run effects twice.
  void store.resume();
  return <Console config={config} store={store} />;
};

const place = document.getElementById('console');
if (!place) throw new Error('The page has no root element.');
const root = createRoot(place);
start().then(
  (console) => root.render(<StrictMode>{console}</StrictMode>),
  (error: unknown) => root.render(<StartFailure error={error} />),
);
