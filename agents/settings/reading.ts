import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { settingsBeside } from './beside.ts';
import { withSecretsPacked, type Answered, type Asked, type Question } from './messages.ts';

/** Answers what the agent asks of the site's files; what is wrong with them is an answer too. */
export async function answerTo(
  { number, question }: Asked,
  reader: ReturnType<typeof settingsBeside>,
): Promise<Answered> {
  try {
    return { number, answer: await answerOf(question, reader) };
  } catch (error) {
    return {
      number,
      code: error instanceof WatchkeeperError ? error.code : 'internal',
      message: messageOf(error),
    };
  }
}

async function answerOf(question: Question, reader: ReturnType<typeof settingsBeside>): Promise<unknown> {
  switch (question.kind) {
    case 'settings': {
      const settings = await reader.read();
      const profiles = settings.profiles.map(({ name, title, match }) => ({ name, title, match }));
      return withSecretsPacked({ ...settings, profiles });
    }
    case 'traps':
      return reader.traps();
    case 'profile': {
      const profile = reader.named(question.name, question.place);
      if (profile === undefined) return undefined;
      const { info, changesWith, rules, traps } = profile;
      return { info, changesWith, rules, traps };
    }
  }
  return question satisfies never;
}
