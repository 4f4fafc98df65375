import { relative } from 'node:path';
import { useEngine } from '@nonlocal-med/engine';
import { type ExportVerification, verifyExport } from '@nonlocal-med/pipeline';
import { type CommandContext, emitJson, exitCodes, resolveUserPath } from '@nonlocal-med/terminal';
import type { VerifyOptions } from '../exportOptions.js';

/** `verify`: whether an exported model computes what it was made from. */
export function verifyCommand(_context: CommandContext) {
  return async (file: string, { engine, json }: VerifyOptions): Promise<void> => {
    await useEngine({ backend: engine });
    const verification = await verifyExport(resolveUserPath(file));
    if (json === undefined) process.stdout.write(verificationText(verification));
    else emitJson(verification);
    if (!verification.passed) process.exitCode = exitCodes.failed;
  };
}

function verificationText({
  file,
  runtime,
  passed,
  tolerance,
  differences,
}: ExportVerification): string {
  const rows = Object.entries(differences).map(
    ([name, difference]) => `  ${name.padEnd(14)} ${difference.toExponential(1)}`,
  );
  const verdict = passed
    ? `It computes what the trained model computes, to within ${tolerance}.`
    : `It does NOT compute what the trained model computes: at most ${tolerance} is allowed.`;
  return `${[
    `${relative(resolveUserPath('.'), file)}, run by ${runtime}, on two images, together and one by one`,
    'Largest difference from the trained model:',
    ...rows,
    verdict,
  ].join('\n')}\n`;
}
