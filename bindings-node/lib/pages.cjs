'use strict';

/** The items of all pages, each page fetched when its first item is asked for: until as many came as there are, or a page is empty. */
async function* pages(fetch, items, total) {
  let seen = 0;
  for (let number = 1; ; number += 1) {
    const page = await fetch(number);
    yield* page[items];
    seen += page[items].length;
    if (page[items].length === 0 || seen >= (page[total] ?? Number.POSITIVE_INFINITY)) return;
  }
}

module.exports = { pages };
