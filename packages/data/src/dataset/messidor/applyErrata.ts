import { messidorErrata } from './messidorErrata.js';
import type { AnnotationRow } from './readAnnotation.js';

/** Sets the grades that MESSIDOR's publishers corrected. Doing it twice, or on a corrected file, changes nothing. */
export function applyErrata(rows: ReadonlyMap<string, AnnotationRow>): {
  rows: ReadonlyMap<string, AnnotationRow>;
  notes: string[];
} {
  const changed: string[] = [];
  const right: string[] = [];
  const result = new Map(rows);
  for (const [key, retinopathy] of messidorErrata.retinopathy) {
    const row = rows.get(key);
    if (row === undefined) continue;
    (row.retinopathy === retinopathy ? right : changed).push(
      `${key.split('_')[1]}: ${row.retinopathy === retinopathy ? '' : `${row.retinopathy} to `}${retinopathy}`,
    );
    result.set(key, { ...row, retinopathy });
  }
  if (changed.length + right.length === 0) return { rows: result, notes: [] };
  const already =
    right.length === 0
      ? ''
      : `${changed.length > 0 ? '; ' : ''}corrected in the files already: ${right.join(', ')}`;
  return {
    rows: result,
    notes: [
      `Grades as MESSIDOR's publishers corrected them: ${changed.length > 0 ? `changed ${changed.join(', ')}` : ''}${already}.`,
    ],
  };
}
