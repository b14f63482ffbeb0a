/** In what detail history is kept: every sample, or one line for each five minutes or hour of a series. */
export const TIERS = ['raw', '5m', '1h'] as const;
export type Tier = (typeof TIERS)[number];
export type CoarseTier = Exclude<Tier, 'raw'>;

/** How long one line of a tier stands for; a raw sample stands for its instant. */
export const TIER_MS: Readonly<Record<Tier, number>> = { raw: 0, '5m': 300_000, '1h': 3_600_000 };

/** What a coarse line keeps of its samples. */
export type Aspect = 'last' | 'min' | 'max' | 'avg' | 'count';
