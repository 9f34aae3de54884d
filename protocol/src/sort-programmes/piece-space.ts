/**
 * All pieces that there can be, cut where a programme's tests cut: each input that is asked for is an axis of a few cells
 * (between two limits, one word, some words together, not known), and what a rule asks for is a box of cells. Limits that
 * carry a guard move with the error of the reading; a space holds for a slice of errors in which they keep their order.
 */
import type { RecognisedFibre } from '../classification/fibre-names.ts';
import {
  type CompiledNumberTest,
  type CompiledRule,
  type CompiledSetTest,
  type CompiledTest,
  type Limit,
} from './compile-programme.ts';
import { effectiveLimit, measuredNumber } from './decide-outlet.ts';
import {
  CHOICE_INPUTS,
  type ChoiceInput,
  type NumberInput,
  type PieceFacts,
  type SetInput,
} from './programme-inputs.ts';

/** Cell n lies between limits n−1 and n; below the first, and from the last on, there is one more. */
export interface NumberAxis {
  readonly kind: 'number';
  readonly input: NumberInput;
  readonly fibres: readonly RecognisedFibre[] | null;
  readonly limits: readonly Limit[];
}

export interface ChoiceAxis {
  readonly kind: 'choice';
  readonly input: ChoiceInput;
  readonly words: readonly string[];
}

/** Words that every test names together are one class; bit n of a cell's number says that class n is there. */
export interface SetAxis {
  readonly kind: 'set';
  readonly input: SetInput;
  readonly classes: readonly (readonly string[])[];
}

export type Axis = NumberAxis | ChoiceAxis | SetAxis;

/** Errors of a reading from one to another, both included, points. */
export interface ErrorSlice {
  readonly from: number;
  readonly to: number;
}

/** For each axis the cells in it, as bits. */
export type Box = readonly bigint[];

export interface PieceSpace {
  readonly slice: ErrorSlice;
  readonly axes: readonly Axis[];
  readonly whole: Box;
  /** What each rule asks for, in their order. */
  readonly boxes: readonly Box[];
}

/** Largest error of a reading, points of %. */
export const ERROR_MAX = 100;

/** @returns slices that together hold every error, cut wherever two limits of one input meet. */
export function errorSlices(rules: readonly CompiledRule[]): readonly ErrorSlice[] {
  const meetings = new Set<number>();
  for (const limits of limitsByInput(rules).values()) {
    for (const [index, one] of limits.entries()) {
      for (const other of limits.slice(index + 1)) {
        const error = (other.at - one.at) / (one.perError - other.perError);
        if (error > 0 && error < ERROR_MAX) meetings.add(error);
      }
    }
  }
  const ends = [0, ...[...meetings].sort((a, b) => a - b), ERROR_MAX];
  return ends.slice(1).map((to, index) => ({ from: ends[index] ?? 0, to }));
}

function limitsByInput(rules: readonly CompiledRule[]): Map<NumberInput, Limit[]> {
  const byInput = new Map<NumberInput, Limit[]>();
  for (const test of numberTests(rules)) {
    const limits = byInput.get(test.input) ?? [];
    byInput.set(test.input, limits);
    for (const limit of [test.lower, test.upper]) {
      if (limit !== null && !limits.some((known) => isSameLimit(known, limit))) limits.push(limit);
    }
  }
  return byInput;
}

function numberTests(rules: readonly CompiledRule[]): CompiledNumberTest[] {
  return rules.flatMap(({ tests }) => tests.filter((test) => test.kind === 'number'));
}

function isSameLimit(one: Limit, other: Limit): boolean {
  return one.at === other.at && one.perError === other.perError;
}

/** @param slice one of {@link errorSlices}, or within one. */
export function pieceSpace(rules: readonly CompiledRule[], slice: ErrorSlice): PieceSpace {
  const axes = axesOf(rules, (slice.from + slice.to) / 2);
  const whole = axes.map((axis) => allCells(axis));
  const boxes = rules.map(({ tests }) => {
    const byInput = new Map(tests.map((test) => [test.input, test]));
    return axes.map((axis, index) => {
      const test = byInput.get(axis.input);
      return test === undefined ? (whole[index] ?? 0n) : cellsOfTest(axis, test);
    });
  });
  return { slice, axes, whole, boxes };
}

function axesOf(rules: readonly CompiledRule[], error: number): Axis[] {
  const axes: Axis[] = [];
  const fibresOf = new Map(numberTests(rules).map(({ input, fibres }) => [input, fibres]));
  for (const [input, limits] of limitsByInput(rules)) {
    const inOrder = limits.toSorted((a, b) => a.at + a.perError * error - (b.at + b.perError * error));
    axes.push({ kind: 'number', input, fibres: fibresOf.get(input) ?? null, limits: inOrder });
  }
  const tests = rules.flatMap((rule) => rule.tests);
  for (const input of Object.keys(CHOICE_INPUTS) as ChoiceInput[]) {
    if (tests.some((test) => test.input === input)) {
      axes.push({ kind: 'choice', input, words: CHOICE_INPUTS[input] });
    }
  }
  const setTests = tests.filter((test) => test.kind === 'set');
  if (setTests.length > 0) axes.push({ kind: 'set', input: 'disruptors', classes: wordClasses(setTests) });
  return axes;
}

function wordClasses(tests: readonly CompiledSetTest[]): string[][] {
  const lists = tests.flatMap(({ anyOf, noneOf }) => [anyOf ?? [], noneOf]);
  const classes = new Map<string, string[]>();
  for (const word of new Set(lists.flat())) {
    const key = lists.map((list) => (list.includes(word) ? '1' : '0')).join('');
    classes.set(key, [...(classes.get(key) ?? []), word]);
  }
  return [...classes.values()];
}

/** @returns how many cells are about something known; the one after them stands for «not known». */
export function knownCells(axis: Axis): number {
  if (axis.kind === 'number') return axis.limits.length + 1;
  return axis.kind === 'choice' ? axis.words.length : 2 ** axis.classes.length;
}

export function knownBits(axis: Axis): bigint {
  return (1n << BigInt(knownCells(axis))) - 1n;
}

/** @returns the bit for «not known»; none for the reading, whose words say that themselves. */
export function unknownBit(axis: Axis): bigint {
  return axis.input === 'reading' ? 0n : 1n << BigInt(knownCells(axis));
}

function allCells(axis: Axis): bigint {
  return knownBits(axis) | unknownBit(axis);
}

/** Whether the axis is about shares of fibres, which are all known or none. */
export function isShare(axis: Axis): axis is NumberAxis & { readonly fibres: readonly RecognisedFibre[] } {
  return axis.kind === 'number' && axis.fibres !== null;
}

function cellsOfTest(axis: Axis, test: CompiledTest): bigint {
  return knownCellsOfTest(axis, test) | (test.orUnknown ? unknownBit(axis) : 0n);
}

function knownCellsOfTest(axis: Axis, test: CompiledTest): bigint {
  if (axis.kind === 'number' && test.kind === 'number') {
    const { lower, upper } = test;
    const from = lower === null ? 0 : axis.limits.findIndex((limit) => isSameLimit(limit, lower)) + 1;
    const to =
      upper === null ? axis.limits.length : axis.limits.findIndex((limit) => isSameLimit(limit, upper));
    // A guard may have moved the limits past one another.
    return from > to ? 0n : (1n << BigInt(to + 1)) - (1n << BigInt(from));
  }
  if (axis.kind === 'choice' && test.kind === 'choice') {
    return axis.words.reduce(
      (bits, word, cell) => (test.allowed.includes(word) ? bits | (1n << BigInt(cell)) : bits),
      0n,
    );
  }
  if (axis.kind === 'set' && test.kind === 'set') {
    const withOneOf = (words: readonly string[]) =>
      axis.classes.reduce(
        (bits, [first], index) =>
          first !== undefined && words.includes(first) ? bits | cellsWithClass(axis, index) : bits,
        0n,
      );
    const asked = test.anyOf === null ? knownBits(axis) : withOneOf(test.anyOf);
    return asked & ~withOneOf(test.noneOf);
  }
  throw new Error(`the axis «${axis.input}» is asked for by a test of another kind`);
}

/** @returns the cells in which a class of words is there: those whose number has that bit. */
export function cellsWithClass(axis: SetAxis, index: number): bigint {
  const half = BigInt(2 ** index);
  let bits = ((1n << half) - 1n) << half;
  for (let length = 2 ** (index + 1); length < knownCells(axis); length *= 2) bits |= bits << BigInt(length);
  return bits;
}

/** @returns for each axis the cell in which a piece lies, whose error is within the slice of the space. */
export function cellsOf({ axes }: PieceSpace, facts: PieceFacts): number[] {
  return axes.map((axis) => {
    if (axis.kind === 'number') {
      const measured = measuredNumber(axis, facts);
      if (measured === null) return knownCells(axis);
      return axis.limits.filter((limit) => effectiveLimit(limit, facts.errorPoints) <= measured).length;
    }
    if (axis.kind === 'choice') {
      const word = facts[axis.input];
      return word === null ? knownCells(axis) : axis.words.indexOf(word);
    }
    const words: readonly string[] | null = facts[axis.input];
    if (words === null) return knownCells(axis);
    return axis.classes.reduce(
      (cell, group, index) => cell + (group.some((word) => words.includes(word)) ? 2 ** index : 0),
      0,
    );
  });
}

export function isInBox(box: Box, cells: readonly number[]): boolean {
  return box.every((bits, axis) => ((bits >> BigInt(cells[axis] ?? 0)) & 1n) === 1n);
}

/** @returns what two boxes share; null: nothing. */
export function sharedBox(one: Box, other: Box): Box | null {
  const shared: bigint[] = [];
  for (const [axis, bits] of one.entries()) {
    const both = bits & (other[axis] ?? 0n);
    if (both === 0n) return null;
    shared.push(both);
  }
  return shared;
}

/** @returns boxes that together are `box` without `hole`, none sharing a cell with another; at most one for each axis. */
export function withoutBox(box: Box, hole: Box): Box[] {
  const pieces: Box[] = [];
  const rest = [...box];
  for (const [axis, bits] of rest.entries()) {
    const outside = bits & ~(hole[axis] ?? 0n);
    if (outside !== 0n) pieces.push(rest.with(axis, outside));
    rest[axis] = bits & (hole[axis] ?? 0n);
    if (rest[axis] === 0n) break;
  }
  return pieces;
}
