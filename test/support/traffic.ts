/** Knows which calls of the watched have not been answered yet: their answers come from another thread, in their own time. */
export interface Traffic {
  watch<T extends object>(callee: T): T;
  /** Lets the program go on until it waits for nothing but its clock. */
  quiet(): Promise<void>;
}

/** More turns of the loop than any group has rules: each rule takes one. */
const TURNS = 50;

export function traffic(): Traffic {
  const open = new Set<Promise<unknown>>();
  const follow = async (answer: Promise<unknown>): Promise<void> => {
    open.add(answer);
    await Promise.allSettled([answer]);
    open.delete(answer);
  };
  return {
    watch: (callee) =>
      new Proxy(callee, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            const answer: unknown = Reflect.apply(member, target, args);
            if (answer instanceof Promise) void follow(answer);
            return answer;
          };
        },
      }),
    async quiet() {
      for (;;) {
        for (let turn = 0; turn < TURNS; turn += 1) await new Promise<void>((done) => setImmediate(done));
        if (open.size === 0) return;
        await Promise.allSettled(open);
      }
    },
  };
}
