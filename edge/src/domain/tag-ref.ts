/** A tag of a device, by name. */
export interface TagRef {
  readonly device: string;
  readonly tag: string;
}
