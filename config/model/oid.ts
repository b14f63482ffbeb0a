/** An object identifier as text: `1.3.6.1.2.1.1.3.0`, without a leading dot. */
export type Oid = string;

/** The biggest number between two dots, and how many numbers there may be (RFC 2578 section 3.5). */
export const MAX_ARC = 0xffff_ffff;
export const MAX_ARCS = 128;

/** Whether a text is an object identifier that SNMP can carry. */
export function isOid(text: string): boolean {
  if (!/^[0-2](\.(0|[1-9]\d{0,9})){1,127}$/.test(text)) return false;
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return (first === 2 ? second <= MAX_ARC - 80 : second < 40) && rest.every((arc) => arc <= MAX_ARC);
}
