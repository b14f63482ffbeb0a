/**
 * The function, with what it answers kept for as long as what it was asked of lives: for what follows from an object
 * that never changes. Asked again, it answers the very same.
 */
export function remembered<Of extends object, Answer extends object | string | boolean>(
  make: (of: Of) => Answer,
): (of: Of) => Answer {
  const known = new WeakMap<Of, Answer>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const answer = make(of);
    known.set(of, answer);
    return answer;
  };
}
