import { applyMode, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'light' | 'dark';
const storageKey = 'tenantry-theme';

/** The user's last choice, or the system preference. */
export const chosenTheme = (): Theme => {
  const chosen = localStorage.getItem(storageKey);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
};

export const applyTheme = (theme: Theme): void => applyMode(theme === 'dark' ? Mode.Dark : Mode.Light);

export const keepTheme = (theme: Theme): void => {
  localStorage.setItem(storageKey, theme);
  applyTheme(theme);
};
