import type { Language } from '../../config/model/localized.ts';
import type { Pattern, Rota, ShiftKind } from '../../config/model/roster.ts';

/** A pattern as its form begins with; one without `id` is new, a shift without `id` too. */
export interface PatternDraft {
  readonly id?: string;
  readonly name: string;
  readonly isTemporary: boolean;
  readonly fromDay: string;
  readonly toDay?: string;
  readonly shifts: readonly ShiftDraft[];
  readonly rotas: Pattern['rotas'];
}

export type ShiftDraft = Omit<ShiftKind, 'id'> & { readonly id?: string };

const rota = (post: Rota['post'], offsets: Rota['offsets'], unit: Rota['unit']): Rota => ({
  post,
  groups: [],
  unit,
  every: 1,
  offsets,
});

/** What most rooms plan by, to begin with. */
export const TEMPLATES: readonly {
  readonly name: 'day_night' | 'whole_day' | 'office';
  readonly make: (language: Language, today: string) => PatternDraft;
}[] = [
  {
    name: 'day_night',
    make: (language, fromDay) => {
      const [name, day, night] =
        language === 'zh-CN' ? ['四组轮转', '白班', '夜班'] : ['Four in turn', 'Day', 'Night'];
      const base = { days: 'every', isOnCall: false } as const;
      return {
        name: name ?? '',
        isTemporary: false,
        fromDay,
        shifts: [
          { ...base, name: day ?? '', startsAt: '08:00', endsAt: '20:00' },
          { ...base, name: night ?? '', startsAt: '20:00', endsAt: '08:00' },
        ],
        // Who had the day has the night of the day after.
        rotas: [
          rota('operator', [0, -1], 'day'),
          rota('shiftLead', [0, 0], 'week'),
          rota('standby', [2, 1], 'day'),
        ],
      };
    },
  },
  {
    name: 'whole_day',
    make: (language, fromDay) => ({
      name: language === 'zh-CN' ? '通班' : '24 hours',
      isTemporary: false,
      fromDay,
      shifts: [
        {
          name: language === 'zh-CN' ? '通班' : 'Watch',
          startsAt: '08:00',
          endsAt: '08:00',
          days: 'every',
          isOnCall: false,
        },
      ],
      rotas: [rota('operator', [0], 'day'), rota('shiftLead', [0], 'week'), rota('standby', [1], 'day')],
    }),
  },
  {
    name: 'office',
    make: (language, fromDay) => {
      const [name, office, night, rest] =
        language === 'zh-CN'
          ? ['在岗与待命', '在岗', '夜间待命', '休息日待命']
          : ['Room and home', 'Office', 'Night', 'Day off'];
      return {
        name: name ?? '',
        isTemporary: false,
        fromDay,
        shifts: [
          { name: office ?? '', startsAt: '08:30', endsAt: '18:00', days: 'workdays', isOnCall: false },
          { name: night ?? '', startsAt: '18:00', endsAt: '08:30', days: 'workdays', isOnCall: true },
          { name: rest ?? '', startsAt: '08:30', endsAt: '08:30', days: 'restdays', isOnCall: true },
        ],
        rotas: [rota('operator', [0, 1, 2], 'turn'), rota('standby', [1, 2, 3], 'turn')],
      };
    },
  },
];
