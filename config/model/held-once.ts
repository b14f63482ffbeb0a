/**
 * Answers, of equal values, the very one that came first, where it is among the last so many: thousands of owners then
 * hold one instead of one each.
 */
export function heldOnce<T>(most: number, isSame: (one: T, other: T) => boolean): (value: T) => T {
  const lately: T[] = [];
  return (value) => {
    const known = lately.find((one) => isSame(one, value));
    if (known !== undefined) return known;
    lately.unshift(value);
    if (lately.length > most) lately.pop();
    return value;
  };
}
