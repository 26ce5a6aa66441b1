import { decisionMistakes } from './decisions.ts';
import type { Mistake } from './mistake.ts';
import { permissionMistakes } from './permissions.ts';
import { requestMistakes } from './requests.ts';
import { tokenMistakes } from './tokens.ts';

export const mistakes: readonly Mistake[] = [
  ...tokenMistakes,
  ...decisionMistakes,
  ...requestMistakes,
  ...permissionMistakes,
];
