import manifest from '../../package.json' with { type: 'json' };

export const EDGE_VERSION: string = manifest.version;
