export const PACKAGE_OF: {
  readonly chromium: string;
  readonly snmpd: string;
  readonly snmpget: string;
  readonly snmptrap: string;
  readonly snmpinform: string;
  readonly promtool: string;
  readonly prometheus: string;
  readonly 'prometheus-snmp-exporter': string;
  readonly cc: string;
  readonly openssl: string;
  readonly unshare: string;
  readonly setpriv: string;
  readonly ip: string;
  readonly pg_ctlcluster: string;
  readonly 'noto-cjk': string;
};
export function findProgram(name: string): string | undefined;
export function installMissing(): void;
