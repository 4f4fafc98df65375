/** A wheel to fetch from a Python package index. */
export interface WheelRequest {
  readonly project: string;
  /** As in a requirement: `==2.21.0`, or a lower and an upper bound, `>=12.5.82,<13`. */
  readonly versions: string;
  /** Python version, without the point: `311`. */
  readonly python: string;
  /** Platform tags that would do, the best first. */
  readonly platformTags: readonly string[];
  /** Bytes, for the progress; about right where the version is not pinned. */
  readonly size: number;
}
