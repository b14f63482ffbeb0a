/**
 * Posts of the watch, which a roster fills and a receiver can name: who watches, who leads the shift (带班), who comes when
 * the operator must leave (备班), and who steps in for an operator on leave (B角).
 */
export const WATCH_POSTS = ['operator', 'shiftLead', 'standby', 'deputy'] as const;
export type WatchPost = (typeof WATCH_POSTS)[number];

/** How a person can be told, as far as the account says where. */
export const PERSONAL_WAYS = ['mail', 'sms', 'modem', 'ring'] as const;
export type PersonalWay = (typeof PERSONAL_WAYS)[number];
