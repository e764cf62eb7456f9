import type { RawEvent } from "./wire";

/** Knows which events came already: ids are `<boot>-<number>`, rising while the server runs. */
export class Seen {
  #boot = "";
  #number = 0;

  /** Say whether an event is new, and remember it; a snapshot, which has no id, always is. */
  isNew({ id }: RawEvent): boolean {
    const cut = id.lastIndexOf("-");
    if (cut < 0) return true;
    const boot = id.slice(0, cut);
    const number = Number(id.slice(cut + 1));
    if (boot === this.#boot && number <= this.#number) return false;
    this.#boot = boot;
    this.#number = number;
    return true;
  }
}
