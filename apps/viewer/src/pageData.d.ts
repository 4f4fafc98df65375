import type { CardSection } from '@nonlocal-med/runs/model';

/** What `eval viewer` writes into the page about its model. */
export interface PageData {
  readonly title: string;
  /** The first line of the page: what it is, and which run. */
  readonly kind: string;
  /** What the model is meant for, paragraph by paragraph. */
  readonly intendedUse: readonly string[];
  /** More about the model, from its card. */
  readonly facts: readonly CardSection[];
  /** Whether its weights are stored with 16 bits. */
  readonly isHalf: boolean;
}
