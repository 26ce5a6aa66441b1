import { applyMode, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'light' | 'dark';
const kept = 'tenantry-theme';

/** What the viewer chose last, else what the machine prefers. */
export const chosenTheme = (): Theme => {
  const chosen = localStorage.getItem(kept);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
};

export const applyTheme = (theme: Theme): void => applyMode(theme === 'dark' ? Mode.Dark : Mode.Light);

export const keepTheme = (theme: Theme): void => {
  localStorage.setItem(kept, theme);
  applyTheme(theme);
};
