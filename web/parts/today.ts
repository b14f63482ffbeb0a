import { useApp } from '../app.ts';

/** The day of the site, `YYYY-MM-DD`. */
export function useToday(): string {
  const { live, nowMs } = useApp();
  const timeZone = live.site.value?.timeZone;
  return new Intl.DateTimeFormat('sv-SE', timeZone === undefined ? {} : { timeZone }).format(nowMs.value);
}
