/** Where a data set is, how it is laid out, and what told so. */
export type DatasetPlace = { readonly notes: readonly string[] } & (
  | { readonly kind: 'folder' | 'messidor' | 'covid19-radiography'; readonly folder: string }
  | { readonly kind: 'messidor2'; readonly folder: string; readonly grades?: string }
  | { readonly kind: 'csv'; readonly manifest: string }
  | { readonly kind: 'eyepacs' | 'aptos'; readonly manifest: string }
);
