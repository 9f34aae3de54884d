/** `POST /api/v1/documents` and `GET /api/v1/documents/{sha256}`: the bytes of photos and documents. */
import { Problem } from '@trame/protocol/dashboard-api';
import { HASH_PATTERN } from '@trame/protocol/ledger-event';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { DOCUMENT_MEDIA, suffixOf } from './document-media.ts';
import { DOCUMENT_BYTES_MAX, type DocumentStore } from './document-store.ts';

const ACCESS = roles('operator', 'supervisor', 'administrator');

const DocumentAnswer = Type.Object({
  /** SHA-256 of its bytes, hex. */
  id: Type.String(),
  media: Type.String(),
  bytes: Type.Integer(),
});

const Bytes = Type.Unsafe<Readable>(Type.String({ format: 'binary' }));

/** Whatever a document holds, nothing of it runs, and nothing of it is shown within the page. */
const DOCUMENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

export async function addDocumentRoutes(app: TypedApp, store: DocumentStore): Promise<void> {
  await app.register(async (scope: TypedApp) => {
    // Whatever it calls itself, it is looked at as it comes, and never held as a whole.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    addPost(scope, store);
  });
  addGet(app, store);
}

function addPost(app: TypedApp, store: DocumentStore): void {
  app.post(
    '/documents',
    {
      config: { access: ACCESS },
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        operationId: 'storeDocument',
        summary: 'Store the bytes of a photo or document',
        description:
          `The body is the file itself: ${DOCUMENT_MEDIA.join(', ')}, told by its first bytes, at most 20 MB. The same ` +
          'bytes again are the same document. What it is about is said by an act that names its SHA-256.',
        tags: ['documents'],
        response: { 201: DocumentAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable)) throw new RequestProblem('malformed-body');
      const storing = await store.store(request.body);
      reply.header('cache-control', 'no-store');
      switch (storing.kind) {
        case 'stored': {
          const { sha256, media, bytes } = storing.document;
          return reply.code(201).send({ id: sha256, media, bytes });
        }
        case 'empty':
          throw new RequestProblem('malformed-body', { detail: 'The file is empty.' });
        case 'too-large':
          throw new RequestProblem('body-too-large');
        case 'foreign-media':
          throw new RequestProblem('foreign-media', { detail: `Expected ${DOCUMENT_MEDIA.join(', ')}.` });
        case 'no-room':
          throw new RequestProblem('documents-full');
      }
    },
  );
}

function addGet(app: TypedApp, store: DocumentStore): void {
  app.get(
    '/documents/:sha256',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'readDocument',
        summary: 'The bytes of a photo or document',
        tags: ['documents'],
        params: Type.Object({ sha256: Type.String({ pattern: HASH_PATTERN }) }),
        response: { 200: Bytes, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const found = await store.read(sha256);
      if (found === null) throw new RequestProblem('unknown-document');
      const { media, bytes } = found.document;
      const shown = media === 'application/pdf' ? 'attachment' : 'inline';
      return reply
        .headers({
          'content-type': media,
          'content-length': bytes,
          'content-disposition': `${shown}; filename="${sha256.slice(0, 12)}.${suffixOf(media)}"`,
          'content-security-policy': DOCUMENT_POLICY,
          'cache-control': 'private, max-age=31536000, immutable',
        })
        .send(found.stream);
    },
  );
}
