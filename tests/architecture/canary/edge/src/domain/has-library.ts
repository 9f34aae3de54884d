import library from 'some-library';
export const hasLibrary = library;
