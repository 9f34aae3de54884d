/**
 * Outlet colours stay apart for people who see colours otherwise: the tokens are seen through the model of
 * Machado, Oliveira and Fernandes (2009, severity 1) and compared in Oklab.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const VISIONS: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A difference of 2 can just be seen; three times that is told apart on small marks. */
const LEAST_DIFFERENCE = 6;

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const outlets = [
  ...css.matchAll(/--outlet-\d: light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\)/gu),
];

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple): number => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** Oklab (Ottosson 2020) times 100. */
function oklab(rgb: Triple): Triple {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return times(
    [
      [21.04542553, 79.3617785, -0.40720468],
      [197.79984951, -242.8592205, 45.05937099],
      [2.59040371, 78.27717662, -80.8675766],
    ],
    [Math.cbrt(lms[0]), Math.cbrt(lms[1]), Math.cbrt(lms[2])],
  );
}

function seen(hex: string, vision: Matrix): Triple {
  const [red, green, blue] = times(vision, linear(hex));
  return oklab([Math.max(0, red), Math.max(0, green), Math.max(0, blue)]);
}

describe.each(['light', 'dark'])('outlet colours in the %s theme', (theme) => {
  const colours = outlets.map((match) => match.groups?.[theme] ?? '');

  it('are six', () => {
    expect(colours.filter((colour) => colour !== '')).toHaveLength(6);
  });

  it.each(Object.entries(VISIONS))('stay apart in %s vision', (_name, vision) => {
    const points = colours.map((colour) => seen(colour, vision));
    const tooNear = points.flatMap((a, index) =>
      points.slice(index + 1).flatMap((b, offset) => {
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        return distance < LEAST_DIFFERENCE ? [[index + 1, index + 2 + offset, distance]] : [];
      }),
    );
    expect(tooNear).toEqual([]);
  });
});
