import { basename } from 'node:path';

/** The base set ("11") whose annotations a file holds by its name, Annotation_Base11.xls or corrected or converted; else undefined. */
export const annotationBase = (path: string): string | undefined =>
  /^annotation_base(\d\d).*\.(?:xlsx?|csv)$/i.exec(basename(path))?.[1];
