import { describe, expect, it } from 'vitest';
import { shortDigits, withShortDigits } from './digits.ts';

describe('rows of digits', () => {
  it('are cut to what a person compares, wherever they stand', () => {
    const [hash, epoch] = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(2)];
    expect(shortDigits(epoch)).toBe('fedcba98');
    expect(withShortDigits(`number 7 is ${hash}, not ${epoch}`)).toBe('number 7 is 01234567…, not fedcba98…');
  });

  it('that are short stay as they are', () => {
    expect(withShortDigits('line 12345678 of site caux, decade')).toBe('line 12345678 of site caux, decade');
  });
});
