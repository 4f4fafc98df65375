import { basename } from 'node:path';
import type { Issue } from '@nonlocal-med/core';

/** Images with their groups. */
export interface GroupedImages<I> {
  readonly images: readonly (I & { readonly group?: string })[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** Gives images the group that `groupPattern` finds in their file names; without a pattern they keep what they have. `groupNote` is said where none has any. */
export function groupImages<I extends { readonly file: string; readonly group?: string }>(
  images: readonly I[],
  groupPattern: string | undefined,
  groupNote?: string,
): GroupedImages<I> {
  if (groupPattern === undefined) {
    const note =
      groupNote ??
      'Each image stands alone in a split; if several show one patient, name a groupColumn or a groupPattern.';
    return {
      images,
      issues: [],
      notes: images.some(({ group }) => group !== undefined) ? [] : [note],
    };
  }
  const pattern = new RegExp(groupPattern, 'u');
  const grouped = images.map((image) => ({
    ...image,
    group: pattern.exec(basename(image.file))?.[1],
  }));
  const alone = grouped.filter(({ group }) => group === undefined);
  if (images.length > 0 && alone.length === images.length) {
    return {
      images: grouped,
      notes: [],
      issues: [
        {
          path: 'data.groupPattern',
          message: `"${groupPattern}" matches none of ${images.length} file names`,
          hint: `the first is ${basename(images[0].file)}`,
        },
      ],
    };
  }
  const notes =
    alone.length === 0
      ? []
      : [
          `groupPattern matches ${images.length - alone.length} of ${images.length} file names; the others, such as ${basename(alone[0].file)}, stand alone in a split.`,
        ];
  return { images: grouped, issues: [], notes };
}
