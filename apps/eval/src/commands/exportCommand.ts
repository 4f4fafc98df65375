import { join, relative } from 'node:path';
import { commandLine, formatBytes, quoteForShell } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { exportTrained } from '@nonlocal-med/pipeline';
import { type CommandContext, emitJson, resolveUserPath } from '@nonlocal-med/terminal';
import type { ExportOptions } from '../exportOptions.js';

/** Where the program is that prepares images, seen from the model. */
const PREPARATION = {
  onnx: 'preprocess.py beside it',
  'saved-model': 'assets.extra/preprocess.py beside it',
} as const;

/** `export`: a trained model in another format. */
export function exportCommand(_context: CommandContext) {
  return async (model: string, { format, out, json }: ExportOptions): Promise<void> => {
    await useEngine({ backend: format === 'pytorch' ? 'auto' : 'native' });
    const folder = resolveUserPath(out);
    const written = await exportTrained(resolveUserPath(model), { format, out: folder });
    if (json !== undefined) return emitJson(written);
    const base = resolveUserPath('.');
    const shown = relative(base, folder) || '.';
    const [inside, compare] =
      format === 'pytorch'
        ? [
            'predict.py beside it prepares images and applies it',
            `python ${quoteForShell(join(shown, 'predict.py'))} --self-test`,
          ]
        : [
            `normalization and calibration are inside, the other steps of preprocessing in ${PREPARATION[format]}`,
            commandLine('eval', 'verify', shown),
          ];
    process.stdout.write(
      `${relative(base, written.file)}: ${formatBytes(written.bytes)}; ${inside}\nTo compare it with the trained model:\n\n${compare}\n`,
    );
  };
}
