/** What one option of a model may be, and what it is when left out. */
export type OptionSpec = { readonly description: string } & (
  | {
      readonly kind: 'choice';
      readonly choices: readonly (string | number)[];
      readonly default: string | number;
    }
  | {
      readonly kind: 'number' | 'integer';
      readonly minimum: number;
      readonly maximum?: number;
      readonly default?: number;
    }
  | { readonly kind: 'boolean'; readonly default: boolean }
  | {
      readonly kind: 'list';
      readonly choices: readonly string[];
      readonly default: readonly string[];
    }
  | { readonly kind: 'size'; readonly minimum: number; readonly default?: undefined }
);

/** Options by name, in the order in which a program shows them. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
