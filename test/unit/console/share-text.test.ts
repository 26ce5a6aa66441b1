import { expect, test } from 'vitest';
import { shareText } from '#console/flags/share-text.ts';

const toggle = { variants: { on: true, off: false } };

test.for([
  [
    '25% (1 of 4)',
    [
      ['off', 3],
      ['on', 1],
    ],
  ],
  ['0% (0 of 4)', [[null, 4]]],
  ['100% (2 of 2)', [['on', 2]]],
  [
    '< 1% (1 of 1,000)',
    [
      ['off', 999],
      ['on', 1],
    ],
  ],
  [
    '> 99% (999 of 1,000)',
    [
      ['on', 999],
      [null, 1],
    ],
  ],
  ['no tenants', []],
] as const)('a boolean flag is on for %s', ([text, served]) => {
  expect(
    shareText(
      toggle,
      served.map(([variant, tenants]) => ({ variant, tenants })),
    ),
  ).toBe(text);
});

test('for other flags, each variant is listed', () => {
  const served = [
    { variant: 'blue', tenants: 6 },
    { variant: 'green', tenants: 3 },
    { variant: null, tenants: 1 },
  ];
  expect(shareText({ variants: { blue: '#00f', green: '#0f0' } }, served)).toBe(
    "60% blue, 30% green, 10% the application's own",
  );
});
