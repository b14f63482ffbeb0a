/** Parts of a second do not count, before 1970 either; of no number, and of what no date is, comes no number. */
const utc = (seconds: number): Date => new Date(Math.trunc(seconds) * 1_000);

function daysInMonth(seconds: number): number {
  const date = utc(seconds);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function dayOfYear(seconds: number): number {
  const date = utc(seconds);
  const startMs = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - startMs) / 86_400_000) + 1;
}

/** Functions of one number. */
export const POINTWISE: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  rad: (value) => (value * Math.PI) / 180,
  sgn: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** Functions of an instant in seconds since 1970, in UTC; of now where they are given none. */
export const CALENDAR: Readonly<Record<string, (seconds: number) => number>> = {
  day_of_month: (seconds) => utc(seconds).getUTCDate(),
  day_of_week: (seconds) => utc(seconds).getUTCDay(),
  day_of_year: dayOfYear,
  days_in_month: daysInMonth,
  hour: (seconds) => utc(seconds).getUTCHours(),
  minute: (seconds) => utc(seconds).getUTCMinutes(),
  month: (seconds) => utc(seconds).getUTCMonth() + 1,
  year: (seconds) => utc(seconds).getUTCFullYear(),
};

/** Functions of one number with plain numbers beside it. */
export const BOUNDED: Readonly<
  Record<string, (value: number, first: number, second: number) => number | undefined>
> = {
  clamp: (value, least, most) => (least > most ? undefined : Math.max(least, Math.min(most, value))),
  clamp_max: (value, most) => Math.min(most, value),
  clamp_min: (value, least) => Math.max(least, value),
  round: (value, nearest) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
};
