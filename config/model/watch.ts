/** Posts of the watch that a receiver can name. */
export const WATCH_POSTS = ['operator', 'shiftLead', 'standby'] as const;
export type WatchPost = (typeof WATCH_POSTS)[number];

/** How a person can be told, as far as the account says where. */
export const PERSONAL_WAYS = ['mail', 'sms', 'modem', 'ring'] as const;
export type PersonalWay = (typeof PERSONAL_WAYS)[number];
