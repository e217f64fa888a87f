'use strict';

/**
 * The items of all pages, each page fetched when its first item is asked for. No generator: that would be over after any error, and who goes on after
 * a passing one would take the rest of the list for empty.
 */
class Pages {
  #nextItems;
  #items = [].values();
  #isOver = false;
  /** Settles when those have their item who asked before. */
  #turn = Promise.resolve();

  /** `nextItems` gives the items of the next page, or null after the last. */
  constructor(nextItems) {
    this.#nextItems = nextItems;
  }

  async next() {
    const turn = this.#turn;
    let pass;
    this.#turn = new Promise((resolve) => {
      pass = resolve;
    });
    await turn;
    try {
      return await this.#next();
    } finally {
      pass();
    }
  }

  async #next() {
    while (!this.#isOver) {
      const item = this.#items.next();
      if (!item.done) return item;
      const items = await this.#nextItems();
      if (items === null) this.#isOver = true;
      else this.#items = items.values();
    }
    return { done: true, value: undefined };
  }

  async return() {
    this.#isOver = true;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

module.exports = { Pages };
