/** What a table and a folder both call an image: its name without folders, ending and case (20051020_43808_0100_pp). */
export function imageKey(name: string): string {
  const base = name.trim().replaceAll('\\', '/').split('/').at(-1)!;
  return base.replace(/\.(tiff?|png|jpe?g|webp|bmp)$/i, '').toLowerCase();
}
