import library from 'unlisted-library';
export const hasUnlistedLibrary = library;
