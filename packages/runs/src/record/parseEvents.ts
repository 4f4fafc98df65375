import { InputError, schemaIssues } from '@nonlocal-med/core';
import { type RunEventRecord, runEventSchema } from './runEventSchema.js';

/**
 * The events of a log but its training steps, of which there are thousands. A last line that a killed process left
 * incomplete is left out.
 * @throws InputError that lists every line that is no event.
 */
export function parseEvents(text: string, file: string): RunEventRecord[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const parsed = lines.flatMap((line, index) =>
    line === '' || line.startsWith('{"type":"step"')
      ? []
      : [{ where: `${file}:${index + 1}`, value: parseLine(line) }],
  );
  const results = parsed
    .filter(({ value }) => (value as { type?: unknown } | undefined)?.type !== 'step')
    .map(({ where, value }) => ({ where, value, result: runEventSchema.safeParse(value) }));
  const issues = results.flatMap(({ where, value, result }) =>
    result.success
      ? []
      : schemaIssues(result.error, {
          schema: runEventSchema,
          input: value,
          path: where,
          separator: ': ',
        }),
  );
  if (issues.length > 0) throw new InputError(issues);
  return results.map(({ result }) => result.data!);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
