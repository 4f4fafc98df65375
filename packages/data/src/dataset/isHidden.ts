/** Names that are never part of a data set: hidden files, and what systems leave behind. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini', '@eaDir'].includes(name);
}
