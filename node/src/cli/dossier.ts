import type { Command } from 'commander';
import { addDossierExport } from './dossier-export.ts';
import { addDossierInspect } from './dossier-inspect.ts';
import type { Session } from './session.ts';
import { addVerifyCommand } from './verify.ts';

export function addDossierCommands(program: Command, session: () => Session): void {
  const dossier = program.command('dossier').description('files with records and all that proves them');
  addDossierExport(dossier, session);
  addDossierInspect(dossier, session);
  addVerifyCommand(dossier, session);
}
