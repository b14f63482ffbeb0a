import {
  closeSync,
  existsSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

/**
 * What waits on disk for a receiver that is away: records in the order in which they came, in files that are only ever appended to. A
 * record carries its length, checksum and instant; what a crash left of the last one is cut off. Records that were sent and not yet
 * removed when the program ended are sent again, where no place is kept: their receiver knows them.
 */
export interface Spool {
  readonly records: number;
  readonly bytes: number;
  /** Records that had to go, for want of room or for their age, unsent. */
  readonly dropped: number;
  append(record: Uint8Array, atMs: number): void;
  /** The instant of the newest record that ever was, as far as it is known; −∞ where there was none. */
  readonly newestMs: number;
  /** The instant of the oldest record that waits. */
  readonly oldestMs: number | undefined;
  /** The oldest record. */
  first(nowMs: number): Uint8Array | undefined;
  /** Removes the record that was handed out last. */
  shift(): void;
  /** Has the disk keep what was appended. */
  sync(): Promise<void>;
  close(): void;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** A file ends here; the oldest file is what goes when there is no more room. */
  readonly segmentBytes?: number;
  /** Whether it is kept on disk up to where all was sent: for a receiver that does not want to see a record twice. */
  readonly keepsPlace?: boolean;
}

interface Segment {
  readonly path: string;
  readonly number: number;
  bytes: number;
  records: number;
  newestMs: number;
  /** Where its first record that is still to be sent stands. */
  at: number;
}

const HEAD_BYTES = 16;
const SEGMENT_BYTES = 4 << 20;
/** What claims to be longer is none. */
const MAX_RECORD_BYTES = 32 << 20;
const fsyncOf = promisify(fsync);

/** @throws {Error} when the folder cannot be written. */
export function openSpool(options: SpoolOptions): Spool {
  const { folder, maxBytes, maxAgeMs, segmentBytes = SEGMENT_BYTES, keepsPlace = false } = options;
  const files = openFiles(folder, segmentBytes);
  const place = keepsPlace ? openPlace(folder, files) : undefined;
  let newestMs = Math.max(files.newestMs(), place?.begin.newestMs ?? Number.NEGATIVE_INFINITY);
  let dropped = 0;
  /** What was handed out last: it may have had to go, for want of room, while it was being sent. */
  let handedOut: { readonly segment: Segment; readonly at: number; readonly length: number } | undefined;
  const dropUnsent = (segment: Segment): void => {
    dropped += segment.records;
    files.drop(segment);
  };
  return {
    get records() {
      return files.total('records');
    },
    get bytes() {
      return files.total('bytes');
    },
    get dropped() {
      return dropped;
    },
    get newestMs() {
      return newestMs;
    },
    get oldestMs() {
      return instantOf(files.oldest());
    },
    append(record, atMs) {
      const allowed = maxBytes - HEAD_BYTES - record.length;
      for (let oldest = files.oldest(); oldest !== undefined; oldest = files.oldest()) {
        if (files.total('bytes') <= allowed) break;
        dropUnsent(oldest);
      }
      files.append(record, atMs);
      newestMs = Math.max(newestMs, atMs);
    },
    first(nowMs) {
      for (let oldest = files.oldest(); oldest !== undefined; oldest = files.oldest()) {
        if (oldest.records === 0) files.drop(oldest);
        else if (oldest.newestMs < nowMs - maxAgeMs) dropUnsent(oldest);
        else {
          const record = readRecord(oldest);
          handedOut = { segment: oldest, at: oldest.at, length: record.length };
          return record;
        }
      }
      return undefined;
    },
    shift() {
      const oldest = files.oldest();
      if (oldest === undefined || handedOut?.segment !== oldest || handedOut.at !== oldest.at) return;
      oldest.at += HEAD_BYTES + handedOut.length;
      oldest.records -= 1;
      place?.write({ number: oldest.number, at: oldest.at, newestMs });
      if (oldest.records === 0) files.drop(oldest);
    },
    sync: () => files.sync(),
    close: () => files.close(),
  };
}

/** The files of a spool, the oldest first; the last may be open for writing. */
interface Files {
  oldest(): Segment | undefined;
  total(what: 'bytes' | 'records'): number;
  newestMs(): number;
  append(record: Uint8Array, atMs: number): void;
  drop(segment: Segment): void;
  sync(): Promise<void>;
  close(): void;
}

function openFiles(folder: string, segmentBytes: number): Files {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const segments: Segment[] = readdirSync(folder)
    .filter((name) => /^\d{8}\.spool$/.test(name))
    .sort()
    .map((name) => scan(join(folder, name), Number(name.slice(0, 8))));
  let lastNumber = Math.max(segments.at(-1)?.number ?? 0, placeIn(folder)?.number ?? 0);
  let open: { readonly fd: number; readonly segment: Segment } | undefined;
  const close = (): void => {
    if (open !== undefined) closeSync(open.fd);
    open = undefined;
  };
  /** The file that takes so many bytes more. */
  const writable = (more: number): { readonly fd: number; readonly segment: Segment } => {
    if (open !== undefined && open.segment.bytes + more <= segmentBytes) return open;
    close();
    lastNumber += 1;
    const path = join(folder, `${String(lastNumber).padStart(8, '0')}.spool`);
    const segment = { path, number: lastNumber, bytes: 0, records: 0, newestMs: 0, at: 0 };
    segments.push(segment);
    open = { fd: openSync(path, 'wx', 0o600), segment };
    return open;
  };
  return {
    oldest: () => segments[0],
    total: (what) => segments.reduce((sum, segment) => sum + segment[what], 0),
    newestMs: () => Math.max(Number.NEGATIVE_INFINITY, ...segments.map((segment) => segment.newestMs)),
    append(record, atMs) {
      const needed = HEAD_BYTES + record.length;
      const { fd, segment } = writable(needed);
      writeAll(fd, withHead(record, atMs));
      segment.bytes += needed;
      segment.records += 1;
      segment.newestMs = atMs;
    },
    drop(segment) {
      if (open?.segment === segment) close();
      segments.splice(segments.indexOf(segment), 1);
      rmSync(segment.path, { force: true });
    },
    async sync() {
      if (open !== undefined) await fsyncOf(open.fd);
    },
    close,
  };
}

function withHead(record: Uint8Array, atMs: number): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES + record.length);
  bytes.writeUInt32LE(record.length, 0);
  bytes.writeUInt32LE(crc32(record), 4);
  bytes.writeDoubleLE(atMs, 8);
  bytes.set(record, HEAD_BYTES);
  return bytes;
}

/** A full disk takes a part: half a record at the end of a file is cut off when it is opened again. */
function writeAll(fd: number, bytes: Uint8Array): void {
  const written = writeSync(fd, bytes);
  if (written < bytes.length) {
    ftruncateSync(fd, Math.max(0, statSync(`/proc/self/fd/${fd}`).size - written));
    throw new Error('the disk is full');
  }
}

function instantOf(segment: Segment | undefined): number | undefined {
  return segment === undefined || segment.records === 0 ? undefined : readHead(segment).atMs;
}

function readRecord(segment: Segment): Uint8Array {
  const { length } = readHead(segment);
  return readBytes(segment, segment.at + HEAD_BYTES, length);
}

function readHead(segment: Segment): { readonly length: number; readonly atMs: number } {
  const head = readBytes(segment, segment.at, HEAD_BYTES);
  return { length: head.readUInt32LE(0), atMs: head.readDoubleLE(8) };
}

function readBytes({ path }: Segment, at: number, length: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(fd, bytes, 0, length, at);
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** Counts the records of a file that was there, and cuts off what is none. */
function scan(path: string, number: number): Segment {
  const bytes = readFileSync(path);
  const segment: Segment = { path, number, bytes: 0, records: 0, newestMs: 0, at: 0 };
  while (segment.bytes + HEAD_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(segment.bytes);
    const start = segment.bytes + HEAD_BYTES;
    if (length > MAX_RECORD_BYTES || start + length > bytes.length) break;
    if (crc32(bytes.subarray(start, start + length)) !== bytes.readUInt32LE(segment.bytes + 4)) break;
    segment.newestMs = bytes.readDoubleLE(segment.bytes + 8);
    segment.bytes = start + length;
    segment.records += 1;
  }
  if (segment.bytes < bytes.length) {
    const fd = openSync(path, 'r+');
    ftruncateSync(fd, segment.bytes);
    closeSync(fd);
  }
  return segment;
}

/** Up to where all was sent: before `at` of this file, and all files of lower numbers. */
interface Place {
  readonly number: number;
  readonly at: number;
  readonly newestMs: number;
}

const NO_PLACE: Place = { number: 0, at: 0, newestMs: Number.NEGATIVE_INFINITY };
const PLACE_FILE = 'sent';

/** Written anew and renamed: a crash leaves the one before, and one record is sent again. */
function openPlace(folder: string, files: Files): { readonly begin: Place; write(place: Place): void } {
  const path = join(folder, PLACE_FILE);
  const begin = placeIn(folder) ?? NO_PLACE;
  dropSent(files, begin);
  return {
    begin,
    write({ number, at, newestMs }) {
      writeFileSync(`${path}.new`, `${number} ${at} ${newestMs}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

function placeIn(folder: string): Place | undefined {
  const path = join(folder, PLACE_FILE);
  const match = existsSync(path) ? /^(\d+) (\d+) (-?[\d.]+)\n$/.exec(readFileSync(path, 'utf8')) : null;
  return match === null
    ? undefined
    : { number: Number(match[1]), at: Number(match[2]), newestMs: Number(match[3]) };
}

function dropSent(files: Files, place: Place): void {
  for (let oldest = files.oldest(); oldest !== undefined; oldest = files.oldest()) {
    if (!skipSent(oldest, place)) return;
    files.drop(oldest);
  }
}

/** Passes over what was sent; whether nothing of the file is left to send. */
function skipSent(segment: Segment, { number, at }: Place): boolean {
  if (segment.number < number) return true;
  if (segment.number > number) return false;
  while (segment.records > 0 && segment.at < at) {
    segment.at += HEAD_BYTES + readHead(segment).length;
    segment.records -= 1;
  }
  return segment.records === 0;
}
