// The jobs, given what reads one answer. Each adds up what it has read, so that nobody is faster by not reading it.

/** How many calls are on their way at once. */
export const AT_ONCE = 32;

/** The names of the fields that are read: as the SDK has them, and as the wire has them. */
export const OURS = { talked: 'talkDuration', debtor: 'debtor' };
export const WIRE = { talked: 'talkduration', debtor: 'debtor' };

/** One after the other. `read` gives a call. */
export const inTurn =
  (read, { talked }) =>
  async (count) => {
    let sum = 0;
    let last;
    for (let done = 0; done < count; done += 1) {
      last = await read();
      sum += last[talked];
    }
    return `${sum} ${last.status}`;
  };

/** Many at once. `read` gives a call. */
export const atOnce =
  (read, { talked }) =>
  async (count) => {
    let left = count;
    let sum = 0;
    let last;
    const work = async () => {
      while (left > 0) {
        left -= 1;
        last = await read();
        sum += last[talked];
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return `${sum} ${last.status}`;
  };

/** `read` gives the calls of a page. */
export const pages =
  (read, { talked, debtor }) =>
  async (count) => {
    let sum = 0;
    let length = 0;
    for (let done = 0; done < count; done += 1) {
      for (const call of await read()) {
        sum += call[talked];
        length += call[debtor].length;
      }
    }
    return `${sum} ${length}`;
  };

/** `read` gives the data of an event. */
export const events =
  (read, { talked }) =>
  (count) => {
    let sum = 0;
    let last;
    for (let done = 0; done < count; done += 1) {
      last = read();
      sum += last[talked];
    }
    return `${sum} ${Object.keys(last.variables).length}`;
  };
