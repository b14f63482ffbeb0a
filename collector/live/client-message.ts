import { MAX_TOPICS, type ClientMessage, type Topic } from '../../config/model/api.ts';

const TOPIC = /^(?:overview|board|device:[a-zA-Z0-9_.-]{1,128})$/;
const MAX_EPOCH_CHARS = 64;

/** Reads what a client sent; `undefined` if it is not what a client of ours sends. */
export function readClientMessage(text: string): ClientMessage | undefined {
  const message = parse(text);
  if (!isRecord(message) || !hasOnly(message, ['type', 'topics', 'resume'])) return undefined;
  const { type, topics, resume } = message;
  if (type !== 'subscribe' || !isTopics(topics)) return undefined;
  if (resume === undefined) return { type, topics };
  return isResume(resume) ? { type, topics, resume } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTopics(topics: unknown): topics is readonly Topic[] {
  if (!Array.isArray(topics) || topics.length > MAX_TOPICS) return false;
  return topics.every((topic) => typeof topic === 'string' && TOPIC.test(topic));
}

function isResume(resume: unknown): resume is NonNullable<ClientMessage['resume']> {
  if (!isRecord(resume) || !hasOnly(resume, ['epoch', 'seq'])) return false;
  const { epoch, seq } = resume;
  return typeof epoch === 'string' && epoch.length <= MAX_EPOCH_CHARS && Number.isSafeInteger(seq);
}

interface Fields {
  readonly type?: unknown;
  readonly topics?: unknown;
  readonly resume?: unknown;
  readonly epoch?: unknown;
  readonly seq?: unknown;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: Fields, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}
