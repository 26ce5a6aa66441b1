import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { scramVerifier } from '#stores/postgres/scram.ts';
import { newPassword } from '#stores/secrets/new-password.ts';

test('the verifier signs as the example of RFC 7677 does', async () => {
  const verifier = await scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  const [, serverKey = ''] = verifier.split('$')[2]?.split(':') ?? [];
  const exchange =
    'n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
    's=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const signature = createHmac('sha256', Buffer.from(serverKey, 'base64')).update(exchange).digest('base64');
  expect(signature).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
});

test('equal passwords have different verifiers, and no two passwords are equal', async () => {
  expect(await scramVerifier('pencil')).not.toBe(await scramVerifier('pencil'));
  expect(new Set(Array.from({ length: 100 }, newPassword)).size).toBe(100);
});

test.each(['', 'two words', 'pässword', 'line\nbreak'])('%j is no password', async (password) => {
  await expect(scramVerifier(password)).rejects.toThrow('printable ASCII');
});
