/** Something that the collector is asked to do: whether it is under way, and why it was not done. */
export class Deed {
  isBusy: boolean = $state(false);
  trouble: unknown = $state.raw();

  /** Does one thing at a time. @returns whether it was done */
  async do(what: () => Promise<unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.trouble = undefined;
    try {
      await what();
      return true;
    } catch (error) {
      this.trouble = error;
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
