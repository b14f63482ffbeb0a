/** Takes one after the other, in the order in which they came. */
export interface Lane {
  /** Resolves when it is one's turn; what it gives ends the turn. */
  enter(): Promise<() => void>;
}

export function createLane(): Lane {
  let free = Promise.resolve();
  return {
    async enter() {
      const before = free;
      const left = Promise.withResolvers<void>();
      free = left.promise;
      await before;
      return left.resolve;
    },
  };
}
