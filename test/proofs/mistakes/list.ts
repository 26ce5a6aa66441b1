import { decisionMistakes } from './decisions.ts';
import { flagMistakes } from './flags.ts';
import { limitMistakes } from './limits.ts';
import type { Mistake } from './mistake.ts';
import { permissionMistakes } from './permissions.ts';
import { requestMistakes } from './requests.ts';
import { secretMistakes } from './secrets.ts';
import { standingMistakes } from './standing.ts';
import { tenantScopeMistakes } from './tenant-scope.ts';
import { tokenMistakes } from './tokens.ts';
import { webMistakes } from './web.ts';

export const mistakes: readonly Mistake[] = [
  ...tokenMistakes,
  ...decisionMistakes,
  ...standingMistakes,
  ...requestMistakes,
  ...tenantScopeMistakes,
  ...permissionMistakes,
  ...limitMistakes,
  ...secretMistakes,
  ...flagMistakes,
  ...webMistakes,
];
