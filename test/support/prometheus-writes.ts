/** Bodies that Debian's Prometheus 2.42 sent by remote_write after scraping a page of a few lines, twice. */
export const PROMETHEUS_WRITES = {
  /** Nothing but the help of one metric. */
  metadata: Buffer.from('LKwaKggCEhhyb29tX3RlbXBlcmF0dXJlX2NlbHNpdXMiDFRlbXBlcmF0dXJlLg==', 'base64'),
  /** The first scrape. */
  first: Buffer.from(
    'vwfwiwqEAQokCghfX25hbWVfXxIYcm9vbV90ZW1wZXJhdHVyZV9jZWxzaXVzChIKBmRldmljZRII5py65oi/LTEKGwoIaW5zdGFu' +
      'Y2USDzEyNy4wLjAuMToxOTM5MQoLCgNqb2ISBHJvb20KDAoFcGxhY2USA2EiYhIQCQAAAAAAgDVAEPnl5fShNApUChYKGYYoCmdv' +
      'bmVfdG90YWymZAAAEg1WEAAcQBD5CVYIUwoVHdwkCW9kZF92YWx1ZbJVAAQBAAEBBPh/WlUACGJpZ8pVAAFTCAAA8F5VAARuZc5V' +
      'ABxDxTh/EwoBvxGqCEwKDh3/CAJ1cLL4AA2jAD8RTghhCiMdTlwXc2NyYXBlX2R1cmF0aW9uX3NlY29uZHO2YwAUbvBnc/qhFWMI' +
      'YAoiHWMAFg1jHHNhbXBsZXNfCQ8AZLZiAAUBBBRAEcUIbwoxHWIAJQlTFWJUcG9zdF9tZXRyaWNfcmVsYWJlbGluZ/JxAAhdCh8d' +
      'cQATEXEgZXJpZXNfYWRk9tAA',
    'base64',
  ),
  /** The second: `gone_total` is on the page no more. */
  second: Buffer.from(
    'lg7wiwqEAQokCghfX25hbWVfXxIYcm9vbV90ZW1wZXJhdHVyZV9jZWxzaXVzChIKBmRldmljZRII5py65oi/LTEKGwoIaW5zdGFu' +
      'Y2USDzEyNy4wLjAuMToxOTM5MQoLCgNqb2ISBHJvb20KDAoFcGxhY2USA2EiYhIQCQAAAAAAgDVAEOHt5fShNApTChUKGYYkCW9k' +
      'ZF92YWx1ZaZjABASEAkBAAEBDPh/EOFSVQAIYmlnylUAAVMIAADwXlUABG5lzlUAHEPFOH8TCgG/EaoIVAoWPYUoCmdvbmVfdG90' +
      'YWyyAAEAAgWsGasITAoOHVYIAnVwsk4ABU0IAPA/EaQIYQojHU5cF3NjcmFwZV9kdXJhdGlvbl9zZWNvbmRzsmMAGPI0m/LhjGMV' +
      'YwhgCiIdYwAWDWMcc2FtcGxlc18JDwBksmIACcUEEEARxQhvCjEdYgAlCVMVYlRwb3N0X21ldHJpY19yZWxhYmVsaW5n8nEACFQK' +
      'Hx1xABMRcSBlcmllc19hZGSy0AAABxHH/rYD/rYDJMn15fShNApTChUd3f62A1ZVAPq2A1ZVAPq2Aw1V/mADbWANTv5gA0pgAxy0' +
      'Qsbgt9pQPxFj/mADamADDcX+YAOmYAMNcf5gAzpgAxTJ9eX0oTQ=',
    'base64',
  ),
};
