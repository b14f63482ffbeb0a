/** IPv4, not a part of a longer row of numbers such as an OID. */
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g;
/** IPv6 (RFC 4291, 2.2): eight groups, or fewer around `::`. */
const IPV6 =
  /(?<![\w:])(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,6})?::(?:[\da-f]{1,4}(?::[\da-f]{1,4}){0,6})?)(?![\w:])/gi;
const MAC = /(?<![\w:-])(?:[\da-f]{2}[:-]){5}[\da-f]{2}(?![\w:-])/gi;

const MASK = '•••';

/** A text for a screen that everybody sees who passes: without the addresses in it. */
export function maskAddresses(text: string): string {
  return text.replace(MAC, MASK).replace(IPV6, MASK).replace(IPV4, MASK);
}
