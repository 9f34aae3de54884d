/** The bale of the press that the kiosk offers. */
export interface Offer {
  /** Of the proposal. */
  readonly id: string;
  /** Null: the press does not say. */
  readonly outlet: string | null;
}
